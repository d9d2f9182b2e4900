"""What a request names twice is answered once.

moto does not find it, or answers it twice, or fails.
Source: API_DescribeInstances and its neighbours in the EC2 API Reference: the output has the
resources that are specified.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams

_STATE_CHANGES = frozenset(
    {
        "MonitorInstances",
        "RebootInstances",
        "StartInstances",
        "StopInstances",
        "TerminateInstances",
        "UnmonitorInstances",
    }
)

_moto_parse = EC2Response.parse_parameters


def install() -> None:
    moto_seams.replace(EC2Response, parse_parameters=_parse)


def _parse(self: EC2Response, request: Any) -> None:
    _moto_parse(self, request)
    action = self._get_action()
    if action.startswith("Describe") or action in _STATE_CHANGES:
        for name, value in self.params.items():
            if isinstance(value, list) and all(isinstance(each, str) for each in value):
                self.params[name] = list(dict.fromkeys(value))
