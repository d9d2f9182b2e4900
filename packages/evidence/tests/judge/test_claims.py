"""How a claim is written, and what is refused."""

import math
from typing import Any

import pytest
from story import Story

from evidence.claims import ClaimError, judge, parse_claims

REAL = {"claim": "all real", "measure": "share", "where": {"kind": "real"}, "is": 1}


@pytest.mark.parametrize(
    ("claim", "complaint"),
    [
        ({"measure": "share"}, "needs its sentence"),
        ({**REAL, "claim": " "}, "needs its sentence"),
        ({**REAL, "measure": "shares"}, r"unknown measure 'shares' \(valid: .*\bshare\b"),
        ({**REAL, "when": "after"}, r"unknown when \(valid: claim, measure"),
        ({**REAL, "instance": "i-1"}, r"share takes no instance \(it takes: where, among\)"),
        ({**REAL, "during": "later"}, r"unknown time 'later' \(valid: all, before"),
        ({**REAL, "during": ["before", "later"]}, r"unknown time 'later' \(valid: all, before"),
        ({**REAL, "during": []}, r"unknown time \[\] \(valid: all, before"),
        ({**REAL, "where": {"colour": "red"}}, r"unknown field 'colour' \(valid: kind, status"),
        ({**REAL, "where": {"kind": {"in": "x"}}}, "only {not: …} is known"),
        ({**REAL, "where": {"kind": []}}, "kind has no value"),
        ({**REAL, "where": {"instance": ""}}, "instance has no value"),
        ({**REAL, "where": "kind"}, "a filter is a mapping"),
        ({**REAL, "where": {"kind": "eror"}}, r"unknown kind 'eror' \(valid: real, static, error"),
        ({**REAL, "among": {"kind": {"not": ["real", "eror"]}}}, "unknown kind 'eror'"),
        ({**REAL, "where": {"status": "5xx"}}, r"unknown status '5xx' \(valid: 100 to 599, None"),
        ({**REAL, "where": {"status": [200, 600]}}, "unknown status '600'"),
        ({**REAL, "where": {"status": True}}, "unknown status 'True'"),
        (
            {**REAL, "where": {"error": "time-out"}},
            r"unknown error 'time-out' \(valid: refused, .*",
        ),
        ({**REAL, "where": {"error": {"not": "5xx"}}}, "unknown error '5xx'"),
        ({"claim": "c", "measure": "share", "is": 1}, "share needs where"),
        ({"claim": "c", "measure": "healthy_targets"}, "needs a bound"),
        ({**REAL, "at_most": 1}, "needs a bound"),
        ({**REAL, "is": "most"}, "bound must be a number"),
        ({**REAL, "is": math.nan}, "bound must be a number"),
        ({**REAL, "is": 10**400}, "bound must be a number"),
        ({"claim": "c", "measure": "seconds_to_recover", "at_most": math.inf}, "must be a number"),
        (
            {"claim": "c", "measure": "target_state", "instance": "i", "at_most": "x"},
            "is text; its bound is `is`",
        ),
    ],
)
def test_a_claim_that_is_written_wrongly_says_how(claim: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ClaimError, match=complaint):
        parse_claims([claim])


@pytest.mark.parametrize(
    "written",
    [
        {**REAL, "during": ["before", "after"]},
        {
            "claim": "few fail",
            "measure": "share",
            "where": {"error": ["502", "503"], "instance": {"not": ["i-a", "i-b"]}},
            "among": {"status": {"not": "200"}},
            "during": ["all"],
            "at_least": 0.1,
            "at_most": 0.2,
        },
        {
            "claim": "it drains",
            "measure": "target_state",
            "instance": "i-a",
            "during": ["after"],
            "is": "draining",
        },
    ],
)
def test_a_verdict_carries_its_claim_as_it_was_written(written: dict[str, Any]) -> None:
    given = {"during": ["all"], **written}
    [claim] = parse_claims([given])
    definition = judge(claim, Story().evidence()).definition
    assert {"claim": given["claim"], **definition} == given
    assert parse_claims([{"claim": given["claim"], **definition}]) == [claim]


def test_no_claims_and_claims_that_are_there_twice_are_refused() -> None:
    with pytest.raises(ClaimError, match="no claims"):
        parse_claims([])
    with pytest.raises(ClaimError, match="there twice"):
        parse_claims([REAL, {**REAL, "during": "after"}])


def test_a_control_without_a_claim_that_must_fail_is_refused() -> None:
    with pytest.raises(ClaimError, match="must_fail_in_control"):
        parse_claims([REAL], negative_control=True)
    assert parse_claims([{**REAL, "must_fail_in_control": True}], negative_control=True)
