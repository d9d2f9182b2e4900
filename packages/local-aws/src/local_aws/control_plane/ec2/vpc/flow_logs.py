"""Flow logs: to a folder of a bucket too, in files of a form, with the request's token.

Source: answers of the real EC2 as they have been recorded; API_CreateFlowLogs.
"""

from __future__ import annotations

import inspect
import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, FlowLogAlreadyExists
from moto.ec2.models import EC2Backend
from moto.ec2.models.flow_logs import FlowLogs, FlowLogsBackend
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams

_TO_BUCKETS = "s3"
_FILES = {"FileFormat": "plain-text", "HiveCompatiblePartitions": False, "PerHourPartition": False}

_moto_answer = EC2Response.create_flow_logs
_moto_create = FlowLogsBackend.create_flow_logs
_signature = inspect.signature(_moto_create)

Made = tuple[list[FlowLogs], list[tuple[str, str, str]]]


class InvalidParameterError(EC2ClientError):
    def __init__(self, message: str) -> None:
        super().__init__("InvalidParameter", message)


def install() -> None:
    moto_seams.add(FlowLogs, destination_options=property(_destination_options))
    moto_seams.replace(FlowLogsBackend, create_flow_logs=_create)
    moto_seams.replace(EC2Response, create_flow_logs=_answer)


def _destination_options(self: FlowLogs) -> dict[str, Any] | None:
    return dict(_FILES) if self.log_destination_type == _TO_BUCKETS else None


def _answer(self: EC2Response) -> ActionResult:
    if self._get_param("LogGroupName") and self._get_param("LogDestination"):
        raise InvalidParameterError(
            "Please only provide LogGroupName or only provide LogDestination."
        )
    made: Any = _moto_answer(self).result
    token = self._get_param("ClientToken") or str(uuid.uuid4())
    return ActionResult({**made, "ClientToken": token})


def _create(self: EC2Backend, *given: Any, **named: Any) -> Made:
    """moto takes a bucket's ARN with a folder for a bucket of that name."""
    call = _signature.bind(self, *given, **named)
    destination = call.arguments.get("log_destination")
    if call.arguments.get("log_destination_type") != _TO_BUCKETS or not destination:
        made: Made = _moto_create(self, *given, **named)
        return made
    ids = call.arguments["resource_ids"]
    present, self.flow_logs = self.flow_logs, {}
    try:
        if any(
            each.resource_id in ids and each.log_destination == destination
            for each in present.values()
        ):
            raise FlowLogAlreadyExists
        call.arguments["log_destination"] = destination.partition("/")[0]
        logs, failed = _moto_create(*call.args, **call.kwargs)
        for log in logs:
            log.log_destination = destination
    finally:
        self.flow_logs = {**present, **self.flow_logs}
    return logs, [(resource, code, words.removesuffix(".")) for resource, code, words in failed]
