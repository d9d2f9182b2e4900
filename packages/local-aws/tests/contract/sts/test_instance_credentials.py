"""The credentials that an instance gets from its profile, through its metadata service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from role_driver import EC2_ASSUMES_IT, policy_document

from local_aws.contract.credentials import RoleCredentials
from local_aws.control_plane import instance_credentials

AwsClient = Any


@pytest.fixture
def instance_id(aws: AwsClient, unique_name: str) -> Iterator[str]:
    """An instance with a profile whose role trusts EC2."""
    iam, ec2 = aws("iam"), aws("ec2")
    iam.create_role(RoleName=unique_name, AssumeRolePolicyDocument=policy_document(EC2_ASSUMES_IT))
    iam.create_instance_profile(InstanceProfileName=unique_name)
    iam.add_role_to_instance_profile(InstanceProfileName=unique_name, RoleName=unique_name)
    run = ec2.run_instances(
        ImageId="ami-12c6146b",
        MinCount=1,
        MaxCount=1,
        IamInstanceProfile={"Name": unique_name},
    )
    created: str = run["Instances"][0]["InstanceId"]
    yield created
    ec2.terminate_instances(InstanceIds=[created])


def _client(aws: AwsClient, service: str, credentials: RoleCredentials) -> Any:
    return aws(
        service,
        aws_access_key_id=credentials.access_key_id,
        aws_secret_access_key=credentials.secret_access_key,
        aws_session_token=credentials.session_token,
    )


def test_they_act_as_the_role_in_a_session_named_after_the_instance(
    aws: AwsClient, instance_id: str, unique_name: str
) -> None:
    """Amazon EC2 User Guide, "IAM roles for Amazon EC2"."""
    credentials = instance_credentials.current(instance_id)

    assert credentials is not None
    assert credentials.role_name == unique_name
    assert credentials.expires_at - datetime.now(UTC) > timedelta(hours=5)
    identity = _client(aws, "sts", credentials).get_caller_identity()
    assert identity["Arn"].endswith(f":assumed-role/{unique_name}/{instance_id}")


def test_they_stay_the_same_until_they_are_about_to_expire(instance_id: str) -> None:
    """Amazon EC2 User Guide, "Retrieve security credentials": new ones before the old expire."""
    first = instance_credentials.current(instance_id)
    assert first is not None
    assert instance_credentials.current(instance_id) is first

    for key, issued in instance_credentials._issued.items():
        if key[0] == instance_id:
            soon = datetime.now(UTC) + timedelta(minutes=14)
            instance_credentials._issued[key] = replace(issued, expires_at=soon)
    renewed = instance_credentials.current(instance_id)

    assert renewed is not None
    assert renewed.access_key_id != first.access_key_id


def test_without_a_profile_there_are_none(aws: AwsClient, instance_id: str) -> None:
    """Amazon EC2 User Guide, "Troubleshoot": no instance profile, nothing in the metadata."""
    ec2 = aws("ec2")
    assert instance_credentials.current(instance_id)
    association = ec2.describe_iam_instance_profile_associations(
        Filters=[{"Name": "instance-id", "Values": [instance_id]}]
    )["IamInstanceProfileAssociations"][0]

    ec2.disassociate_iam_instance_profile(AssociationId=association["AssociationId"])

    assert instance_credentials.current(instance_id) is None
    assert instance_credentials.current("i-unknown") is None


def test_a_role_that_does_not_trust_ec2_gives_none(
    aws: AwsClient, instance_id: str, unique_name: str
) -> None:
    """Amazon EC2 User Guide, "IAM roles for Amazon EC2": the trust policy must name EC2."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    aws("iam").update_assume_role_policy(RoleName=unique_name, PolicyDocument=json.dumps(trust))

    assert instance_credentials.current(instance_id) is None


def test_secrets_do_not_show_in_logs(instance_id: str) -> None:
    """They come from the operating system's random source, and from no seedable generator."""
    credentials = instance_credentials.current(instance_id)

    assert credentials is not None
    assert len(credentials.secret_access_key) == 40
    assert credentials.secret_access_key not in repr(credentials)
