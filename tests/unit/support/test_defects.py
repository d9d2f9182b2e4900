"""The list of defects still fits the product, and what is computed from it is right."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from defect_bench import LOCAL_AWS, SERVER
from defects import Defect, DoesNotApplyError, Finding, chance_of_a_failure, read_defects

ROOT = Path(__file__).parents[3]
LISTS = ROOT / "tests/campaigns/defects"
OF_SERVER = read_defects(LISTS / "server.toml")
OF_LOCAL_AWS = read_defects(LISTS / "local_aws.toml")
DEFECTS = [*OF_SERVER, *OF_LOCAL_AWS]


@pytest.mark.parametrize("defect", DEFECTS, ids=str)
def test_it_is_an_edit_of_a_program_of_today(defect: Defect) -> None:
    for edit in defect.edits:
        text = (ROOT / edit.file).read_text()
        edited = edit.edited(text)
        assert ast.dump(ast.parse(edited)) != ast.dump(ast.parse(text))
        assert "SHARE" not in edited
    assert ("SHARE" in defect.after) == (defect.share is not None)


def test_each_is_in_the_list_of_the_part_that_it_is_in() -> None:
    assert {Path(defect.file).parent for defect in OF_SERVER} == {Path(SERVER)}
    assert all(Path(defect.file).is_relative_to(LOCAL_AWS) for defect in OF_LOCAL_AWS)


def test_each_has_a_name_of_its_own() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS)


def test_each_scenario_must_refute_at_least_two() -> None:
    scenarios = {path.stem for path in (ROOT / "playbooks/scenarios").glob("*.yml")}
    refuting = Counter(defect.scenario for defect in DEFECTS)
    assert refuting.keys() == scenarios
    assert min(refuting.values()) >= 2


@pytest.mark.parametrize(("text", "found"), [("a = 2\n", 0), ("a = 1\na = 1\n", 2)])
def test_one_that_does_not_fit_says_so(text: str, found: int) -> None:
    defect = Defect("a.py", "a = 1", "a = 2", "a is two", "healthy")
    with pytest.raises(DoesNotApplyError, match=rf"a is two: a\.py holds this {found} times"):
        defect.edited(text)


def claim(outcome: str, sentence: str, of: int | None = None) -> dict[str, Any]:
    proportion = None if of is None else {"matching": 4, "of": of, "low": 0.0, "high": 1.0}
    return {"claim": sentence, "seen": "4", "outcome": outcome, "proportion": proportion}


def test_a_finding_names_the_claims_that_decided() -> None:
    claims = [claim("held", "a", 30), claim("refuted", "b", 9), claim("unjudged", "c")]
    refuted = Finding("refuted", ("b (seen: 4)",), requests=30)
    assert Finding.of({"outcome": "failed", "claims": claims}) == refuted
    unjudged = Finding("unjudged", ("c (seen: 4)",), requests=0)
    assert Finding.of({"outcome": "unjudged", "claims": claims[2:]}) == unjudged
    survived = Finding("survived", (), requests=30)
    assert Finding.of({"outcome": "passed", "claims": claims[:1]}) == survived


@pytest.mark.parametrize(
    ("outcome", "reasons", "alone"),
    [
        ("unjudged", ["this machine was too busy: 20% of its time was taken"], True),
        ("unjudged", ["aborted: success 70%; this machine was too busy: 20%"], True),
        ("unjudged", ["the prober fell behind: it never sent 30 of 900 requests"], True),
        ("unjudged", ["this machine was too busy: 20%", "the backend died"], False),
        ("unjudged", ["the records do not cover its time"], False),
        ("failed", ["12%, this machine was too busy: 20%"], False),
    ],
)
def test_a_busy_machine_is_an_excuse_for_what_nothing_else_left_unjudged(
    outcome: str, reasons: list[str], alone: bool
) -> None:
    of_outcome = {"unjudged": "unjudged", "failed": "refuted"}[outcome]
    claims = [{**claim(of_outcome, "a"), "seen": reason} for reason in reasons]
    finding = Finding.of({"outcome": outcome, "claims": claims})
    assert finding.machine_was_too_busy == alone


@pytest.mark.parametrize(
    ("share", "requests", "chance"),
    [(0.005, 0, 0.0), (0.005, 1, 0.005), (0.005, 919, 0.99), (0.002, 3000, 0.9975), (1.0, 1, 1.0)],
)
def test_the_chance_that_a_rare_failure_is_among_so_many_requests(
    share: float, requests: int, chance: float
) -> None:
    assert chance_of_a_failure(share, requests) == pytest.approx(chance, abs=1e-4)
