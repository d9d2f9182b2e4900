# GNU General Public License v3.0+ (see LICENSE)
"""Judge a scenario's claims by what was observed; library/verdict.py documents it.

The records are where ansible-playbook runs, and so does the task.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from evidence.claims import Claim, Verdict, judge, parse_claims
from evidence.evidence import Evidence, Interruption, read_evidence
from evidence.judge.backend import death, observers_death
from evidence.judge.clock import unjudged_if_clock_set
from evidence.judge.starvation import did_not_come, unjudged_if_starved
from evidence.observe.observation import running_observer, stop
from evidence.record.named_runs import existing_run
from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import RunFolder, run_of
from evidence.record.writing import not_recorded, write_whole
from evidence.report.chaos_journal import write_chaos_journal
from evidence.report.junit import junit_xml
from evidence.report.playing_again import is_played_again, next_pace
from evidence.report.table import (
    claims_table,
    control_table,
    last_line,
    spread_table,
    summary_table,
)
from evidence.report.verdicts import (
    key_of,
    read_results,
    scenario_result,
    with_result,
    write_results,
)

SPECIFICATION: dict[str, Any] = {
    "argument_spec": {
        "runs_directory": {"type": "path", "required": True},
        "run": {"type": "str"},
        "scenario": {"type": "str", "required": True},
        "hypothesis": {"type": "str", "default": ""},
        "claims": {"type": "list", "elements": "dict", "required": True},
        "objective": {"type": "float", "default": 0.99},
        "negative_control": {"type": "bool", "default": False},
        "repeats": {"type": "int", "default": 1},
        "attempts": {"type": "int", "default": 1},
        "pace": {"type": "float", "default": 1.0},
        "unsteady": {"type": "str"},
        "unsteady_since": {"type": "float"},
    }
}


class NotObservedError(Exception):
    """There is no finished observation to judge."""


def judged(options: dict[str, Any], claims: list[Claim]) -> dict[str, Any]:
    """End the observation, judge, write the record, and return what the task returns.

    The scenario is judged together with its earlier repetitions in the same run; the table is of
    the latest alone while another one is due.
    """
    folder = judged_run(options["run"], Path(options["runs_directory"]))
    evidence = observed(folder, options["scenario"])
    verdicts = verdicts_on(claims, evidence)
    if options["unsteady"]:
        verdicts = without_fault(verdicts)
        if all(each.held for each in verdicts):  # by now; in time they did not
            verdicts += [did_not_come(evidence, options["unsteady_since"], options["unsteady"])]
    result = scenario_result(
        evidence,
        verdicts,
        hypothesis=options["hypothesis"],
        objective=options["objective"],
        negative_control=options["negative_control"],
    )
    before = read_results(folder.verdicts)
    results = with_result(before, result, options["repeats"])
    [together] = [each for each in results if key_of(each) == key_of(result)]
    write_results(folder.verdicts, folder.path.name, results)
    write_whole(folder.junit, junit_xml(results))
    write_chaos_journal(folder, result, evidence, len(together["repetitions"]))
    again = is_played_again(together, options["attempts"], evidence.interruption)
    pace = next_pace(together, options["pace"])
    shown = result if again else together
    return {
        "changed": results != before,
        "run_folder": str(folder.path),
        "passed": shown["passed"],
        "outcome": shown["outcome"],
        "interruption": evidence.interruption and evidence.interruption.kind,
        "played_again": again,
        "pace": pace,
        "last_line": last_line(shown),
        "claims": shown["claims"],
        "figures": shown["figures"],
        "table": table(shown) + what_follows(shown, again, pace),
        "summary": summary_table(results),
    }


def verdicts_on(claims: list[Claim], evidence: Evidence) -> list[Verdict]:
    """The claims, judged; what a busy machine or a set clock may have refuted is unjudged.

    In a negative control too: what a busy machine broke does not prove that a claim can fail.
    """
    verdicts = [judge(claim, evidence) for claim in claims]
    verdicts = unjudged_if_starved(claims, verdicts, evidence)
    return unjudged_if_clock_set(verdicts, evidence)


def without_fault(verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts of a scenario that never was steady: nothing was injected to refute a claim."""
    return [
        replace(each, must_fail_in_control=False, must_hold_in_control=True) for each in verdicts
    ]


def table(result: dict[str, Any]) -> list[str]:
    """The claims as lines."""
    if result["negative_control"]:
        return control_table(result["claims"])
    return claims_table(result["claims"], result["repetitions"])


def what_follows(result: dict[str, Any], again: bool, pace: float) -> list[str]:
    """Several repetitions say how long they took, one says that another follows, and how."""
    if not again:
        return spread_table(result)
    slower = f", with {pace:.0%} of the requests a second" if pace < 1 else ""
    return [f"it is played again{slower}"]


def judged_run(run: str | None, runs_directory: Path) -> RunFolder:
    """The named run, or else that of this task's ansible-playbook."""
    if run:
        return existing_run(run, runs_directory)
    found = run_of(ProcessIdentity.of_parent(), runs_directory)
    if found is None:
        raise NotObservedError(
            "this playbook has observed nothing: begin with the task observation, state=started"
        )
    return found


def observed(folder: RunFolder, scenario: str) -> Evidence:
    """What was recorded, after the end of the observation, and whether the backend died of it."""
    observer = running_observer(folder)
    if observer is not None and observer.scenario == scenario:
        stop(observer)
    try:
        evidence = read_evidence(folder, scenario)
    except LookupError as error:
        raise NotObservedError(str(error)) from error
    died = death(evidence) or observers_death(evidence)
    if died is None or evidence.interruption is not None:
        return evidence
    return replace(evidence, interruption=Interruption("died", died))


def failure(result: dict[str, Any]) -> str:
    """The failed verdict, readable: which claims, what was expected, what was seen."""
    return "\n".join([f"{result['last_line']}:", *result["table"], result["run_folder"]])


class ActionModule(ActionBase):  # type: ignore[misc]
    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        _, options = self.validate_argument_spec(**SPECIFICATION)
        try:
            proves = options["negative_control"] and not options["unsteady"]
            claims = parse_claims(options["claims"], proves)
            if self._task.check_mode:
                return {"changed": False, "run_folder": ""}
            result = judged(options, claims)
        except (NotObservedError, FileNotFoundError, ProcessLookupError, ValueError) as error:
            raise AnsibleActionFail(str(error)) from None
        except OSError as error:
            reason = not_recorded(error, Path(options["runs_directory"]))
            raise AnsibleActionFail(reason) from None
        schedule = result["figures"]["schedule"]
        if not schedule["kept"]:
            Display().warning(
                "The prober did not keep its schedule: 1 of 100 requests left later than "
                f"{schedule['p99_late_ms']} ms, {schedule['missed']} never did. This machine was "
                "too busy: the latencies of this run are greater than the service's."
            )
        if not result["passed"] and not result["played_again"]:
            return {
                "failed": True,
                "changed": result["changed"],
                "msg": failure(result),
                "run_folder": result["run_folder"],
                "passed": False,
                "outcome": result["outcome"],
                "interruption": result["interruption"],
                "pace": result["pace"],
                "last_line": result["last_line"],
            }
        return result
