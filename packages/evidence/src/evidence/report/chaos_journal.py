"""A scenario as a journal of the Chaos Toolkit, for `chaos report` and whatever else reads those.

    hypothesis   the claims: before, those about the time before the fault; after, all others
    method       the fault, with what it changed, and the figures of what was observed
    rollbacks    the repair, until the service was restored

A claim that is unjudged is a probe that failed; one that was refuted a deviation. The form is that
of chaostoolkit-lib (`chaoslib.run.initialize_run_journal` and what fills it).
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from evidence.record.evidence import Evidence, Mark
from evidence.record.run_folder import RunFolder
from evidence.record.windows import FAULT, REPAIR, RESTORED, SETTLED
from evidence.record.writing import write_whole
from evidence.report.run_record import ScenarioRecord

if TYPE_CHECKING:
    from chaoslib.types import Activity, Experiment, Journal, Run

FORM = "1.44.0"
"""The version of chaostoolkit-lib whose form this is; its readers choose by it."""

_RECORDS = "requests.jsonl, samples.jsonl, journal.jsonl"
_STATUS = {"died": "failed", "stopped": "interrupted", "aborted": "aborted", "starved": "aborted"}


def write_chaos_journal(
    folder: RunFolder, result: Mapping[str, Any], evidence: Evidence, repetition: int = 1
) -> None:
    """Write or replace the journal of one repetition of a scenario, in the run's folder."""
    scenario = ScenarioRecord(result, evidence)
    folder.chaos_journals.mkdir(exist_ok=True)
    text = json.dumps(chaos_journal(scenario, node=platform.node()), indent=1)
    name = scenario.anchor + (f"-{repetition}" if repetition > 1 else "")
    write_whole(folder.chaos_journals / f"{name}.json", text + "\n")


def chaos_journal(scenario: ScenarioRecord, node: str) -> Journal:
    """The journal of a scenario that was judged; `node` is the machine that observed it."""
    evidence = scenario.evidence
    claims = scenario.result["claims"]
    before = [claim for claim in claims if _during(claim) == ["before"]]
    after = [claim for claim in claims if claim not in before]
    method = _method(scenario)
    rollbacks = _rollbacks(scenario)
    return {
        "chaoslib-version": FORM,
        "platform": str(evidence.settings.get("machine", "")),
        "node": node,
        "experiment": {
            **_experiment(scenario),
            "method": [run["activity"] for run in method],
            "rollbacks": [run["activity"] for run in rollbacks],
        },
        **_times(evidence.started_at, evidence.stopped_at),
        "status": _status(scenario),
        "deviated": any(claim["outcome"] == "refuted" for claim in after),
        "steady_states": {
            "before": _state(before, evidence),
            "after": _state(after, evidence),
            "during": [],
        },
        "run": method,
        "rollbacks": rollbacks,
    }


def _experiment(scenario: ScenarioRecord) -> Experiment:
    result, settings = scenario.result, scenario.evidence.settings
    tags = [str(settings[name]) for name in ("backend", "region") if settings.get(name)]
    hypothesis = result["hypothesis"] or scenario.title
    return {
        "version": "1.0.0",
        "title": scenario.title,
        "description": hypothesis,
        "tags": [*tags, *(["negative control"] if result["negative_control"] else [])],
        "steady-state-hypothesis": {
            "title": hypothesis,
            "probes": [_probe(claim) for claim in result["claims"]],
        },
    }


def _status(scenario: ScenarioRecord) -> str:
    interruption = scenario.evidence.interruption
    if interruption is not None:
        return _STATUS[interruption.kind]
    unjudged = any(claim["outcome"] == "unjudged" for claim in scenario.result["claims"])
    return "failed" if unjudged else "completed"


def _state(claims: Sequence[Mapping[str, Any]], evidence: Evidence) -> dict[str, Any]:
    """The claims of one time as probes of the steady state; without any it was met."""
    return {
        "steady_state_met": all(claim["outcome"] == "held" for claim in claims),
        "probes": [_probe_run(claim, evidence) for claim in claims],
    }


