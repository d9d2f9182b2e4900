"""Policy evaluation in tables; the rules are those of the IAM User Guide."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_aws.control_plane import wildcards
from local_aws.control_plane.iam.authorization import principals, trust
from local_aws.control_plane.iam.authorization.principals import Principal
from local_aws.control_plane.iam.policy_language import conditions, policies, resource_patterns

_TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/books"


def _allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*", **more}


def _without(statement: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in statement.items() if key != name}


def _of(statements: list[dict[str, Any]]) -> list[policies.Statement]:
    return policies.statements_of({"Version": "2012-10-17", "Statement": statements})


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

    assert policies.effect(_of(statements), "dynamodb:GetItem", _TABLE, context) == expected


LOG = "arn:aws:logs:us-east-1:123456789012:log-group:a:log-stream:b"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", True),
        ("arn:aws:logs:*", True),
        ("arn:aws:logs:*:log-group:a:*", True),
        ("arn:aws:logs:us-east-1:123456789012:log-group:*", True),
        ("arn:aws:logs:us-east-1:123456789012:log-*:b", True),
        ("arn:aws:logs:us-east-1:123456789012:log-*p:*:*m:?", True),
        ("arn:aws:logs:us-east-1:123456789012:log-*m:b", False),
        ("arn:aws:logs:us-*a:log-stream:b", False),
        ("arn:aws:logs:us-**:log-stream:b", True),
        ("*b", False),
        ("arn:aws:logs:us-east-1:123456789012:log-group?a:log-stream:b", True),
    ],
)
def test_a_wildcard_within_a_segment_ends_with_it(pattern: str, expected: bool) -> None:
    """IAM User Guide, "IAM JSON policy elements: Resource": "If the * wildcard is the last
    character of a resource ARN segment, it can expand to match beyond the colon boundaries"."""
    assert resource_patterns.matches(pattern, LOG) is expected


@pytest.mark.parametrize(
    ("version", "resource", "name", "expected"),
    [
        ("2012-10-17", "${name}", "books", "Allow"),
        ("2008-10-17", "${name}", "books", None),
        (None, "${name}", "books", None),
        ("2008-10-17", "${name}", "${name}", "Allow"),
        ("2012-10-17", "a${*}b", "a*b", "Allow"),
        ("2012-10-17", "a${*}b", "axb", None),
        ("2012-10-17", "a${?}b", "axb", None),
        ("2012-10-17", "a${?}*", "a?xb", "Allow"),
        ("2012-10-17", "a${$}b", "a$b", "Allow"),
        ("2012-10-17", "${other}*", "books", None),
        ("2012-10-17", "${other*}", "${otherx}", None),
        ("2012-10-17", "${other, '*'}", "books", "Allow"),
    ],
)
def test_variables_are_of_the_newer_version_and_may_be_characters(
    version: str | None, resource: str, name: str, expected: str | None
) -> None:
    """IAM User Guide, "IAM policy elements: Variables and tags"."""
    document: dict[str, Any] = {"Statement": _allow(Resource=f"arn:aws:s3:::{resource}")}
    if version:
        document["Version"] = version
    statements = policies.statements_of(document)
    context = {"name": ["books"]}
    said = policies.effect(statements, "dynamodb:GetItem", f"arn:aws:s3:::{name}", context)
    assert said == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (_without(_allow(NotResource="arn:aws:s3:::${missing}"), "Resource"), None),
        (_without(_allow(NotResource="arn:aws:s3:::${missing, 'x'}"), "Resource"), "Allow"),
        (_allow(Condition={"StringNotEquals": {"k": "${missing}"}}), None),
        (_allow(Condition={"StringNotEqualsIfExists": {"k": "${missing}"}}), "Allow"),
        (_allow(Effect="Deny", Condition={"StringNotEquals": {"k": "${missing}"}}), "Deny"),
        (_allow(Condition={"NumericLessThan": {"n": "${limit}"}}), None),
        (_allow(Condition={"StringEquals": {"star": "${*}"}}), "Allow"),
        (_allow(Condition={"StringLike": {"k": "${*}"}}), None),
        (_allow(Resource="arn:${part}:dynamodb:us-east-1:123456789012:table/books"), None),
    ],
)
def test_a_variable_without_a_value_allows_nothing(
    statement: dict[str, Any], expected: str | None
) -> None:
    """IAM User Guide, "IAM policy elements: Variables and tags": "not present means that the value
    is not in the current request information, and any attempt to match it fails and causes the
    statement to be invalid"; which operators have variables, and that only the part of an ARN
    behind the fifth colon has."""
    context = {"k": ["v"], "n": ["1"], "limit": ["5"], "star": ["*"], "part": ["aws"]}
    assert policies.effect(_of([statement]), "dynamodb:GetItem", _TABLE, context) == expected


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
        ("ForAllValues:StringEquals", ["a"], [""], True),
        ("ForAnyValue:StringLike", ["*"], [""], False),
        ("DateGreaterThan", "2029-12", ["2029-12-31T00:00:00Z"], True),
        ("DateLessThan", "2030-01", ["2029-12-31T00:00:00Z"], True),
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


