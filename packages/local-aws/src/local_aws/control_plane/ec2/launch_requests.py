"""What RunInstances is asked for, and moto drops.

As many instances are launched as MaxCount says, if there is room. A ClientToken that came before
launches nothing: the same instances are the answer. An instance with DisableApiTermination is not
terminated by TerminateInstances.
Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html, and "Ensuring
idempotency in Amazon EC2 API requests" in the EC2 API Reference.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.instances import InstanceResponse

from local_aws.control_plane import moto_seams

_CHANGEABLE = frozenset({"DisableApiStop", "DisableApiTermination", "TagSpecifications"})
"""What can be changed at any time makes no other request of it."""

_moto_run = InstanceResponse.run_instances


@dataclass
class _Launches:
    by_token: dict[str, tuple[str, Any]] = field(default_factory=dict)
    """What was asked for with each token, and the reservation."""


def install() -> None:
    moto_seams.replace(InstanceResponse, run_instances=_run)


def _run(self: InstanceResponse) -> ActionResult:
    token = self._get_param("ClientToken")
    launches = moto_seams.notes(self.ec2_backend, _Launches).by_token
    for gone in [each for each, (_, launched) in launches.items() if not launched.instances]:
        del launches[gone]
    asked = json.dumps(
        {name: value for name, value in self._get_params().items() if name not in _CHANGEABLE},
        sort_keys=True,
        default=str,
    )
    if token in launches:
        before, launched = launches[token]
        if before != asked:
            raise EC2ClientError(
                "IdempotentParameterMismatch",
                "Arguments on this idempotent request are inconsistent with arguments used in "
                "previous request(s).",
            )
        return ActionResult(launched)
    self.params["MinCount"] = self.params.get("MaxCount", self.params.get("MinCount", 1))
    answer = _moto_run(self)
    reservation: Any = answer.result
    if token:
        launches[token] = asked, reservation
    for instance in reservation.instances:
        instance.disable_api_termination = _is_protected(self)
    return answer


def _is_protected(request: InstanceResponse) -> bool:
    protected = request._get_param("DisableApiTermination")
    template = request._get_param("LaunchTemplate", {})
    if protected is None and template:
        backend = request.ec2_backend
        found = backend._get_template_from_args(template)
        protected = found.data.get("DisableApiTermination")
    return str(protected).lower() == "true"
