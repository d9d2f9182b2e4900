# GNU General Public License v3.0+ (see LICENSE)
"""Write the report of a run; library/report.py documents it.

The records are where ansible-playbook runs, and so does the task.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from evidence.record.named_runs import existing_run, listed
from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import LATEST, RunFolder, run_of, runs
from evidence.record.writing import not_recorded, write_whole
from evidence.report.comparison import compare, regressions
from evidence.report.page import render
from evidence.report.run_record import RunRecord, read_run
from evidence.report.table import summary_table

SPECIFICATION: dict[str, Any] = {
    "argument_spec": {
        "runs_directory": {"type": "path", "required": True},
        "run": {"type": "str"},
        "against": {"type": "str"},
    }
}


def summary(run: RunRecord) -> list[str]:
    return summary_table([scenario.result for scenario in run.scenarios])


def reported_run(run: str | None, runs_directory: Path) -> RunFolder:
    """The named run, or that of this task's ansible-playbook, or else the latest."""
    own = None if run else run_of(ProcessIdentity.of_parent(), runs_directory)
    return own or existing_run(run or LATEST, runs_directory)


def judged_run(folder: RunFolder, runs_directory: Path) -> RunRecord:
    """Read a run. Raises LookupError with those that can be when this one was not judged."""
    try:
        return read_run(folder)
    except LookupError as error:
        names = with_verdicts(runs_directory)
        raise LookupError(f"{error} (runs with verdicts: {listed(names) or 'none'})") from None


def with_verdicts(runs_directory: Path) -> list[str]:
    return sorted(each.path.name for each in runs(runs_directory) if each.verdicts.exists())


def compared_run(against: str, reported: RunFolder, runs_directory: Path) -> RunRecord:
    """Read the run to compare with. Raises LookupError when it is the one that is reported."""
    folder = existing_run(against, runs_directory)
    name = reported.path.resolve().name
    if folder.path.resolve().name == name:
        others = [each for each in with_verdicts(runs_directory) if each != name]
        raise LookupError(
            f"against is {against!r}, which is the run of the report itself, {name}; another one "
            f"is expected (other runs with verdicts: {listed(others) or 'none'})"
        )
    return judged_run(folder, runs_directory)


def written(options: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Render the report, write it when it differs, and return what the task returns."""
    runs_directory = Path(options["runs_directory"])
    folder = reported_run(options["run"], runs_directory)
    run = judged_run(folder, runs_directory)
    against = options["against"] and compared_run(options["against"], folder, runs_directory)
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


class ActionModule(ActionBase):  # type: ignore[misc]
    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        _, options = self.validate_argument_spec(**SPECIFICATION)
        try:
            return written(options, self._task.check_mode)
        except (FileNotFoundError, LookupError, ProcessLookupError, ValueError) as error:
            raise AnsibleActionFail(str(error)) from None
        except OSError as error:
            reason = not_recorded(error, Path(options["runs_directory"]))
            raise AnsibleActionFail(reason) from None