ALICE = Principal(USER, USER, "123456789012")
ME = Principal(SESSION, ROLE, "123456789012")


@pytest.mark.parametrize(
    ("principal", "caller", "expected"),
    [
        ({"AWS": "123456789012"}, ALICE, "account"),
        ({"AWS": "arn:aws:iam::123456789012:root"}, ALICE, "account"),
        ({"AWS": ["123456789012", USER]}, ALICE, "itself"),
        ("*", ALICE, "itself"),
        ({"AWS": "arn:aws:iam::123456789012:user/b"}, ALICE, None),
        ({"AWS": "arn:aws:iam::123456789012:user/*"}, ALICE, None),
        ({"AWS": ROLE}, ME, "role"),
        ({"AWS": SESSION}, ME, "itself"),
        ({"Service": "ec2.amazonaws.com"}, ALICE, None),
    ],
    ids=str,
)
def test_an_account_stands_for_its_principals(
    principal: Any, caller: Principal, expected: principals.Standing | None
) -> None:
    assert trust.standing(_trust(principal), caller, {}) == expected


ACCOUNT = "arn:aws:iam::123456789012:root"
DENY_TO_OTHERS = {"Effect": "Deny", "Action": "*", "Resource": "*"}


@pytest.mark.parametrize(
    ("excepted", "caller", "expected"),
    [
        ([USER, ACCOUNT], ALICE, False),
        ([USER, "123456789012"], ALICE, False),
        ([USER], ALICE, True),
        ([ACCOUNT], ALICE, True),
        ([USER, ACCOUNT], replace(ALICE, is_bounded=True), True),
        ([SESSION, ROLE, ACCOUNT], ME, False),
        ([SESSION, ACCOUNT], ME, True),
        ([ROLE, ACCOUNT], ME, True),
        ([USER, ACCOUNT], principals.ANYBODY, True),
        (["*"], principals.ANYBODY, False),
    ],
    ids=str,
)
def test_not_principal_excepts_whom_it_names_with_account_and_role(
    excepted: list[str], caller: Principal, expected: bool
) -> None:
    """IAM User Guide, "AWS JSON policy elements: NotPrincipal": "you must also specify the account
    ARN of the not-denied principal"; it "will always deny any IAM principal that has a permissions
    boundary policy attached"; "Using it with "Effect":"Allow" is not supported"."""
    statement = {**DENY_TO_OTHERS, "NotPrincipal": {"AWS": excepted}}
    assert bool(principals.denied([statement], caller)) is expected
    allowing = [{**statement, "Effect": "Allow"}]
    assert not any(principals.allowed(allowing, caller, kind) for kind in ("itself", "account"))


def test_a_trust_policy_can_demand_an_external_id() -> None:
    document = _trust("*", Condition={"StringEquals": {"sts:ExternalId": "1"}})

    assert trust.standing(document, ALICE, {"sts:externalid": ["1"]})
    assert not trust.standing(document, ALICE, {})


@settings(max_examples=80, deadline=None)
@given(st.text("ab*?", max_size=7), st.text("ab", max_size=9))
def test_wildcards_mean_what_a_regular_expression_means(pattern: str, value: str) -> None:
    regex = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)
    assert wildcards.matches(pattern, value) == bool(re.fullmatch(regex, value, re.DOTALL))


@settings(max_examples=80, deadline=None)
@given(st.text("ab*?:", max_size=9), st.text("ab:", max_size=9))
def test_wildcards_of_arns_mean_what_a_regular_expression_means(pattern: str, value: str) -> None:
    regex = re.sub(r"\*+(?=[^*:])", "[^:]*", pattern).replace("?", ".")
    regex = re.sub(r"(?<!\])\*+", ".*", regex)
    assert resource_patterns.matches(pattern, value) == bool(re.fullmatch(regex, value, re.DOTALL))


@pytest.mark.parametrize("pattern", ["*a" * 5_000 + "b", "*?" * 2_000 + "b", "*a?a" * 2_500 + "c"])
def test_no_wildcard_pattern_takes_long(pattern: str) -> None:
    started = time.monotonic()
    assert not resource_patterns.matches(pattern, "a" * 2_000)
    resource_patterns.matches(pattern[:-1] + "*b", ":a" * 2_000 + "b")
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
