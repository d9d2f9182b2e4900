#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: stack_state
short_description: Bring a CloudFormation stack to rest, or remove it for certain
description:
  - With O(state=settled) waits for an operation that is in progress, such as an update that was
    begun by a playbook that is gone, and continues a rollback that has failed.
  - With O(state=absent) deletes the stack by its ARN and waits until CloudFormation says that this
    very stack is deleted. A deletion that fails is tried once more.
  - Returns why the latest operation failed, in the words of the resources that failed.
author:
  - The contributors of this project
options:
  stack_name:
    description: The name or the ARN of the stack.
    type: str
    required: true
  state:
    description: Whether the stack is to be at rest, whatever it is then, or gone.
    type: str
    choices: [settled, absent]
    default: settled
  timeout_seconds:
    description: How long one operation of CloudFormation may take.
    type: float
    default: 3600
  interval_seconds:
    description: The time between two looks at the stack.
    type: float
    default: 5
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Looks once, and predicts the change.
    support: full
  diff_mode:
    description: Shows the status before and after.
    support: full
  idempotent:
    description: A stack that is at rest, or gone, is not touched.
    support: full
"""

EXAMPLES = r"""
- name: Wait for an update that somebody has begun
  stack_state:
    stack_name: resilience-demo
  register: found

- name: Remove a stack whose creation failed
  stack_state:
    stack_name: "{{ found.arn }}"
    state: absent
  when: found.status is not none and not found.usable
"""

RETURN = r"""
arn:
  description: The ARN of the stack; V(none) when there is none.
  returned: always
  type: str
status:
  description: Its status at the end; V(none) when there is none any more.
  returned: always
  type: str
  sample: UPDATE_COMPLETE
usable:
  description: Whether it can be updated. What CloudFormation can only delete is not.
  returned: always
  type: bool
tags:
  description: Its tags; of one that was removed, those that it had.
  returned: always
  type: dict
parameters:
  description: Its parameters; of one that was removed, those that it had.
  returned: always
  type: dict
outputs:
  description: Its outputs; of one that was removed, those that it had.
  returned: always
  type: dict
reasons:
  description: Why the latest operation failed, the first cause first; empty when it did not.
  returned: always
  type: list
  elements: str
  sample: ["Table CREATE_FAILED: demo-recommendations already exists"]
actions:
  description: What was done or waited for, in plain words.
  returned: always
  type: list
  elements: str
  sample: ["waited 12 s for UPDATE_IN_PROGRESS: UPDATE_COMPLETE"]
