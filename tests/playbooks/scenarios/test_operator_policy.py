"""An operator who may do what render.yml writes, and nothing else, can do all that the README says.

The local AWS holds sessions of a role to its policies (packages/local-aws/docs/emulation.md). What
CloudFormation does for the operator it does not check; tests/unit/test_operator_policies.py holds
that half against AWS's own description of each resource type.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from api_recorder import ApiRecorder

STACK = "resilience-demo"
ROLE = "operator"
NOT_PLAYED = {
    "cloudformation:ContinueUpdateRollback": "after a failed rollback: test_stack_states.py",
    "ec2:GetConsoleOutput": "of an instance that signalled FAILURE: test_operator_policies.py",
    "ec2:DescribeSecurityGroupRules": "of a given security group: test_nothing_left.py",
    "elasticloadbalancing:DescribeListeners": "of a load balancer that is left behind",
    "elasticloadbalancing:DescribeTags": "of a load balancer whose name may be the stack's",
    "iam:PassRole": "no call of its own: it is asked for with ec2:AssociateIamInstanceProfile",
    "s3:PutBucketOwnershipControls": "no call of its own: CreateBucket asks, for ObjectOwnership",
}
NEED_NO_POLICY = {"sts:GetCallerIdentity"}
"""STS API Reference: no permission is needed."""


@pytest.fixture(scope="module")
def policy(
    running: dict[str, str],  # noqa: ARG001
    playbook: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("rendered")
    run = playbook("render.yml", "-e", f"service_stack_rendered_directory={folder}")
    assert run.status == 0, run.output
    document: dict[str, Any] = json.loads((Path(folder) / "operator-policy.json").read_text())
    return document


@pytest.fixture(scope="module")
def role(aws: Callable[..., Any]) -> Iterator[str]:
    """The ARN of a role that nobody has allowed anything yet."""
    iam = aws("iam")
    trust = {
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]
    }
    created = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))
    yield created["Role"]["Arn"]
    for name in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
        iam.delete_role_policy(RoleName=ROLE, PolicyName=name)
    iam.delete_role(RoleName=ROLE)


Operator = Callable[..., Any]


@pytest.fixture(scope="module")
def operator(
    role: str,
    recorder: ApiRecorder,
    running: dict[str, str],
    aws: Callable[..., Any],
    playbook: Callable[..., Any],
) -> Operator:
    """Types a playbook with the role's credentials, as far as the given policy allows."""

    def play(document: dict[str, Any], *arguments: str) -> Any:
        aws("iam").put_role_policy(
            RoleName=ROLE, PolicyName="operator", PolicyDocument=json.dumps(document)
        )
        session = aws("sts").assume_role(RoleArn=role, RoleSessionName="ada")["Credentials"]
        environment = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{recorder.server_address[1]}",
            "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"],
            "AWS_SESSION_TOKEN": session["SessionToken"],
            "AWS_REGION": running["AWS_DEFAULT_REGION"],
            "AWS_DEFAULT_REGION": running["AWS_DEFAULT_REGION"],
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
            "no_proxy": "*",
        }
        return playbook(*arguments, "-e", json.dumps({"aws_environment": environment}))

    return play


def without(document: dict[str, Any], action: str) -> dict[str, Any]:
    """The policy without one of its actions."""
    statements = [
        {**each, "Action": [name for name in actions_of(each) if name != action]}
        for each in document["Statement"]
    ]
    return {**document, "Statement": [each for each in statements if each["Action"]]}


def actions_of(statement: dict[str, Any]) -> list[str]:
    given = statement["Action"]
    return [given] if isinstance(given, str) else list(given)


def changed_by_hand(aws: Callable[..., Any]) -> None:
    """All that recover.yml compares with the stack's declaration."""
    stack = aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    aws("ssm").put_parameter(Name=f"{STACK}-failure-response", Value="static", Overwrite=True)
    aws("elbv2").modify_target_group(TargetGroupArn=outputs["TGArn"], UnhealthyThresholdCount=5)
    [taken, *_] = aws("ec2").describe_iam_instance_profile_associations()[
        "IamInstanceProfileAssociations"
    ]
    aws("ec2").disassociate_iam_instance_profile(AssociationId=taken["AssociationId"])
    group = {"AutoScalingGroupName": outputs["AutoScalingGroup"]}
    aws("autoscaling").update_auto_scaling_group(**group, MaxSize=4)
    aws("autoscaling").suspend_processes(**group, ScalingProcesses=["AZRebalance"])
    resource = aws("cloudformation").describe_stack_resource(
        StackName=STACK,
        LogicalResourceId="DocExampleRecommendationServiceLoadBalancerSecurityGroup",
    )["StackResourceDetail"]
    group_id = resource["PhysicalResourceId"]
    found = aws("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    aws("ec2").revoke_security_group_ingress(GroupId=group_id, IpPermissions=found["IpPermissions"])


@pytest.mark.timeout(900)  # seven playbooks
def test_the_policy_allows_what_the_playbooks_call_and_nothing_else(
    policy,
    operator: Operator,
    recorder: ApiRecorder,
    aws: Callable[..., Any],
    playbook: Callable[..., Any],
) -> None:
    assert playbook("destroy.yml").status == 0  # whoever was here before: it begins with nothing
    recorder.actions.clear()
    for arguments in (
        ("deploy.yml",),
        ("scenario.yml", "--tags", "replace-instance"),
        # Back to the first settings, so that only what was done by hand is left to recover.
        ("deploy.yml", "--diff"),
        ("status.yml",),
    ):
        run = operator(policy, *arguments)
        assert run.status == 0, run.output
        assert "was not released" not in run.output  # the lock
    changed_by_hand(aws)
    for arguments in (("recover.yml",), ("render.yml", "--check"), ("stop.yml",), ("destroy.yml",)):
        run = operator(policy, *arguments)
        assert run.status == 0, run.output

    called = {action.replace("tagging:", "tag:") for action in recorder.actions} - NEED_NO_POLICY
    allowed = {action for each in policy["Statement"] for action in actions_of(each)}
    assert called - allowed == set()
    assert allowed - called == set(NOT_PLAYED)


@pytest.mark.parametrize(
    ("action", "playbook_name"),
    [
        ("cloudformation:DescribeStacks", "deploy.yml"),
        ("ssm:PutParameter", "deploy.yml"),
        ("ec2:DescribeSubnets", "deploy.yml"),
        ("cloudformation:CreateStack", "deploy.yml"),
        ("tag:GetResources", "destroy.yml"),
    ],
)
def test_a_permission_that_is_not_there_is_named_with_its_resource(
    action: str, playbook_name: str, policy, operator: Operator
) -> None:
    run = operator(without(policy, action), playbook_name)

    said = " ".join(run.output.split())
    assert run.status != 0
    assert f"is not authorized to perform: {action}" in said, run.output
    assert "Traceback" not in said
