"""verdicts.json: the claims of a run's scenarios with what became of them, and their figures.

Its form is published as verdicts.schema.json beside this file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evidence.judge.statistics import figures
from evidence.judge.verdict import Verdict, passed, scenario_outcome
from evidence.record.evidence import Evidence
from evidence.record.writing import write_whole
from evidence.report.repetitions import repetition, together

SCHEMA = "resilience-verdicts/4"


def scenario_result(
    evidence: Evidence,
    verdicts: Sequence[Verdict],
    *,
    hypothesis: str,
    objective: float,
    negative_control: bool,
) -> dict[str, Any]:
    """The entry in verdicts.json of a scenario that was played once."""
    result = {
        "scenario": evidence.scenario,
        "hypothesis": hypothesis,
        "negative_control": negative_control,
        "passed": passed(verdicts, negative_control),
        "outcome": scenario_outcome(verdicts, negative_control),
        "interruption": evidence.interruption and str(evidence.interruption),
        "started_at": evidence.started_at,
        "stopped_at": evidence.stopped_at,
        "settings": dict(evidence.settings),
        "claims": [asdict(verdict) for verdict in verdicts],
        "figures": figures(evidence, objective),
    }
    return _with_itself(result)


def read_results(path: Path) -> list[dict[str, Any]]:
    """The entries of a verdicts.json, in the order the scenarios were played; none without one.

    Raises ValueError, in one line, for a file that is damaged or of another version.
    """
    if not path.exists():
        return []
    try:
        results: list[dict[str, Any]] = json.loads(path.read_text())["scenarios"]
        return [each if "repetitions" in each else _of_older_version(each) for each in results]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} is damaged or of another version: {SCHEMA} is expected; move it away, then "
            "play again"
        ) from error


def result_of(path: Path, scenario: str) -> dict[str, Any] | None:
    """The last entry of a scenario, or of its negative control; None while there is none."""
    found = (each for each in reversed(read_results(path)) if each["scenario"] == scenario)
    return next(found, None)


def with_result(
    results: Sequence[dict[str, Any]], new: dict[str, Any], repeats: int = 1
) -> list[dict[str, Any]]:
    """Add an entry; one of the same scenario, played before in the same run, is judged with it."""
    key = key_of(new)
    earlier = next((each for each in results if key_of(each) == key), new)
    kept = [each for each in results if key_of(each) != key]
    return sorted([*kept, together(earlier, new, repeats)], key=_first_start)


def key_of(result: Mapping[str, Any]) -> tuple[str, bool]:
    """What an entry is of; no other entry of the same run is of the same."""
    return result["scenario"], result["negative_control"]


def write_results(path: Path, run: str, results: Sequence[dict[str, Any]]) -> None:
    """Replace the file with these results."""
    document = {"schema": SCHEMA, "run": run, "scenarios": list(results)}
    write_whole(path, json.dumps(document, indent=1) + "\n")


def _of_older_version(result: dict[str, Any]) -> dict[str, Any]:
    """It does not say how often a scenario was played, and perhaps knows two outcomes only."""
    outcome = "passed" if result["passed"] else "failed"
    return _with_itself({"outcome": outcome, "interruption": None, **result})


def _with_itself(result: dict[str, Any]) -> dict[str, Any]:
    return {**result, "repeats": 1, "repetitions": [repetition(result)]}


def _first_start(result: dict[str, Any]) -> float:
    return float(result["repetitions"][0]["started_at"])
