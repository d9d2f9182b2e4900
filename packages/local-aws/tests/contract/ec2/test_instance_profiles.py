"""Instance profile associations: every listing shows the same state."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of


@pytest.fixture
def instance_id(aws: Any) -> str:
    launched = aws("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    instance_id: str = launched["Instances"][0]["InstanceId"]
    return instance_id


@pytest.fixture
def profiles(aws: Any, unique_name: str) -> list[dict[str, Any]]:
    iam = aws("iam")
    names = [f"{unique_name}-{ending}" for ending in ("good", "other")]
    return [
        iam.create_instance_profile(InstanceProfileName=name)["InstanceProfile"] for name in names
    ]


def shown(aws: Any, instance_id: str) -> dict[str, Any] | None:
    found = aws("ec2").describe_instances(InstanceIds=[instance_id])
    profile: dict[str, Any] | None = found["Reservations"][0]["Instances"][0].get(
        "IamInstanceProfile"
    )
    return profile


def associations(aws: Any, instance_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws("ec2").describe_iam_instance_profile_associations(
        Filters=[{"Name": "instance-id", "Values": [instance_id]}]
    )["IamInstanceProfileAssociations"]
    return found


def associate(aws: Any, instance_id: str, profile: dict[str, Any]) -> str:
    answer = aws("ec2").associate_iam_instance_profile(
        InstanceId=instance_id,
        IamInstanceProfile={"Name": profile["InstanceProfileName"]},
    )
    association_id: str = answer["IamInstanceProfileAssociation"]["AssociationId"]
    return association_id


def test_an_association_shows_on_the_instance_with_the_profile_s_id(
    aws: Any, instance_id: str, profiles: Any
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IamInstanceProfile.html"""
    associate(aws, instance_id, profiles[0])

    expected = {"Arn": profiles[0]["Arn"], "Id": profiles[0]["InstanceProfileId"]}
    assert shown(aws, instance_id) == expected
    assert associations(aws, instance_id)[0]["IamInstanceProfile"] == expected


def test_replacing_an_association_shows_the_new_profile_on_the_instance(
    aws: Any, instance_id: str, profiles: Any
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceIamInstanceProfileAssociation.html"""
    association_id = associate(aws, instance_id, profiles[0])

    aws("ec2").replace_iam_instance_profile_association(
        AssociationId=association_id,
        IamInstanceProfile={"Name": profiles[1]["InstanceProfileName"]},
    )

    profile = shown(aws, instance_id)
    assert profile is not None
    assert profile["Arn"] == profiles[1]["Arn"]
    assert [each["IamInstanceProfile"]["Arn"] for each in associations(aws, instance_id)] == [
        profiles[1]["Arn"]
    ]


def test_disassociating_leaves_no_profile_in_any_listing(
    aws: Any, instance_id: str, profiles: Any
) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateIamInstanceProfile.html"""
    association_id = associate(aws, instance_id, profiles[0])

    answer = aws("ec2").disassociate_iam_instance_profile(AssociationId=association_id)

    assert answer["IamInstanceProfileAssociation"]["State"] == "disassociating"
    assert shown(aws, instance_id) is None
    assert associations(aws, instance_id) == []


def test_a_second_association_is_refused(aws: Any, instance_id: str, profiles: Any) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateIamInstanceProfile.html"""
    associate(aws, instance_id, profiles[0])

    with pytest.raises(ClientError, match="IncorrectState"):
        associate(aws, instance_id, profiles[1])


def test_an_association_that_replaces_another_has_its_own_id(
    aws: Any, instance_id: str, profiles: Any
) -> None:
    """API_ReplaceIamInstanceProfileAssociation: its example."""
    ec2 = aws("ec2")
    first = associate(aws, instance_id, profiles[0])
    wanted = {"Name": profiles[1]["InstanceProfileName"]}
    answer = ec2.replace_iam_instance_profile_association(
        AssociationId=first, IamInstanceProfile=wanted
    )["IamInstanceProfileAssociation"]
    assert answer["State"] == "associating"
    [listed] = associations(aws, instance_id)
    assert listed["AssociationId"] == answer["AssociationId"] != first
    refused = refusal_of(ec2.disassociate_iam_instance_profile, AssociationId=first)
    assert refused[0] == 400


def test_a_profile_or_association_that_is_none_is_refused(
    aws: Any, instance_id: str, profiles: Any
) -> None:
    """API_AssociateIamInstanceProfile; the words as users reported them."""
    ec2 = aws("ec2")
    for member, value, kind in (
        ("Name", "missing", "name"),
        ("Arn", f"{profiles[0]['Arn']}-missing", "ARN"),
    ):
        refused = refusal_of(
            ec2.associate_iam_instance_profile,
            InstanceId=instance_id,
            IamInstanceProfile={member: value},
        )
        words = (
            f"Value ({value}) for parameter iamInstanceProfile.{member.lower()} is invalid. "
            f"Invalid IAM Instance Profile {kind}"
        )
        assert refused == (400, "InvalidParameterValue", words)
    refused = refusal_of(
        ec2.replace_iam_instance_profile_association,
        AssociationId=instance_id,
        IamInstanceProfile={"Name": profiles[0]["InstanceProfileName"]},
    )
    assert refused == (400, "InvalidParameterValue", "Invalid value for associationId.")
