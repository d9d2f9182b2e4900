"""Versions of launch templates."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import new_version
from botocore.exceptions import ClientError
from refusals import refusal_of


def numbers(ec2: Any, launch_template: str, *versions: str) -> list[int]:
    named = {"Versions": list(versions)} if versions else {}
    found = ec2.describe_launch_template_versions(LaunchTemplateId=launch_template, **named)
    return sorted(each["VersionNumber"] for each in found["LaunchTemplateVersions"])


def test_a_deleted_version_leaves_the_others_their_numbers(aws: Any, launch_template: str) -> None:
    """API_DeleteLaunchTemplateVersions; the number of a deleted one is not given again."""
    ec2 = aws("ec2")
    for key_name in ("two", "three"):
        new_version(aws, launch_template, KeyName=key_name)

    answer = ec2.delete_launch_template_versions(
        LaunchTemplateId=launch_template, Versions=["2", "9"]
    )

    [deleted] = answer["SuccessfullyDeletedLaunchTemplateVersions"]
    [missing] = answer["UnsuccessfullyDeletedLaunchTemplateVersions"]
    assert deleted["VersionNumber"] == 2
    assert missing["ResponseError"]["Code"] == "launchTemplateVersionDoesNotExist"
    assert numbers(ec2, launch_template) == [1, 3]
    assert numbers(ec2, launch_template, "$Latest") == numbers(ec2, launch_template, "3") == [3]

    ec2.delete_launch_template_versions(LaunchTemplateId=launch_template, Versions=["3"])
    new_version(aws, launch_template, KeyName="four")
    assert numbers(ec2, launch_template) == [1, 4]
    with pytest.raises(ClientError, match=r"InvalidLaunchTemplateId\.VersionNotFound"):
        numbers(ec2, launch_template, "3")


def test_the_default_version_stays(aws: Any, launch_template: str) -> None:
    """API_DeleteLaunchTemplateVersions: first assign a different version as the default."""
    ec2 = aws("ec2")
    new_version(aws, launch_template, KeyName="two")
    default = {"LaunchTemplateId": launch_template, "Versions": ["1"]}
    with pytest.raises(ClientError, match="default version"):
        ec2.delete_launch_template_versions(**default)
    ec2.modify_launch_template(LaunchTemplateId=launch_template, DefaultVersion="2")

    ec2.delete_launch_template_versions(**default)

    assert numbers(ec2, launch_template) == numbers(ec2, launch_template, "$Default") == [2]


def test_versions_are_filtered(aws: Any, launch_template: str) -> None:
    """API_DescribeLaunchTemplateVersions: Filters."""
    ec2 = aws("ec2")
    new_version(aws, launch_template, InstanceType="c5.large")

    def found(name: str, value: str) -> list[int]:
        filters = [{"Name": name, "Values": [value]}]
        answer = ec2.describe_launch_template_versions(
            LaunchTemplateId=launch_template, Filters=filters
        )
        return [each["VersionNumber"] for each in answer["LaunchTemplateVersions"]]

    assert found("instance-type", "c5.*") == [2]
    assert found("is-default-version", "true") == [1]


def test_a_templates_own_tags_are_no_part_of_its_data(aws: Any, unique_name: str) -> None:
    """API_CreateLaunchTemplate: TagSpecification tags the template, LaunchTemplateData what it
    launches."""
    ec2 = aws("ec2")
    of_instances = [{"ResourceType": "instance", "Tags": [{"Key": "of", "Value": "instance"}]}]
    own = [{"ResourceType": "launch-template", "Tags": [{"Key": "of", "Value": "template"}]}]
    for data in ({"InstanceType": "t3.micro"}, {"TagSpecifications": of_instances}):
        name = f"{unique_name}-{len(data.get('TagSpecifications', []))}"
        created = ec2.create_launch_template(
            LaunchTemplateName=name, LaunchTemplateData=data, TagSpecifications=own
        )
        assert created["LaunchTemplate"]["Tags"] == own[0]["Tags"]

        found = ec2.describe_launch_template_versions(LaunchTemplateName=name)
        assert found["LaunchTemplateVersions"][0]["LaunchTemplateData"] == data


def test_only_the_template_is_tagged_with_it(aws: Any, unique_name: str) -> None:
    """API_CreateLaunchTemplate: "To tag the launch template, the resource type must be
    launch-template." """
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "of", "Value": "instance"}]}]
    with pytest.raises(ClientError, match="'instance' is not a valid taggable resource type"):
        aws("ec2").create_launch_template(
            LaunchTemplateName=unique_name,
            LaunchTemplateData={"InstanceType": "t3.micro"},
            TagSpecifications=tags,
        )
    with pytest.raises(ClientError, match="NotFound"):
        aws("ec2").describe_launch_templates(LaunchTemplateNames=[unique_name])


def test_a_template_that_is_missing_is_named_when_it_is_deleted(aws: Any) -> None:
    """EC2's error codes InvalidLaunchTemplateId.NotFound and
    InvalidLaunchTemplateName.MalformedException."""
    ec2, missing = aws("ec2"), "lt-0123456789abcdef0"
    words = f"The specified launch template, with template ID {missing}, does not exist."
    with pytest.raises(ClientError, match=rf"InvalidLaunchTemplateId\.NotFound.*{words}"):
        ec2.delete_launch_template(LaunchTemplateId=missing)
    with pytest.raises(ClientError, match=r"InvalidLaunchTemplateName\.MalformedException"):
        ec2.create_launch_template(LaunchTemplateName="a b", LaunchTemplateData={"ImageId": "x"})


def test_the_newest_version_comes_first(aws: Any, launch_template: str) -> None:
    """Recorded from AWS."""
    for key_name in ("two", "three"):
        new_version(aws, launch_template, KeyName=key_name)
    found = aws("ec2").describe_launch_template_versions(LaunchTemplateId=launch_template)
    assert [each["VersionNumber"] for each in found["LaunchTemplateVersions"]] == [3, 2, 1]


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("delete_launch_template", "LaunchTemplateId"),
        ("describe_launch_template_versions", "LaunchTemplateId"),
        ("describe_launch_templates", "LaunchTemplateIds"),
    ],
)
def test_a_template_id_has_a_form(aws: Any, call: str, name: str) -> None:
    """EC2, "Error codes": InvalidLaunchTemplateId.Malformed."""
    given: Any = ["lt-xyz"] if name.endswith("s") else "lt-xyz"
    refused = refusal_of(getattr(aws("ec2"), call), **{name: given})
    words = 'Invalid id: "lt-xyz" (expecting "lt-...")'
    assert refused == (400, "InvalidLaunchTemplateId.Malformed", words)
