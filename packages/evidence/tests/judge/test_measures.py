"""Every measure is documented, and holds nothing without evidence."""

from pathlib import Path

import pytest
from judged import outcome
from story import Story

from evidence.judge.measures import MEASURES

DOCUMENTATION = Path(__file__).parents[2] / "docs/claims.md"


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_without_evidence_no_claim_ever_holds(name: str) -> None:
    measure = MEASURES[name]
    options = {"where": {"kind": "error"}, "instance": "i-a"}
    claim = {option: options[option] for option in measure.required}
    bounds = [{"is": "healthy"}] if measure.is_text else [{"is": 0}, {"at_most": 9}]
    for bound in bounds:
        assert outcome(Story(fault=10, settled=20).evidence(), measure=name, **claim, **bound) == (
            "unjudged"
        )


def test_every_measure_is_documented() -> None:
    rows = [line for line in DOCUMENTATION.read_text().splitlines() if line.startswith("| `")]
    documented = {row.split("`")[1]: row for row in rows}
    assert set(documented) == set(MEASURES)
    for name, measure in MEASURES.items():
        assert measure.meaning in documented[name]
        assert all(f"**{option}**" in documented[name] for option in measure.required)
