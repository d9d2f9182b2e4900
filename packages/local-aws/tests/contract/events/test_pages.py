"""Pages of rules, targets and buses: what goes in between takes nothing else out of the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from refusals import refusal_of

TARGET = "arn:aws:sqs:us-east-1:123456789012:q"


@pytest.fixture
def rules(events: Any, unique_name: str) -> Iterator[list[str]]:
    """The names of four rules with one target, in their order."""
    names = [f"{unique_name}.{letter}" for letter in "abcd"]
    for name in names:
        events.put_rule(Name=name, ScheduleExpression="rate(1 hour)")
        events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": TARGET}])
    yield names
    for name in {each["Name"] for each in events.list_rules()["Rules"]} & set(names):
        delete(events, name)


def delete(events: Any, rule: str) -> None:
    events.remove_targets(Rule=rule, Ids=["1"])
    events.delete_rule(Name=rule)


def test_rules(events: Any, rules: list[str], unique_name: str) -> None:
    """API_ListRules: a prefix is no regular expression; a token of another list is none here."""
    events.put_rule(Name=f"{unique_name}-x", ScheduleExpression="rate(1 hour)")
    asked = {"NamePrefix": f"{unique_name}.", "Limit": 2}
    first = events.list_rules(**asked)
    delete(events, rules[0])
    delete(events, rules[2])
    rest = events.list_rules(**asked, NextToken=first["NextToken"])
    assert [each["Name"] for each in first["Rules"]] == rules[:2]
    assert [each["Name"] for each in rest["Rules"]] == rules[3:]
    refused = refusal_of(events.list_event_buses, NextToken=first["NextToken"])
    assert refused[0] == 400
    events.delete_rule(Name=f"{unique_name}-x")


def test_rules_of_a_target(events: Any, rules: list[str]) -> None:
    """API_ListRuleNamesByTarget: NextToken."""
    first = events.list_rule_names_by_target(TargetArn=TARGET, Limit=2)
    delete(events, rules[2])
    asked = {"TargetArn": TARGET, "NextToken": first["NextToken"]}
    rest = events.list_rule_names_by_target(**asked)
    assert (first["RuleNames"], rest["RuleNames"]) == (rules[:2], rules[3:])


def test_targets_of_one_arn(events: Any, rules: list[str]) -> None:
    """API_ListTargetsByRule: targets have ids of their own, not ARNs."""
    ids = ["1", "2", "3"]
    events.put_targets(Rule=rules[0], Targets=[{"Id": each, "Arn": TARGET} for each in ids])
    first = events.list_targets_by_rule(Rule=rules[0], Limit=2)
    rest = events.list_targets_by_rule(Rule=rules[0], NextToken=first["NextToken"])
    shown = [each["Id"] for page in (first, rest) for each in page["Targets"]]
    events.remove_targets(Rule=rules[0], Ids=ids[1:])
    assert shown == ids
