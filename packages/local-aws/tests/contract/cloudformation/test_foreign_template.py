"""A template of another author for the same kind of service, from creation to deletion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver
from wired import wired

AwsClient = Any


@pytest.fixture
def parameters(
    aws: AwsClient, service: dict[str, str], unique_name: str
) -> Iterator[dict[str, str]]:
    """The template takes a security group of the caller's."""
    ec2 = aws("ec2")
    group_id = ec2.create_security_group(
        GroupName=unique_name, Description="given", VpcId=service["VPCId"]
    )["GroupId"]
    yield {**service, "SGId": group_id}
    ec2.delete_security_group(GroupId=group_id)


@pytest.fixture
def _custom_resources_skipped() -> Iterator[None]:
    with wired(skip_custom_resources=True):
        yield


@pytest.mark.usefixtures("_custom_resources_skipped")
def test_a_foreign_template_lives_its_whole_life(
    stacks: StackDriver, aws: AwsClient, parameters: dict[str, str], unique_name: str
) -> None:
    """CloudFormation User Guide, "How CloudFormation works"."""
    ec2, group_id = aws("ec2"), parameters["SGId"]
    stack = stacks.create(unique_name, "foreign.yaml", parameters)

    assert stack["StackStatus"] == "CREATE_COMPLETE", stacks.failures(unique_name)
    outputs = stacks.outputs(unique_name)
    assert outputs["FullName"].startswith("app/")
    assert "Failure" in outputs
    private_key = aws("ssm").get_parameter(
        Name=f"/ec2/keypair/{outputs['KeyId']}", WithDecryption=True
    )
    assert "PRIVATE KEY" in private_key["Parameter"]["Value"]
    assert len(_ingress(ec2, group_id)) == 1

    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update(unique_name, "foreign.yaml")
    stack = stacks.update(unique_name, parameters={"UseFailure": "false", "TemplateVersion": "2"})
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert "Failure" not in stacks.outputs(unique_name)
    with pytest.raises(ClientError, match="ParameterNotFound"):
        aws("ssm").get_parameter(Name="foreign-failure-parameter")

    assert stacks.delete(unique_name)["StackStatus"] == "DELETE_COMPLETE"
    assert _ingress(ec2, group_id) == []
    with pytest.raises(ClientError, match="ParameterNotFound"):
        aws("ssm").get_parameter(Name=f"/ec2/keypair/{outputs['KeyId']}")


def test_its_custom_resource_fails_where_nothing_is_skipped(
    stacks: StackDriver, parameters: dict[str, str], unique_name: str
) -> None:
    """CloudFormation User Guide, "Custom resources"."""
    stack = stacks.create(unique_name, "foreign.yaml", parameters)

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "needs an AWS Lambda runtime" in stacks.failures(unique_name)["Seed"]


def _ingress(ec2: Any, group_id: str) -> list[Any]:
    group = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    rules: list[Any] = group["IpPermissions"]
    return rules