"""

import time
from collections.abc import Callable
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call
from ansible.module_utils.resilience.first_boot import first_boot_failure
from ansible.module_utils.resilience.stacks import (
    GONE,
    ROLLBACK_FAILED,
    Stack,
    describe,
    events,
    failed_instances,
    failures,
    is_in_progress,
    is_usable,
    latest_operation,
    outputs_of,
    parameters_of,
    tags_of,
)
from ansible.module_utils.resilience.waiter import NotReachedError, wait_for
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

ATTEMPTS = 2


class StackOperations:
    """The operations on one stack. Without a stack nothing is ever done."""

    def __init__(
        self,
        client: Callable[[str], Any],
        name: str,
        options: dict[str, Any],
        *,
        check_mode: bool,
    ) -> None:
        """`client` gives the boto3 client of a service."""
        self._client = client
        self._cloudformation = client("cloudformation")
        self._options = options
        self._check_mode = check_mode
        found = describe(self._cloudformation, name)
        self.arn = found["StackId"] if found else None
        self.last_seen: Stack = {}
        self._keep(found)
        self.actions: list[str] = []
        self.changed = False

    def settle(self) -> None:
        """Wait until CloudFormation has ended what it does, and continue a failed rollback."""
        self._wait()
        if self.status != ROLLBACK_FAILED:
            return
        self._change(
            "continue the rollback of",
            "continued the rollback of",
            self._cloudformation.continue_update_rollback,
        )
        self._wait()
        if self.status == ROLLBACK_FAILED and not self._check_mode:
            raise AnsibleAWSError(
                f"The rollback of {self.arn} failed again. {'; '.join(self.reasons())}. Remove the "
                "cause and repeat, or give the resource up with: aws cloudformation "
                f"continue-update-rollback --stack-name {self.arn} --resources-to-skip <its name>"
            )

    def remove(self) -> None:
        """Delete this very stack, and be sure of it."""
        if self.status is None:
            return
        if self.status != "CREATE_IN_PROGRESS":  # AWS refuses to delete during other operations.
            self._wait()
        for _ in range(ATTEMPTS):
            if self.status is None:
                return
            self._change("delete the stack", "deleted the stack", self._cloudformation.delete_stack)
            if self._check_mode:
                return
            self._wait()
        if self.status is not None:
            raise AnsibleAWSError(
                f"{self.arn} cannot be deleted: it is {self.status}. {'; '.join(self.reasons())}. "
                "Remove what holds it, and repeat."
            )

    def reasons(self) -> list[str]:
        """Why the latest operation failed; nothing is asked of a stack that is as it should be."""
        if self.status is None or not ("FAILED" in self.status or "ROLLBACK" in self.status):
            return []
        operation = latest_operation(events(self._cloudformation, self.arn), self.arn)
        reasons: list[str] = failures(operation)
        for instance_id in failed_instances(operation):
            reason = self._reason_on_console(instance_id)
            if reason:
                reasons.append(reason)
        return reasons

    def _reason_on_console(self, instance_id: str) -> str | None:
        try:
            reason = first_boot_failure(self._client("ec2"), instance_id)
        except AnsibleAWSError as error:
            # CloudFormation's own reasons must not be lost for it. The operator's policy goes by an
            # instance's tags, and EC2 takes those away some time after termination:
            # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html
            return f"the console of {instance_id} could not be read: {error.exception}"
        return f"{instance_id}: {reason}" if reason else None

    def _change(self, purpose: str, done: str, operation: Any) -> None:
        self.changed = True
        self.actions.append(f"{done} {self.arn}, which was {self.status}")
        if not self._check_mode:
            aws_call(f"{purpose} {self.arn}", operation, StackName=self.arn)
            self._look()

    def _look(self) -> None:
        self._keep(describe(self._cloudformation, self.arn))

    def _keep(self, found: Stack | None) -> None:
        if found is None or found["StackStatus"] == GONE:
            self.status = None
        else:
            self.status, self.last_seen = found["StackStatus"], found

    def _wait(self) -> None:
        before = self.status
        if before is None or not is_in_progress(before):
            return
        began = time.monotonic()

        def look() -> str | None:
            self._look()
            return self.status

        try:
            wait_for(
                look,
                lambda status: status is None or not is_in_progress(status),
                timeout_seconds=self._options["timeout_seconds"],
                interval_seconds=self._options["interval_seconds"],
                check_mode=self._check_mode,
            )
        except NotReachedError as error:
            raise AnsibleAWSError(
                f"{self.arn} is {error.last} for more than {error.waited_seconds:.0f} s. See what "
                "holds it up with: aws cloudformation describe-stack-events --stack-name "
                f"{self.arn}"
            ) from error
        seconds = time.monotonic() - began
        self.actions.append(f"waited {seconds:.0f} s for {before}: {self.status or GONE}")


def result_of(operations: StackOperations) -> dict[str, Any]:
    stack = operations.last_seen
    return {
        "changed": operations.changed,
        "arn": operations.arn,
        "status": operations.status,
        "usable": is_usable(operations.status),
        "tags": tags_of(stack),
        "parameters": parameters_of(stack),
        "outputs": outputs_of(stack),
        "reasons": operations.reasons(),
        "actions": operations.actions,
    }


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "stack_name": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["settled", "absent"], "default": "settled"},
            "timeout_seconds": {"type": "float", "default": 3600},
            "interval_seconds": {"type": "float", "default": 5},
        },
        supports_check_mode=True,
    )
    options = module.params
    try:
        operations = StackOperations(
            module.client, options["stack_name"], options, check_mode=module.check_mode
        )
        before = operations.status
        if options["state"] == "settled":
            operations.settle()
        else:
            operations.remove()
        result = result_of(operations)
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    after = result["status"]
    if module.check_mode and operations.changed:
        after = None if options["state"] == "absent" else "UPDATE_ROLLBACK_COMPLETE"
    diff = {"before": {"status": before}, "after": {"status": after}}
    module.exit_json(diff=diff, **result)


if __name__ == "__main__":
    main()
