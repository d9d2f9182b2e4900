#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: verdict
short_description: Judge a scenario's claims by what was observed
description:
  - Measures each claim in the records of M(observation) and compares it with its bound.
  - Writes the claims, what was seen, and the scenario's figures to C(verdicts.json) and
    C(junit.xml) in the run's folder, then fails when a claim is not so.
  - A claim for which nothing was recorded never holds.
author:
  - The contributors of this project
options:
  runs_directory:
    description: Where the folders of all runs are.
    type: path
    required: true
  run:
    description: The folder of the run, below O(runs_directory).
    type: str
    default: latest
  scenario:
    description: The scenario that was observed. An observation that still runs is stopped first.
    type: str
    required: true
  hypothesis:
    description: What the scenario is to show, in one sentence.
    type: str
    default: ""
  claims:
    description:
      - Each needs C(claim) (its sentence), C(measure), and a bound, C(is), or C(at_least) and/or
        C(at_most). What is sampled must be within the bound in every sample.
      - C(during) is V(all), V(before) the fault, V(during) it until it settled, or V(after) that.
      - C(where) tells which replies are meant, C(among) out of which others. Both map C(kind),
        C(status), C(error), C(instance), C(availability_zone) or C(release) to a value, a list of
        values, or C({not:...}).
      - A claim with C(must_fail_in_control) proves in a negative control that it can fail.
      - An unknown measure, option or field is an error that lists the valid ones.
    type: list
    elements: dict
    required: true
  objective:
    description: The share of requests that should succeed; what may fail is the error budget.
    type: float
    default: 0.99
  negative_control:
    description:
      - The scenario was played without what makes its claims true. Then the task passes only if
        every claim with C(must_fail_in_control) was measured false.
    type: bool
    default: false
attributes:
  check_mode:
    description: Checks how the claims are written, and judges nothing.
    support: full
  diff_mode:
    description: The result itself is what there is to see.
    support: none
  idempotent:
    description: Judging the same observation again writes the same.
    support: full
"""

EXAMPLES = r"""
- name: Judge
  verdict:
    runs_directory: "{{ runs_directory }}"
    scenario: bad-credentials
    hypothesis: An instance without credentials serves the static response, and nobody sees an error
    claims:
      - claim: every reply of the bad instance is the static one
        measure: share
        where: {kind: static}
        among: {instance: "{{ bad_instance }}"}
        during: after
        is: 1
      - claim: all three targets stay healthy
        measure: healthy_targets
        during: after
        is: 3
"""

RETURN = r"""
run_folder:
  description: Where the run is recorded.
  returned: always
  type: str
passed:
  description: Whether every claim held; in a negative control, whether those failed that must.
  returned: when judged
  type: bool
claims:
  description: The claims with what was expected and seen.
  returned: when judged
  type: list
  elements: dict
  contains:
    claim:
      description: The sentence.
      type: str
    expected:
      description: What is measured, and its bound.
      type: str
    seen:
      description: What was measured.
      type: str
    outcome:
      description: V(held), V(refuted), or V(unjudged) when there was nothing to measure.
      type: str
    must_fail_in_control:
      description: As it was given.
      type: bool
figures:
  description: The scenario's figures, as in C(verdicts.json).
  returned: when judged
  type: dict
table:
  description: The claims as lines of text.
  returned: when judged
  type: list
  elements: str
summary:
  description: All scenarios of the run so far, as lines of text.
  returned: when judged
  type: list
  elements: str
"""

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

try:
    from evidence.claims import Claim, ClaimError, judge, parse_claims
    from evidence.evidence import read_evidence
    from evidence.junit import junit_xml
    from evidence.observation import running_observer, stop
    from evidence.run_folder import existing_run, write_whole
    from evidence.table import claims_table, control_table, summary_table
    from evidence.verdicts import (
        read_results,
        scenario_result,
        with_result,
        write_results,
    )
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None


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


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "runs_directory": {"type": "path", "required": True},
            "run": {"type": "str", "default": "latest"},
            "scenario": {"type": "str", "required": True},
            "hypothesis": {"type": "str", "default": ""},
            "claims": {"type": "list", "elements": "dict", "required": True},
            "objective": {"type": "float", "default": 0.99},
            "negative_control": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    if MISSING is not None:
        module.fail_json(msg=missing_required_lib("evidence (make setup)"), exception=str(MISSING))
    options = module.params
    try:
        claims = parse_claims(options["claims"], options["negative_control"])
        if module.check_mode:
            module.exit_json(changed=False, run_folder="")
        result = judged(options, claims)
    except (ClaimError, NotObservedError) as error:
        module.fail_json(msg=str(error))
    schedule = result["figures"]["schedule"]
    if not schedule["kept"]:
        module.warn(
            "The prober did not keep its schedule: 1 of 100 requests left later than "
            f"{schedule['p99_late_ms']} ms, {schedule['missed']} never did. "
            "This machine was too busy: the latencies of this run are greater than the service's."
        )
    if not result["passed"]:
        module.fail_json(
            msg=failure(options["scenario"], result, options["negative_control"]),
            run_folder=result["run_folder"],
            passed=False,
        )
    module.exit_json(**result)


if __name__ == "__main__":
    main()
