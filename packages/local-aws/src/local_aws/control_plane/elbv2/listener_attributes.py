"""Attributes of listeners: a listener for HTTP has AWS's defaults, and no others are emulated.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ListenerAttribute.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from moto.elbv2.exceptions import InvalidConfigurationRequest, ListenerNotFoundError
from moto.elbv2.models import ELBv2Backend

from local_aws.control_plane import moto_seams

_RESPONSE_HEADERS = (
    "access_control_allow_credentials",
    "access_control_allow_headers",
    "access_control_allow_methods",
    "access_control_allow_origin",
    "access_control_expose_headers",
    "access_control_max_age",
    "content_security_policy",
    "strict_transport_security",
    "x_content_type_options",
    "x_frame_options",
)
_DEFAULTS = {
    "routing.http.response.server.enabled": "true",
    **{f"routing.http.response.{name}.header_value": "" for name in _RESPONSE_HEADERS},
}


def install() -> None:
    moto_seams.replace(
        ELBv2Backend,
        describe_listener_attributes=_describe,
        modify_listener_attributes=_modify,
    )


def _describe(self: ELBv2Backend, listener_arn: str) -> dict[str, str]:
    if not self.describe_listeners(None, [listener_arn]):
        raise ListenerNotFoundError
    return dict(_DEFAULTS)


def _modify(
    self: ELBv2Backend, listener_arn: str, attrs: Sequence[Mapping[str, str]]
) -> dict[str, str]:
    present = _describe(self, listener_arn)
    for attribute in attrs:
        name, value = attribute["Key"], attribute.get("Value", "")
        if name not in present:
            raise InvalidConfigurationRequest(f"Listener attribute key '{name}' is not recognized")
        if value != present[name]:
            raise InvalidConfigurationRequest(
                f"The value '{value}' of the listener attribute '{name}' is not emulated by the "
                "local load balancer"
            )
    return present
