"""What AWS's schemas say of properties; the schemas come with cfn-lint."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from local_aws.control_plane.cloudformation.resource_schemas import schema_of, typed

GROUP = "AWS::AutoScaling::AutoScalingGroup"
TEMPLATE = "AWS::EC2::LaunchTemplate"


@pytest.mark.parametrize(
    ("type_name", "given", "converted"),
    [
        (GROUP, {"MinSize": 1}, {"MinSize": "1"}),
        (GROUP, {"CapacityRebalance": "true"}, {"CapacityRebalance": True}),
        (GROUP, {"Cooldown": 300}, {"Cooldown": "300"}),
        (GROUP, {"MaxInstanceLifetime": "30"}, {"MaxInstanceLifetime": 30}),
        (
            GROUP,
            {"Tags": [{"Key": "a", "Value": True, "PropagateAtLaunch": "false"}]},
            {"Tags": [{"Key": "a", "Value": "true", "PropagateAtLaunch": False}]},
        ),
        (
            TEMPLATE,
            {"LaunchTemplateData": {"EbsOptimized": "TRUE", "InstanceType": "t3.micro"}},
            {"LaunchTemplateData": {"EbsOptimized": True, "InstanceType": "t3.micro"}},
        ),
        (GROUP, {"MaxInstanceLifetime": "soon"}, {"MaxInstanceLifetime": "soon"}),
        (
            "AWS::IAM::Role",
            {"AssumeRolePolicyDocument": {"Statement": [{"Allowed": True}]}},
            {"AssumeRolePolicyDocument": {"Statement": [{"Allowed": True}]}},
        ),
        ("Custom::Own", {"Anything": 1}, {"Anything": 1}),
    ],
)
def test_values_get_the_type_of_their_property(
    type_name: str, given: dict[str, Any], converted: dict[str, Any]
) -> None:
    assert typed(type_name, given) == converted


def test_no_schema_is_read_before_its_type_is_used_and_cfn_lint_never_imported() -> None:
    """Neither may make a start slower."""
    program = (
        "import sys\n"
        "from local_aws.control_plane.cloudformation import resource_schemas as schemas\n"
        "assert schemas.schema_of.cache_info().currsize == 0\n"
        "assert schemas.schema_of('AWS::EC2::VPC')['typeName'] == 'AWS::EC2::VPC'\n"
        "assert 'cfnlint' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_type_that_aws_does_not_publish_has_none() -> None:
    assert schema_of("AWS::Nothing::AtAll") is None
