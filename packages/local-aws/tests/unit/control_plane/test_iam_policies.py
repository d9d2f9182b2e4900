"""Policy evaluation in tables; the rules are those of the IAM User Guide."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_aws.control_plane.iam import conditions, policies, trust

_TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/books"


def _allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*", **more}


def _without(statement: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in statement.items() if key != name}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], None),
        ([_allow()], "Allow"),
        ([_allow(Action="DYNAMODB:getitem")], "Allow"),
        ([_allow(Action=["ssm:*", "dynamodb:Get*"])], "Allow"),
        ([_allow(Action="dynamodb:Get?tem")], "Allow"),
        ([_allow(Action="dynamodb:Get")], None),
        ([_allow(Action="*")], "Allow"),
        ([_allow(Resource=_TABLE)], "Allow"),
        ([_allow(Resource=_TABLE.upper())], None),
        ([_allow(Resource="arn:aws:dynamodb:*:*:table/b*")], "Allow"),
        ([_allow(Resource=f"{_TABLE}/index/*")], None),
        ([_allow(Resource=_TABLE.replace("books", "b[o]oks"))], None),
        ([_without(_allow(NotAction="ssm:*"), "Action")], "Allow"),
        ([_without(_allow(NotAction=["dynamodb:*"]), "Action")], None),
        ([_without(_allow(NotResource="arn:aws:s3:::*"), "Resource")], "Allow"),
        ([_without(_allow(NotResource=[_TABLE]), "Resource")], None),
        ([_allow(), _allow(Effect="Deny")], "Deny"),
        ([_allow(Effect="Deny"), _allow()], "Deny"),
        ([_allow(), _allow(Effect="Deny", Action="dynamodb:PutItem")], "Allow"),
        ([_allow(Condition={"StringEquals": {"a": "2"}})], None),
        ([_allow(Condition={"StringEquals": {"a": "1"}})], "Allow"),
        ([_allow(Resource="arn:aws:dynamodb:us-east-1:123456789012:table/${name}")], "Allow"),
        ([_allow(Resource="arn:aws:dynamodb:us-east-1:123456789012:table/${other}")], None),
        ([_allow(Resource="arn:aws:dynamodb:*:*:table/${other, 'books'}")], "Allow"),
        ([_allow(Resource="arn:aws:dynamodb:*:*:table/${name, 'papers'}")], "Allow"),
    ],
)
def test_an_allow_is_needed_and_a_deny_wins(statements: list[Any], expected: str | None) -> None:
    context = {"a": ["1"], "name": ["books"]}

    assert policies.effect(statements, "dynamodb:GetItem", _TABLE, context) == expected


@pytest.mark.parametrize(
    ("operator", "wanted", "actual", "expected"),
    [
        ("StringEquals", "a", ["a"], True),
        ("StringEquals", ["b", "a"], ["a"], True),
        ("StringEquals", "a", [], False),
        ("StringEqualsIfExists", "a", [], True),
        ("StringNotEquals", "a", ["b"], True),
        ("StringNotEquals", ["a", "b"], ["b"], False),
        ("StringNotEquals", "a", [], True),
        ("StringEqualsIgnoreCase", "A", ["a"], True),
        ("StringLike", "a*c?", ["abbcd"], True),
        ("StringNotLike", "a*", ["abc"], False),
        ("ArnLike", "arn:aws:iam::*:role/x", ["arn:aws:iam::1:role/x"], True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
        ("ForAllValues:StringEquals", ["a", "b"], [], True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], True),
        ("ForAnyValue:StringEquals", ["a"], ["c"], False),
        ("ForAnyValue:StringEquals", ["a"], [], False),
        ("ForAnyValue:StringNotEquals", ["a"], [], False),
        ("ForAnyValue:StringNotEquals", ["a"], ["a", "b"], True),
        ("ForAnyValue:StringEqualsIfExists", ["a"], [], True),
        ("ForAllValues:StringNotEquals", ["a"], ["a", "b"], False),
        ("ForAllValues:StringNotEquals", ["a"], [], True),
        ("StringNotEqualsIfExists", "a", [], True),
        ("StringNotEqualsIfExists", "a", ["a"], False),
        ("Null", "false", [], False),
        ("ArnLike", "arn:aws:iam::*", ["arn:aws:iam::1:role/x"], False),
        ("ArnEquals", "arn:aws:iam::*:role/*", ["arn:aws:iam::1:role/a/b"], True),
        ("BinaryEquals", "QQ==", ["QQ=="], True),
        ("Bool", "true", ["true"], True),
        ("Bool", True, ["true"], True),
        ("Null", "true", [], True),
        ("Null", "false", ["a"], True),
        ("Null", "true", ["a"], False),
        ("NumericLessThan", "10", ["9"], True),
        ("NumericGreaterThanEquals", 10, ["9.5"], False),
        ("NumericEquals", "10", ["many"], False),
        ("DateLessThan", "2030-01-01T00:00:00Z", ["2029-12-31T00:00:00Z"], True),
        ("DateGreaterThan", "2030-01-01", ["2029-12-31T00:00:00Z"], False),
        ("IpAddress", "127.0.0.0/8", ["127.0.0.1"], True),
        ("NotIpAddress", ["10.0.0.0/8", "::1/128"], ["127.0.0.1"], True),
        ("IpAddress", "127.0.0.0/8", ["nowhere"], False),
        ("NoSuchOperator", "a", ["a"], False),
    ],
)
def test_conditions(operator: str, wanted: Any, actual: list[str], expected: bool) -> None:
    assert conditions.hold({operator: {"Key": wanted}}, {"key": actual}) is expected


def test_every_condition_of_a_block_must_hold() -> None:
    block = {"StringEquals": {"a": "1", "b": "2"}, "Bool": {"c": "true"}}

    assert conditions.hold(block, {"a": ["1"], "b": ["2"], "c": ["true"]})
    assert not conditions.hold(block, {"a": ["1"], "b": ["2"], "c": ["false"]})
    assert not conditions.hold(block, {"a": ["1"], "b": ["1"], "c": ["true"]})


def _trust(principal: Any, **more: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    return json.dumps({"Statement": statement})


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ({"Service": "ec2.amazonaws.com"}, True),
        ({"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}, True),
        ({"Service": "lambda.amazonaws.com"}, False),
        ({"AWS": "*"}, False),
        ("*", True),
    ],
)
def test_a_service_must_be_named_to_be_trusted(principal: Any, expected: bool) -> None:
    assert trust.allows_service(_trust(principal), "ec2.amazonaws.com") is expected


USER = "arn:aws:iam::123456789012:user/a"
ROLE = "arn:aws:iam::123456789012:role/team/r"
SESSION = "arn:aws:sts::123456789012:assumed-role/r/me"


@pytest.mark.parametrize(
    ("principal", "caller", "expected"),
    [
        ({"AWS": "123456789012"}, USER, "account"),
        ({"AWS": "arn:aws:iam::123456789012:root"}, USER, "account"),
        ({"AWS": ["123456789012", USER]}, USER, "named"),
        ("*", USER, "named"),
        ({"AWS": "arn:aws:iam::123456789012:user/b"}, USER, None),
        ({"AWS": ROLE}, SESSION, "named"),
        ({"AWS": SESSION}, SESSION, "named"),
        ({"Service": "ec2.amazonaws.com"}, USER, None),
    ],
)
def test_an_account_stands_for_its_principals(
    principal: Any, caller: str, expected: trust.Standing | None
) -> None:
    context = {"aws:principalarn": [ROLE if caller == SESSION else caller]}
    assert trust.standing(_trust(principal), caller, "123456789012", context) == expected


def test_a_trust_policy_can_demand_an_external_id() -> None:
    document = _trust("*", Condition={"StringEquals": {"sts:ExternalId": "1"}})

    assert trust.standing(document, USER, "123456789012", {"sts:externalid": ["1"]})
    assert not trust.standing(document, USER, "123456789012", {})


@settings(max_examples=80, deadline=None)
@given(st.text("ab*?", max_size=7), st.text("ab", max_size=9))
def test_wildcards_mean_what_a_regular_expression_means(pattern: str, value: str) -> None:
    regex = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)
    assert conditions.matches(pattern, value) == bool(re.fullmatch(regex, value, re.DOTALL))


@pytest.mark.parametrize("pattern", ["*a" * 5_000 + "b", "*?" * 2_000 + "b", "*a?a" * 2_500 + "c"])
def test_no_wildcard_pattern_takes_long(pattern: str) -> None:
    started = time.monotonic()
    assert not conditions.matches(pattern, "a" * 2_000)
    assert time.monotonic() - started < 5


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
_OPERATOR = st.sampled_from(
    (
        *("StringEquals", "NumericLessThan", "DateEquals", "IpAddress", "Null", "Bool", "?"),
        *("ArnLike", "ForAllValues:StringLike", "DateGreaterThanIfExists", "NotIpAddress"),
    )
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(_OPERATOR, st.dictionaries(st.just("k"), _JSON) | _JSON) | _JSON, st.text())
def test_conditions_of_any_form_never_raise(block: Any, value: str) -> None:
    assert conditions.hold(
        block, {"k": [value, "1e999", "2012-13-45", "99999999999999999999"]}
    ) in (
        True,
        False,
    )


@settings(max_examples=80, deadline=None)
@given(_JSON | st.fixed_dictionaries({"Statement": _JSON}))
def test_documents_of_any_form_never_raise_nor_allow_by_themselves(document: Any) -> None:
    for form in (document if isinstance(document, dict) else {}, json.dumps(document)):
        assert policies.effect(policies.statements_of(form), "s:A", "*", {}) in (None, "Deny")
    assert policies.statements_of("[" * 100_000) == []