def _probe(claim: Mapping[str, Any]) -> Activity:
    """A claim as a probe; its tolerance is the bound in words."""
    return {
        "type": "probe",
        "name": claim["claim"],
        "tolerance": claim["expected"],
        "provider": {
            "type": "python",
            "module": "evidence.claims",
            "func": "judge",
            "arguments": {
                "claim": claim["definition"],
                "evidence": _RECORDS,
            },
        },
    }


def _during(claim: Mapping[str, Any]) -> list[str]:
    """The windows that a claim is about.

    Only that the steady state comes has no definition: no scenario writes it, each one rests on it.
    """
    during: list[str] = claim["definition"].get("during", ["before"])
    return during


def _probe_run(claim: Mapping[str, Any], evidence: Evidence) -> Run:
    windows = [evidence.windows[name] for name in _during(claim) if name in evidence.windows]
    start = min((window.start for window in windows), default=evidence.stopped_at)
    end = max((window.end for window in windows), default=evidence.stopped_at)
    unjudged = claim["outcome"] == "unjudged"
    return {
        "activity": _probe(claim),
        "output": claim["seen"],
        **_times(start, end),
        "status": "failed" if unjudged else "succeeded",
        "tolerance_met": claim["outcome"] == "held",
        **({"exception": [claim["seen"]]} if unjudged else {}),
    }


def _method(scenario: ScenarioRecord) -> list[Run]:
    """The fault, until its effect showed, and what was observed from start to end."""
    evidence = scenario.evidence
    marks = evidence.marked
    runs = []
    if FAULT in marks:
        until = marks[SETTLED].at if SETTLED in marks else evidence.windows["all"].end
        name = marks[FAULT].mutation or FAULT
        runs.append(_action_run(scenario, name, marks[FAULT], until, succeeded=SETTLED in marks))
    figures = scenario.result["figures"]
    observed: Activity = {
        "type": "probe",
        "name": f"{figures['requests']} requests were observed",
        "provider": {
            "type": "python",
            "module": "evidence.judge.statistics",
            "func": "figures",
            "arguments": {
                "evidence": _RECORDS,
                "objective": figures["error_budget"]["objective"],
            },
        },
    }
    window = evidence.windows["all"]
    runs.append(
        {
            "activity": observed,
            "output": figures,
            **_times(window.start, window.end),
            "status": "succeeded",
        }
    )
    return runs


def _rollbacks(scenario: ScenarioRecord) -> list[Run]:
    """The repair, until the service was restored; none when it was left out."""
    evidence = scenario.evidence
    marks = evidence.marked
    if REPAIR not in marks:
        return []
    until = marks[RESTORED].at if RESTORED in marks else evidence.stopped_at
    name = (evidence.fault and evidence.fault.inverse) or REPAIR
    return [_action_run(scenario, name, marks[REPAIR], until, succeeded=RESTORED in marks)]


def _action_run(
    scenario: ScenarioRecord, name: str, mark: Mark, until: float, succeeded: bool
) -> Run:
    """A change that was marked; its output is what it changed, as data."""
    command = str(scenario.evidence.settings.get("command", ""))
    path, _, words = command.partition(" ")
    return {
        "activity": {
            "type": "action",
            "name": name,
            "provider": {
                "type": "process",
                "path": path or "ansible-playbook",
                "arguments": command and f"{words} --tags {scenario.result['scenario']}".strip(),
            },
        },
        "output": {
            "instance": mark.instance,
            "mutations": [dict(mutation) for mutation in mark.mutations],
            "restored by": mark.inverse,
        },
        **_times(mark.at, until),
        "status": "succeeded" if succeeded else "failed",
    }


def _times(start: float, end: float) -> dict[str, Any]:
    return {
        "start": datetime.fromtimestamp(start, UTC).isoformat(),
        "end": datetime.fromtimestamp(end, UTC).isoformat(),
        "duration": round(end - start, 6),
    }
