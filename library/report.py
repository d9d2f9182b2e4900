#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: report
short_description: Write the report of a run as one HTML file
description:
  - Draws what M(observation) recorded and M(verdict) judged. The file, C(report.html) in the run's
    folder, needs no network.
  - With O(against) it also shows what has become better or worse since an older run, be it on this
    machine or on AWS.
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
  against:
    description: The folder of an older run to compare with, below O(runs_directory).
    type: str
attributes:
  check_mode:
    description: Says whether the file would change, and does not write it.
    support: full
  diff_mode:
    description: The file is for people; its source says nothing.
    support: none
  idempotent:
    description: The same records give the same file.
    support: full
"""

EXAMPLES = r"""
- name: Write the latest run's report
  report:
    runs_directory: "{{ runs_directory }}"

- name: Compare it with an older run
  report:
    runs_directory: "{{ runs_directory }}"
    against: 2026-11-22T20-45-10Z
"""

RETURN = r"""
path:
  description: Where the report is.
  returned: always
  type: str
  sample: /home/user/resilience/runs/2026-11-22T20-49-08Z/report.html
summary:
  description: All scenarios of the run, as lines of text.
  returned: always
  type: list
  elements: str
regressions:
  description: How many figures are worse than those of O(against).
  returned: always
  type: int
"""

from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

try:
    from evidence.report.comparison import compare, regressions
    from evidence.report.page import render
    from evidence.report.run_record import RunRecord, read_run
    from evidence.run_folder import existing_run, write_whole
    from evidence.table import summary_table
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None


def summary(run: RunRecord) -> list[str]:
    return summary_table([scenario.result for scenario in run.scenarios])


def written(options: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Render the report, write it when it differs, and return what the task returns."""
    runs_directory = Path(options["runs_directory"])
    folder = existing_run(options["run"], runs_directory)
    run = read_run(folder)
    older = options["against"]
    against = read_run(existing_run(older, runs_directory)) if older else None
    page = render(run, against)
    changed = not folder.report.exists() or folder.report.read_text() != page
    if changed and not check_mode:
        write_whole(folder.report, page)
    return {
        "changed": changed,
        "path": str(folder.report),
        "summary": summary(run),
        "regressions": regressions(compare(against, run)) if against else 0,
    }


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "runs_directory": {"type": "path", "required": True},
            "run": {"type": "str", "default": "latest"},
            "against": {"type": "str"},
        },
        supports_check_mode=True,
    )
    if MISSING is not None:
        module.fail_json(msg=missing_required_lib("evidence (make setup)"), exception=str(MISSING))
    try:
        result = written(module.params, module.check_mode)
    except (FileNotFoundError, LookupError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
