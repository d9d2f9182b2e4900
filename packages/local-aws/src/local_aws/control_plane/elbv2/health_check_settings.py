"""A health check's settings: AWS's ranges, but for the interval, which may be shorter here.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from moto.elbv2.exceptions import InvalidConfigurationRequest, ValidationError

from local_aws.control_plane import wiring
from local_aws.control_plane.elbv2 import values

SHORTEST_INTERVAL_SECONDS = 5
"""AWS's. Here a group may be checked each second, so that a rehearsal takes seconds."""

_DEFAULT_TIMEOUT_SECONDS = 5

_RANGES = {
    "interval": ("healthCheckIntervalSeconds", 1, 300),
    "timeout": ("healthCheckTimeoutSeconds", 2, 120),
    "healthy_threshold": ("healthyThresholdCount", 2, 10),
    "unhealthy_threshold": ("unhealthyThresholdCount", 2, 10),
}
_CODES = re.compile("([0-9]{3})(?:-([0-9]{3}))?")


def check(given: Mapping[str, Any], present: Mapping[str, Any]) -> None:
    """Check what a request gives: protocol, interval, timeout, healthy_threshold,
    unhealthy_threshold, path, port and matcher; None is not given. `present` is what counts where
    it gives nothing, and the group's own protocol as group_protocol.

    Raises ValidationError, or InvalidConfigurationRequest for what the protocol does not have.
    """
    shortest = wiring.current().delays.shortest_health_check_interval
    for name, (member, lowest, highest) in _RANGES.items():
        if given.get(name) is not None:
            lowest = shortest if name == "interval" else lowest
            values.number(member, given[name], lowest, highest)
    if given.get("interval") is not None or given.get("timeout") is not None:
        interval, timeout = (
            int(given[name] if given.get(name) is not None else present[name])
            for name in ("interval", "timeout")
        )
        # AWS's default timeout, 5 s, must do for the intervals that only the local AWS has.
        is_aws_interval = interval >= SHORTEST_INTERVAL_SECONDS
        if timeout > (interval - 1 if is_aws_interval else _DEFAULT_TIMEOUT_SECONDS):
            raise ValidationError(
                f"Health check interval must be greater than the timeout ('{interval}' and "
                f"'{timeout}' seconds)."
            )
    _check_protocol(given, present)
    _check_path(given.get("path"))
    if given.get("port") not in (None, "traffic-port"):
        values.port("healthCheckPort", given["port"])
    _check_matcher(given.get("matcher"))


def _check_protocol(given: Mapping[str, Any], present: Mapping[str, Any]) -> None:
    """The words on TCP health checks: as AWS was recorded to answer."""
    protocol, of_group = given.get("protocol") or present["protocol"], present["group_protocol"]
    if protocol != "TCP":
        return
    if of_group in ("HTTP", "HTTPS"):
        raise InvalidConfigurationRequest(
            f"Health check protocol 'TCP' is not supported for target groups with the {of_group} "
            "protocol"
        )
    for name, setting in (("path", "paths"), ("matcher", "matchers")):
        if given.get(name) is not None:
            raise InvalidConfigurationRequest(
                f"Health check {setting} are not supported for TCP health checks"
            )


def _check_path(path: Any) -> None:
    if path is not None and not re.fullmatch("/[!-~]{0,1023}", str(path)):
        raise ValidationError(
            f"Health check path '{values.shown(str(path))}' must begin with a '/' character, and "
            "can only contain printable ASCII characters, without spaces"
        )


def _check_matcher(codes: Any) -> None:
    if codes is None:
        return
    for part in str(codes).split(","):
        found = _CODES.fullmatch(part)
        first, last = (found[1], found[2] or found[1]) if found else ("", "")
        if not "200" <= first <= last <= "499":
            raise ValidationError(
                f"Health check matcher HTTP code '{values.shown(part)}' must be within '200-499' "
                "inclusive"
            )
