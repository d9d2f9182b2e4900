"""A listener's rules."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from live_balancer import fixed
from refusals import error_of, refusal_of

ACTIONS = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}]


@pytest.fixture
def rules(aws: Any, listener: str) -> dict[str, str]:
    """The ARNs of rules by their priorities, the default one's among them."""
    elbv2 = aws("elbv2")
    for priority in (20, 5):
        path = [{"Field": "path-pattern", "Values": [f"/{priority}"]}]
        elbv2.create_rule(ListenerArn=listener, Priority=priority, Conditions=path, Actions=ACTIONS)
    return present(aws, listener)


def present(aws: Any, listener: str) -> dict[str, str]:
    found = aws("elbv2").describe_rules(ListenerArn=listener)["Rules"]
    return {rule["Priority"]: rule["RuleArn"] for rule in found}


def test_they_are_in_the_order_of_their_priorities(
    aws: Any, listener: str, rules: dict[str, str]
) -> None:
    """API_DescribeRules; API_SetRulePriorities: two rules swap theirs in one call."""
    assert list(rules) == ["5", "20", "default"]
    swapped = [
        {"RuleArn": rules["5"], "Priority": 20},
        {"RuleArn": rules["20"], "Priority": 5},
    ]
    aws("elbv2").set_rule_priorities(RulePriorities=swapped)
    assert present(aws, listener) == {
        "5": rules["20"],
        "20": rules["5"],
        "default": rules["default"],
    }


@pytest.mark.parametrize(
    ("of", "priorities", "code"),
    [
        (["5"], [20], "PriorityInUse"),
        (["5", "20"], [7, 7], "ValidationError"),
        (["default"], [7], "OperationNotPermitted"),
    ],
)
def test_a_priority_belongs_to_one_rule(
    aws: Any,
    listener: str,
    rules: dict[str, str],
    of: list[str],
    priorities: list[int],
    code: str,
) -> None:
    """API_SetRulePriorities: errors; nothing is changed then."""
    wanted = [
        {"RuleArn": rules[name], "Priority": priority}
        for name, priority in zip(of, priorities, strict=True)
    ]
    with pytest.raises(ClientError, match=code):
        aws("elbv2").set_rule_priorities(RulePriorities=wanted)
    assert present(aws, listener) == rules


def test_a_priority_that_is_taken(aws: Any, listener: str, rules: dict[str, str]) -> None:
    """PriorityInUse of API_CreateRule and API_SetRulePriorities; the words as users reported
    them."""
    elbv2 = aws("elbv2")
    rule = {
        "Conditions": [{"Field": "path-pattern", "Values": ["/another"]}],
        "Actions": [fixed("another")],
    }
    created = error_of(elbv2.create_rule, ListenerArn=listener, Priority=20, **rule)
    wanted = [{"RuleArn": rules["5"], "Priority": 20}]
    changed = error_of(elbv2.set_rule_priorities, RulePriorities=wanted)
    refusal = ("PriorityInUse", "Priority '20' is currently in use")
    assert (created, changed) == (refusal, refusal)


def test_the_default_rule_stays(aws: Any, listener: str, rules: dict[str, str]) -> None:
    """API_DeleteRule, API_ModifyRule: errors; the words as users reported them."""
    elbv2 = aws("elbv2")
    actions = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}]
    refused = refusal_of(elbv2.modify_rule, RuleArn=rules["default"], Actions=actions)
    words = f"Default rule '{rules['default']}' cannot be modified"
    assert refused == (400, "OperationNotPermitted", words)
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        elbv2.delete_rule(RuleArn=rules["default"])
    elbv2.delete_rule(RuleArn=rules["5"])
    assert list(present(aws, listener)) == ["20", "default"]


@pytest.mark.parametrize(
    ("target_group", "code"),
    [
        ({"TargetType": "lambda"}, "InvalidConfigurationRequest"),
        ({"Protocol": "TCP", "Port": 80}, "IncompatibleProtocols"),
    ],
)
def test_only_groups_of_http_targets_are_forwarded_to(
    aws: Any,
    subnets: dict[str, str],
    service: dict[str, str],
    unique_name: str,
    target_group: dict[str, Any],
    code: str,
) -> None:
    """API_CreateListener, IncompatibleProtocols; Lambda functions are not called here."""
    elbv2 = aws("elbv2")
    vpc = {} if target_group.get("TargetType") == "lambda" else {"VpcId": service["VPCId"]}
    [group] = elbv2.create_target_group(Name=unique_name, **target_group, **vpc)["TargetGroups"]
    made = elbv2.create_load_balancer(Name=unique_name, Subnets=list(subnets.values()))
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]
    one = {"TargetGroupArn": group["TargetGroupArn"]}
    for action in (
        {"Type": "forward", **one},
        {"Type": "forward", "ForwardConfig": {"TargetGroups": [one]}},
    ):
        with pytest.raises(ClientError, match=code):
            elbv2.create_listener(
                LoadBalancerArn=arn, Port=80, Protocol="HTTP", DefaultActions=[action]
            )
    elbv2.delete_load_balancer(LoadBalancerArn=arn)
