"""How a scenario's claims stand while it is played: pending, then held or refuted so far. Pure.

The verdict has the last word (`verdicts.json`); until then each claim of the play is judged on what
is recorded so far. Until the effect of the fault shows, what is claimed of it is not broken but
does not hold yet. What the play computes, but the instance its fault is on, is not known before the
verdict: such a claim stays pending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evidence.claims import Claim, ClaimError, judge, parse_claims
from evidence.evidence import Evidence
from evidence.record.windows import SETTLED, STEADY

_VICTIM = "{{ instance_credentials_victim }}"
_SO_FAR = {"held": "held so far", "refuted": "refuted so far", "unjudged": "pending"}

Entry = Mapping[str, Any]


def pending(entries: Sequence[Entry]) -> list[dict[str, str]]:
    """Claims as the page shows them, before anything is known."""
    return [_shown(str(entry["claim"]), "pending", "") for entry in entries]


def standing(entries: Sequence[Entry], evidence: Evidence, victim: str) -> list[dict[str, str]]:
    """The same, judged on the evidence so far; `victim` is the instance that the fault is on."""
    if STEADY not in evidence.marked:
        return pending(entries)
    return [_standing(_filled(entry, victim), evidence) for entry in entries]


def judged(result: Mapping[str, Any]) -> list[dict[str, str]]:
    """The same, as verdicts.json has them."""
    return [
        _shown(each["claim"], each["outcome"], each["seen"], each["expected"])
        for each in result["claims"]
    ]


def _standing(entry: Entry, evidence: Evidence) -> dict[str, str]:
    claim = _parsed(entry)
    if claim is None:
        return _shown(str(entry["claim"]), "pending", "")
    verdict = judge(claim, evidence)
    state = _SO_FAR[verdict.outcome]
    if verdict.outcome == "refuted" and SETTLED not in evidence.marked:
        state = "not yet"
    seen = "" if verdict.outcome == "unjudged" else verdict.seen
    return _shown(claim.sentence, state, seen, claim.expected)


def _parsed(entry: Entry) -> Claim | None:
    if "{{" in str(entry):
        return None
    try:
        return parse_claims([entry])[0]
    except ClaimError:
        return None


def _filled(value: Any, victim: str) -> Any:
    """The same with the instance in its places, once it is known."""
    if isinstance(value, Mapping):
        return {key: _filled(each, victim) for key, each in value.items()}
    return victim if value == _VICTIM and victim else value


def _shown(text: str, state: str, seen: str, expected: str = "") -> dict[str, str]:
    return {"text": text, "state": state, "seen": seen, "expected": expected}
