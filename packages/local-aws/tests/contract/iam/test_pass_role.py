"""Who may pass a role to a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from refusals import refusal_of
from role_driver import ACCOUNT, allow, policy_document

AwsClient = Any
Session = Callable[..., dict[str, str]]


@pytest.mark.parametrize("by", ["name", "template"])
def test_a_role_is_passed_to_an_instance_only_by_whom_may_pass_it(
    aws: AwsClient, session: Session, unique_name: str, by: str
) -> None:
    """IAM User Guide, "Grant a user permissions to pass a role to an AWS service"."""
    iam, ec2 = aws("iam"), aws("ec2")
    keys = session(allow("ec2:*"))
    iam.create_instance_profile(InstanceProfileName=unique_name)
    iam.add_role_to_instance_profile(InstanceProfileName=unique_name, RoleName=unique_name)
    profile = {"IamInstanceProfile": {"Name": unique_name}}
    launch: dict[str, Any] = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}
    if by == "template":
        data = {"LaunchTemplateName": unique_name, "LaunchTemplateData": profile}
        ec2.create_launch_template(**data)
        launch["LaunchTemplate"] = {"LaunchTemplateName": unique_name}
    else:
        launch |= profile
    mine = aws("ec2", **keys)
    status, code, message = refusal_of(mine.run_instances, **launch)
    assert (status, code) == (403, "UnauthorizedOperation")
    assert f"iam:PassRole on resource: arn:aws:iam::{ACCOUNT}:role/{unique_name}" in message
    instance = mine.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"][0]
    association = {"InstanceId": instance["InstanceId"], **profile}
    assert "iam:PassRole" in refusal_of(mine.associate_iam_instance_profile, **association)[2]

    to_ec2 = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    document = policy_document(allow("ec2:*"), allow("iam:PassRole", Condition=to_ec2))
    iam.put_role_policy(RoleName=unique_name, PolicyName="inline", PolicyDocument=document)
    assert mine.run_instances(**launch)["Instances"]
    iam.remove_role_from_instance_profile(InstanceProfileName=unique_name, RoleName=unique_name)
    iam.delete_instance_profile(InstanceProfileName=unique_name)
