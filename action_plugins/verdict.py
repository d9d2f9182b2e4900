# GNU General Public License v3.0+ (see LICENSE)
"""Judge a scenario's claims by what was observed; library/verdict.py documents it.

The records are where ansible-playbook runs, and so does the task.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from evidence.claims import Claim, ClaimError, judge, parse_claims
from evidence.evidence import read_evidence
from evidence.junit import junit_xml
from evidence.observation import running_observer, stop
from evidence.run_folder import existing_run, write_whole
from evidence.table import claims_table, control_table, summary_table, surprises
from evidence.verdicts import read_results, scenario_result, with_result, write_results

SPECIFICATION: dict[str, Any] = {
    "argument_spec": {
        "runs_directory": {"type": "path", "required": True},
        "run": {"type": "str", "default": "latest"},
        "scenario": {"type": "str", "required": True},
        "hypothesis": {"type": "str", "default": ""},
        "claims": {"type": "list", "elements": "dict", "required": True},
        "objective": {"type": "float", "default": 0.99},
        "negative_control": {"type": "bool", "default": False},
    }
}


class NotObservedError(Exception):
    """There is no finished observation to judge."""


def judged(options: dict[str, Any], claims: list[Claim]) -> dict[str, Any]:
    """End the observation, judge, write the record, and return what the task returns."""
    runs_directory, scenario = Path(options["runs_directory"]), options["scenario"]
    observer = running_observer(runs_directory)
    if observer is not None and observer.scenario == scenario:
        stop(observer)
    try:
        folder = existing_run(options["run"], runs_directory)
        evidence = read_evidence(folder, scenario)
    except (FileNotFoundError, LookupError) as error:
        raise NotObservedError(str(error)) from error
    result = scenario_result(
        evidence,
        [judge(claim, evidence) for claim in claims],
        hypothesis=options["hypothesis"],
        objective=options["objective"],
        negative_control=options["negative_control"],
    )
    before = read_results(folder.verdicts)
    results = with_result(before, result)
    write_results(folder.verdicts, folder.path.name, results)
    write_whole(folder.junit, junit_xml(results))
    table = control_table if options["negative_control"] else claims_table
    return {
        "changed": results != before,
        "run_folder": str(folder.path),
        "passed": result["passed"],
        "claims": result["claims"],
        "figures": result["figures"],
        "table": table(result["claims"]),
        "summary": summary_table(results),
    }


def failure(scenario: str, result: dict[str, Any], negative_control: bool) -> str:
    """The failed verdict, readable: which claims, what was expected, what was seen."""
    what = (
        "the negative control of {} did not make every claim fail that must"
        if negative_control
        else "not every claim of {} is true"
    ).format(scenario)
    return "\n".join([f"{what}:", *result["table"], f"Records: {result['run_folder']}"])


class ActionModule(ActionBase):  # type: ignore[misc]
    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        _, options = self.validate_argument_spec(**SPECIFICATION)
        try:
            claims = parse_claims(options["claims"], options["negative_control"])
            if self._task.check_mode:
                return {"changed": False, "run_folder": ""}
            result = judged(options, claims)
        except (ClaimError, NotObservedError) as error:
            raise AnsibleActionFail(str(error)) from error
        schedule = result["figures"]["schedule"]
        if not schedule["kept"]:
            Display().warning(
                "The prober did not keep its schedule: 1 of 100 requests left later than "
                f"{schedule['p99_late_ms']} ms, {schedule['missed']} never did. This machine was "
                "too busy: the latencies of this run are greater than the service's."
            )
        if not result["passed"]:
            return {
                "failed": True,
                "msg": failure(options["scenario"], result, options["negative_control"]),
                "run_folder": result["run_folder"],
                "passed": False,
                "surprises": surprises(result["claims"], options["negative_control"]),
            }
        return result
