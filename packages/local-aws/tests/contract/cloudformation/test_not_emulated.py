"""Types, and parts of them, that are not there: refused by name before anything is created."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from stack_driver import StackDriver, parameter

AwsClient = Any


def test_types_that_aws_does_not_have_are_refused(stacks: StackDriver, unique_name: str) -> None:
    """CloudFormation User Guide, "Template anatomy": Resources; the words are AWS's."""
    resources = {
        "Parameter": parameter("1"),
        "Odd": {"Type": "AWS::Braket::Quantum"},
        "Misspelt": {"Type": "AWS::EC2::Instanse"},
    }

    with pytest.raises(ClientError) as refused:
        stacks.create(unique_name, resources)

    assert refused.value.response["Error"]["Message"] == (
        "Template format error: Unrecognized resource types: "
        "[AWS::Braket::Quantum, AWS::EC2::Instanse]"
    )


_MATH = [{"Id": "m", "Expression": "1 + 1"}]
_SPOT = {"OnDemandPercentageAboveBaseCapacity": 50}
_GROUP = {"AutoScalingGroupName": "web"}


@pytest.mark.parametrize(
    ("kind", "properties", "said"),
    [
        ("ElasticLoadBalancingV2::LoadBalancer", {"Type": "network"}, "type 'network'"),
        ("ElasticLoadBalancingV2::LoadBalancer", {"Type": {"Ref": "Kind"}}, "type 'gateway'"),
        (
            "ElasticLoadBalancingV2::Listener",
            {"DefaultActions": [{"Type": "authenticate-oidc", "Order": 1}]},
            "Action type 'authenticate-oidc'",
        ),
        (
            "ElasticLoadBalancingV2::Listener",
            {"MutualAuthentication": {"Mode": "verify"}},
            "mode 'verify'",
        ),
        (
            "AutoScaling::AutoScalingGroup",
            {"AvailabilityZoneImpairmentPolicy": {"ZonalShiftEnabled": True}},
            "AvailabilityZoneImpairmentPolicy",
        ),
        (
            "AutoScaling::AutoScalingGroup",
            {"MixedInstancesPolicy": {"InstancesDistribution": _SPOT}},
            "share of Spot Instances",
        ),
        (
            "AutoScaling::LifecycleHook",
            {**_GROUP, "NotificationTargetARN": {"Ref": "One"}},
            "NotificationTargetARN",
        ),
        (
            "AutoScaling::ScalingPolicy",
            {**_GROUP, "PolicyType": "PredictiveScaling"},
            "Predictive scaling",
        ),
        ("CloudWatch::Alarm", {"Metrics": _MATH}, "metric math"),
    ],
)
def test_what_is_not_emulated_of_a_type_is_refused_before_anything_is_created(
    kind: str, properties: dict[str, Any], said: str, stacks: StackDriver, unique_name: str
) -> None:
    """The services themselves refuse it by name; a stack would be half made by then."""
    template = {
        "Parameters": {"Kind": {"Type": "String", "Default": "gateway"}},
        "Resources": {
            "One": {"Type": "AWS::SNS::Topic"},
            "Odd": {"Type": f"AWS::{kind}", "Properties": properties},
        },
    }

    with pytest.raises(ClientError, match=f"Resource Odd: .*{said}.* not emulated"):
        stacks.create(unique_name, template)
    with pytest.raises(ClientError, match="does not exist"):
        stacks.described(unique_name)


def test_target_groups_of_functions_are_refused_before_anything_is_created(
    stacks: StackDriver, unique_name: str
) -> None:
    """The local load balancer calls no function."""
    group = {
        "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Properties": {"TargetType": "lambda"},
    }

    with pytest.raises(ClientError, match=r"Resource Odd: .* target groups of Lambda functions"):
        stacks.create(unique_name, {"One": {"Type": "AWS::SNS::Topic"}, "Odd": group})


def test_types_that_are_not_emulated_are_refused_before_anything_is_created(
    stacks: StackDriver, unique_name: str
) -> None:
    """They are AWS's, so a template may have them where a condition leaves them out. The other one
    moto could create, and not delete."""
    pool = {"Type": "AWS::AutoScaling::WarmPool", "Properties": {"AutoScalingGroupName": "web"}}
    words = r"The local AWS does not emulate AWS::AutoScaling::WarmPool in a stack\."
    group = {
        "Type": "AWS::EMR::InstanceGroupConfig",
        "Properties": {
            "InstanceCount": 1,
            "InstanceRole": "TASK",
            "InstanceType": "m5.xlarge",
            "JobFlowId": "j-1",
        },
    }

    with pytest.raises(ClientError, match=r"does not emulate AWS::EMR::InstanceGroupConfig in a"):
        stacks.create(unique_name, {"Parameter": parameter("1"), "Group": group})

    with pytest.raises(ClientError, match=words):
        stacks.create(unique_name, {"Parameter": parameter("1"), "Pool": pool})
    with pytest.raises(ClientError, match="does not exist"):
        stacks.described(unique_name)

    template = {
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        "Resources": {"Parameter": parameter("1"), "Pool": {**pool, "Condition": "Never"}},
    }
    created = stacks.create(unique_name, template)
    assert created["StackStatus"] == "CREATE_COMPLETE"
    with pytest.raises(ClientError, match=words):
        stacks.update(unique_name, {"Parameter": parameter("2"), "Pool": pool})
    assert stacks.described(unique_name)["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("create_generated_template", {"GeneratedTemplateName": "one"}),
        ("create_stack_refactor", {"StackDefinitions": [{"StackName": "one"}]}),
        ("create_stack_set", {"StackSetName": "one", "TemplateBody": "{}"}),
        ("describe_change_set_hooks", {"ChangeSetName": "one"}),
        ("list_types", {}),
    ],
)
def test_calls_that_would_have_no_effect_are_refused_by_name(
    call: str, given: dict[str, Any], stacks: StackDriver
) -> None:
    """StackSets, hooks, generated templates, refactoring and extensions are AWS's only."""
    action = call.title().replace("_", "")
    with pytest.raises(ClientError, match=f"does not emulate cloudformation {action}"):
        getattr(stacks.client, call)(**given)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kind": "IMPORT"}, "no change sets of type IMPORT"),
        ({"IncludeNestedStacks": True}, "no change sets of nested stacks"),
        ({"ImportExistingResources": True}, "ImportExistingResources is not emulated"),
    ],
)
def test_change_sets_that_would_miss_something_are_refused_by_name(
    options: dict[str, Any], said: str, stacks: StackDriver, unique_name: str
) -> None:
    """API_CreateChangeSet: what is imported or nested would not be in it."""
    with pytest.raises(ClientError, match=said):
        stacks.change_set(unique_name, {"One": parameter("1")}, **{"kind": "CREATE", **options})
    with pytest.raises(ClientError, match="does not exist"):
        stacks.described(unique_name)
