"""verdicts.json: the claims of a run's scenarios with what became of them, and their figures.

Its form is published as verdicts.schema.json beside this file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evidence.judge.claims import Verdict, passed, scenario_outcome
from evidence.judge.statistics import figures
from evidence.record.evidence import Evidence
from evidence.record.run_folder import write_whole

SCHEMA = "resilience-verdicts/2"


def scenario_result(
    evidence: Evidence,
    verdicts: Sequence[Verdict],
    *,
    hypothesis: str,
    objective: float,
    negative_control: bool,
) -> dict[str, Any]:
    """One scenario's entry in verdicts.json."""
    return {
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


def read_results(path: Path) -> list[dict[str, Any]]:
    """The entries of a verdicts.json, in the order the scenarios were played; none without one."""
    if not path.exists():
        return []
    results: list[dict[str, Any]] = json.loads(path.read_text())["scenarios"]
    return results


def with_result(results: Sequence[dict[str, Any]], new: dict[str, Any]) -> list[dict[str, Any]]:
    """Add an entry; one of the same scenario, played again in the same run, is replaced."""
    key = (new["scenario"], new["negative_control"])
    kept = [old for old in results if (old["scenario"], old["negative_control"]) != key]
    return sorted([*kept, new], key=lambda result: float(result["started_at"]))


def write_results(path: Path, run: str, results: Sequence[dict[str, Any]]) -> None:
    """Replace the file with these results."""
    document = {"schema": SCHEMA, "run": run, "scenarios": list(results)}
    write_whole(path, json.dumps(document, indent=1) + "\n")
