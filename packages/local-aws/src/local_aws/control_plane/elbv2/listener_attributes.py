"""Attributes of an Application Load Balancer's listener: all of AWS's, with its defaults.

Those for response headers and for the names of the TLS headers have effect. The names of the
headers for clients' certificates are stored and returned: mutual TLS is refused, so nothing sends
these.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ListenerAttribute.html
and https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from moto.elbv2.exceptions import (
    InvalidConfigurationRequest,
    ListenerNotFoundError,
    ValidationError,
)
from moto.elbv2.models import ELBv2Backend, FakeListener

from local_aws.contract.desired_state import ResponseHeaders
from local_aws.control_plane import moto_seams
from local_aws.control_plane.elbv2 import values

_SERVER = "routing.http.response.server.enabled"
_ADDED = {
    f"routing.http.response.{name.lower().replace('-', '_')}.header_value": name
    for name in (
        "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Headers",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Origin",
        "Access-Control-Expose-Headers",
        "Access-Control-Max-Age",
        "Content-Security-Policy",
        "Strict-Transport-Security",
        "X-Content-Type-Options",
        "X-Frame-Options",
    )
}
_RENAMED = {
    f"routing.http.request.{name.lower().replace('-', '_')}.header_name": name
    for name in (
        "X-Amzn-Mtls-Clientcert",
        "X-Amzn-Mtls-Clientcert-Issuer",
        "X-Amzn-Mtls-Clientcert-Leaf",
        "X-Amzn-Mtls-Clientcert-Serial-Number",
        "X-Amzn-Mtls-Clientcert-Subject",
        "X-Amzn-Mtls-Clientcert-Validity",
        "X-Amzn-Tls-Cipher-Suite",
        "X-Amzn-Tls-Version",
    )
}
_LONGEST = 1024
_HEADER_NAME = "[-A-Za-z0-9_]+"
_HEADER_VALUE = "[ -~]*"  # what a header can hold in one line


@dataclass
class _Given:
    """Noted about a listener: the attributes that somebody has set."""

    attributes: dict[str, str] = field(default_factory=dict)


def install() -> None:
    moto_seams.replace(
        ELBv2Backend,
        describe_listener_attributes=_describe,
        modify_listener_attributes=_modify,
    )


def of(listener: FakeListener) -> dict[str, str]:
    """Each attribute's name and value; only an HTTPS listener has names of TLS headers."""
    defaults = {_SERVER: "true", **dict.fromkeys(_ADDED, "")}
    if listener.protocol == "HTTPS":
        defaults |= _RENAMED
    given = moto_seams.notes(listener, _Given).attributes
    return defaults | {name: value for name, value in given.items() if name in defaults}


def response_headers(listener: FakeListener) -> ResponseHeaders:
    """What they say about the headers of a response."""
    attributes = of(listener)
    return ResponseHeaders(
        has_server=attributes[_SERVER] == "true",
        added=tuple((name, attributes[key]) for key, name in _ADDED.items() if attributes[key]),
    )


def tls_header(listener: FakeListener, name: str) -> str:
    """What an HTTPS listener calls a TLS header, such as X-Amzn-Tls-Version."""
    return of(listener)[f"routing.http.request.{name.lower().replace('-', '_')}.header_name"]


def _describe(self: ELBv2Backend, listener_arn: str) -> dict[str, str]:
    return of(_listener(self, listener_arn))


def _modify(
    self: ELBv2Backend, listener_arn: str, attrs: Sequence[Mapping[str, str]]
) -> dict[str, str]:
    listener = _listener(self, listener_arn)
    wanted = {attribute["Key"]: attribute.get("Value", "") for attribute in attrs}
    for name, value in wanted.items():
        _check(listener, name, value)
    moto_seams.notes(listener, _Given).attributes.update(wanted)
    return of(listener)


def _listener(self: ELBv2Backend, arn: str) -> FakeListener:
    for listener in self.describe_listeners(None, [arn]):
        return listener
    raise ListenerNotFoundError


def _check(listener: FakeListener, name: str, value: str) -> None:
    if name in _RENAMED and listener.protocol != "HTTPS":
        raise InvalidConfigurationRequest(
            f"Listener attribute '{name}' is only supported by listeners for HTTPS"
        )
    if name == _SERVER:
        if value not in ("true", "false"):
            raise ValidationError(
                f"The value of listener attribute '{name}' must be true or false; "
                f"it is '{values.shown(value)}'"
            )
    elif name in _ADDED:
        values.text(name, value, _HEADER_VALUE, _LONGEST)
    elif name in _RENAMED:
        values.text(name, value, _HEADER_NAME, _LONGEST)
    else:
        raise InvalidConfigurationRequest(
            f"Listener attribute key '{values.shown(name)}' is not recognized"
        )
