#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: scenario_stop
short_description: End the scenario that is being played on a stack
description:
  - Finds the playbook that works on the stack by the operator's lock, and its run by that process,
    asks the run to stop, and waits until the playbook has restored the service and ended.
  - Without a lock, a run on this machine counts whose playbook still runs.
author:
  - The contributors of this project
options:
  stack_name:
    description: The stack's name.
    type: str
    required: true
  runs_directory:
    description: Where the folders of all runs are.
    type: path
    required: true
  asked_by:
    description: Who asks.
    type: str
    required: true
  timeout_seconds:
    description: How long the playbook may take to restore the service and to end.
    type: float
    default: 900
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Finds the playbook and asks nothing of it.
    support: full
  diff_mode:
    description: Nothing is shown.
    support: none
  idempotent:
    description: When nothing runs, nothing is done.
    support: full
"""

EXAMPLES = r"""
- name: End the scenario that is being played
  scenario_stop:
    stack_name: resilience-demo
    runs_directory: runs
    asked_by: ada@laptop
"""

RETURN = r"""
found:
  description: What was found and done, in one line.
  returned: always
  type: str
"""

from pathlib import Path
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call
from ansible.module_utils.resilience.waiter import NotReachedError, wait_for
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import RunFolder, facts_of, owner_of, runs
from evidence.report.verdicts import result_of
from safeguards import lock_parameter
from safeguards.operator_lock import OperatorLock

INTERVAL_SECONDS = 0.2


def lock_of(ssm: Any, stack: str) -> OperatorLock | None:
    """The operator's lock; None when nobody works on the stack."""
    name = lock_parameter.parameter_name(stack)
    value = aws_call(f"read {name}", lock_parameter.values, ssm=ssm, stacks=[stack]).get(stack)
    try:
        return None if value is None else OperatorLock.from_json(value)
    except ValueError:
        raise AnsibleAWSError(
            f"The parameter {name} holds something else than this project's lock, so nobody can be "
            "found by it. If nobody needs it, remove it with: aws ssm delete-parameter --name "
            f"{name}"
        ) from None


def running_run(stack: str, runs_directory: Path) -> RunFolder | None:
    """The run on this stack whose playbook still runs."""
    for run in runs(runs_directory):
        owner = owner_of(run)
        if owner and owner.is_running() and (facts_of(run).get("stack") or {}).get("name") == stack:
            return run
    return None


def await_end(owner: ProcessIdentity, timeout_seconds: float) -> None:
    """Raises `AnsibleAWSError` when it still runs by then."""
    try:
        wait_for(
            owner.is_running,
            lambda is_running: not is_running,
            timeout_seconds=timeout_seconds,
            interval_seconds=INTERVAL_SECONDS,
        )
    except NotReachedError as error:
        raise AnsibleAWSError(
            f"The playbook with pid {owner.pid} was asked to stop and still runs after "
            f"{error.waited_seconds:.0f} s. Look at its terminal, or end it, then run recover.yml"
        ) from error


def stop(lock: OperatorLock | None, options: dict[str, Any], check_mode: bool) -> tuple[bool, str]:
    """(whether a run was asked to stop, what was found and done)."""
    stack, directory = options["stack_name"], Path(options["runs_directory"])
    if lock and not lock.is_here:
        return False, (f"{lock.playbook} of {lock.owner} works on {lock.host}: run stop.yml there")
    run = running_run(stack, directory)
    owner = run and owner_of(run)
    if not run or not owner:
        if lock and lock.process.is_running():
            return False, (
                f"{lock.playbook} (pid {lock.pid}) works on {stack} and plays no scenario "
                f"recorded in {directory}: nothing to stop here"
            )
        return False, f"no scenario is being played on {stack}"
    if not check_mode:
        run.stop.write_text(f"{options['asked_by']}\n")
        await_end(owner, options["timeout_seconds"])
    return True, f"the run {run.path.name} (pid {owner.pid}) {outcome(run, check_mode)}"


def outcome(run: RunFolder, check_mode: bool) -> str:
    """What has become of the run, by its own record."""
    if check_mode:
        return "would be asked to stop"
    recovery = result_of(run.verdicts, "recovery")
    if recovery and recovery["passed"]:
        return "was asked to stop, has restored the service, and has ended"
    return "has ended, and its record has no recovery: restore the service with recover.yml"


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "stack_name": {"type": "str", "required": True},
            "runs_directory": {"type": "path", "required": True},
            "asked_by": {"type": "str", "required": True},
            "timeout_seconds": {"type": "float", "default": 900},
        },
        supports_check_mode=True,
    )
    try:
        lock = lock_of(module.client("ssm"), module.params["stack_name"])
        changed, found = stop(lock, module.params, module.check_mode)
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=changed, found=found)


if __name__ == "__main__":
    main()
