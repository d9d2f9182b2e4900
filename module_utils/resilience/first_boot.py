# GNU General Public License v3.0+ (see LICENSE)
"""Why an instance could not serve: SignalResource takes no reason, so it is on the console."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code

MARK = "first boot failed: "
"""What the programs of the first boot begin the line with that says why."""


def first_boot_failure(ec2: Any, instance_id: str) -> str | None:
    """The last such line of its console; None when it has none (yet).

    EC2 keeps what an instance printed for an hour after it was terminated:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
    """

    def read(**request: Any) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = ec2.get_console_output(**request)
        except is_boto3_error_code("InvalidInstanceID.NotFound"):
            return {}
        return found

    output = aws_call(f"read the console of {instance_id}", read, InstanceId=instance_id)
    return failure_in(output.get("Output") or "")


def failure_in(console: str) -> str | None:
    lines = [line.partition(MARK)[2].strip() for line in console.splitlines() if MARK in line]
    return f"{MARK}{lines[-1]}" if lines else None
