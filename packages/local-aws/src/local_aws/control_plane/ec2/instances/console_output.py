"""GetConsoleOutput: the instance's own log, where moto returns one fixed text.

AWS keeps it for an hour after the instance was terminated, as the local AWS keeps its log.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
"""

from __future__ import annotations

import datetime
from pathlib import Path

from moto.core.responses import ActionResult
from moto.core.types import Base64EncodedString
from moto.ec2.responses.general import General

from local_aws.control_plane import moto_seams, wiring

_MAXIMUM_BYTES = 64 * 1024  # AWS keeps the most recent 64 KB


def install() -> None:
    moto_seams.replace(General, get_console_output=_get_console_output)


def _get_console_output(self: General) -> ActionResult:
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    return ActionResult(
        {
            "InstanceId": instance.id,
            "Timestamp": datetime.datetime.now(datetime.UTC),
            "Output": Base64EncodedString.from_raw_string(_latest_log(instance.id)),
        }
    )


def _latest_log(instance_id: str) -> str:
    facts = wiring.current().facts
    fact = facts.instances.get(instance_id)
    path = fact.log_path if fact else facts.consoles.get(instance_id)
    if not path:
        return ""
    try:
        with Path(path).open("rb") as log:
            log.seek(max(0, log.seek(0, 2) - _MAXIMUM_BYTES))
            return log.read().decode(errors="replace")
    except FileNotFoundError:  # the instance has not written a line yet
        return ""
