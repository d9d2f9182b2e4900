"""Attributes of an Application Load Balancer: all of AWS's, with its defaults and its values.

The timeouts, deletion protection, HTTP/2, desync mitigation, the handling of request headers and
access logs have effect; the others are stored and returned. The buckets of the logs that are not
written must exist.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from moto.elbv2.exceptions import (
    InvalidConfigurationRequest,
    LoadBalancerNotFoundError,
    ValidationError,
)
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer
from moto.s3.models import s3_backends

from local_aws.contract.desired_state import RequestHeaders
from local_aws.control_plane import moto_seams
from local_aws.control_plane.elbv2 import values

_ACCESS_LOGS = "access_logs."
_LOGS = ("access_logs", "connection_logs", "health_check_logs")
_DEFAULTS = {
    **{f"{logs}.s3.enabled": "false" for logs in _LOGS},
    **{f"{logs}.s3.{place}": "" for logs in _LOGS for place in ("bucket", "prefix")},
    "client_keep_alive.seconds": "3600",
    "deletion_protection.enabled": "false",
    "idle_timeout.timeout_seconds": "60",
    "ipv6.deny_all_igw_traffic": "false",
    "load_balancing.cross_zone.enabled": "true",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.drop_invalid_header_fields.enabled": "false",
    "routing.http.preserve_host_header.enabled": "false",
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
    "routing.http.xff_client_port.enabled": "false",
    "routing.http.xff_header_processing.mode": "append",
    "routing.http2.enabled": "true",
    "waf.fail_open.enabled": "false",
    "zonal_shift.config.enabled": "false",
}
_RANGES = {"idle_timeout.timeout_seconds": (1, 4000), "client_keep_alive.seconds": (60, 604_800)}
_CHOICES = {
    **{name: ("true", "false") for name, value in _DEFAULTS.items() if value in ("true", "false")},
    "load_balancing.cross_zone.enabled": ("true",),  # an Application Load Balancer's cannot change
    "routing.http.desync_mitigation_mode": ("monitor", "defensive", "strictest"),
    "routing.http.xff_header_processing.mode": ("append", "preserve", "remove"),
}


def install() -> None:
    moto_seams.replace(
        ELBv2Backend,
        describe_load_balancer_attributes=_describe,
        modify_load_balancer_attributes=_modify,
    )


def of(balancer: FakeLoadBalancer) -> dict[str, str]:
    """Each attribute's name and value; `attrs` has those that were given."""
    internal = {"ipv6.deny_all_igw_traffic": "true"} if balancer.scheme == "internal" else {}
    return _DEFAULTS | internal | balancer.attrs


def has_access_logs(attributes: Mapping[str, str]) -> bool:
    """Whether these, all or only the given ones, enable access logs."""
    return attributes.get("access_logs.s3.enabled") == "true"


def request_headers(balancer: FakeLoadBalancer) -> RequestHeaders:
    """What they say about the headers of a request."""
    attributes = of(balancer)

    def is_on(name: str) -> bool:
        return attributes[f"routing.http.{name}.enabled"] == "true"

    return RequestHeaders(
        forwarded_for=attributes["routing.http.xff_header_processing.mode"],
        has_client_port=is_on("xff_client_port"),
        has_tls=is_on("x_amzn_tls_version_and_cipher_suite"),
        drops_invalid=is_on("drop_invalid_header_fields"),
        desync_mitigation=attributes["routing.http.desync_mitigation_mode"],
    )


def _describe(self: ELBv2Backend, arn: str) -> dict[str, str]:
    return of(_balancer(self, arn))


def _modify(self: ELBv2Backend, arn: str, attrs: Mapping[str, str]) -> dict[str, str]:
    balancer = _balancer(self, arn)
    given = {name: str(value) for name, value in attrs.items()}
    for name, value in given.items():
        _check(name, value)
    attributes = of(balancer) | given
    for logs in _LOGS:
        _check_bucket(logs, attributes, self.account_id)
    if has_access_logs(attributes) and any(name.startswith(_ACCESS_LOGS) for name in given):
        for enable in _enabling:
            enable(self, balancer, attributes)
    balancer.attrs.update(given)
    return of(balancer)


def _balancer(self: ELBv2Backend, arn: str) -> FakeLoadBalancer:
    balancer = self.load_balancers.get(arn)
    if balancer is None:
        raise LoadBalancerNotFoundError
    return balancer


def _check(name: str, value: str) -> None:
    if name not in _DEFAULTS:
        raise ValidationError(
            f"Load balancer attribute key '{values.shown(name)}' is not recognized"
        )
    if name in _RANGES:
        values.number(name, value, *_RANGES[name])
    allowed = _CHOICES.get(name, (value,))
    if value not in allowed:
        raise ValidationError(
            f"The value of load balancer attribute '{name}' must be one of: {', '.join(allowed)}; "
            f"it is '{values.shown(value)}'"
        )


Enable = Callable[[ELBv2Backend, FakeLoadBalancer, Mapping[str, str]], None]
"""Called with the attributes that a load balancer is to have."""

_enabling: list[Enable] = []


def on_access_logs(enable: Enable) -> None:
    """Have this called when access logs are enabled, or go elsewhere: it may refuse that."""
    _enabling.append(enable)


def _check_bucket(logs: str, attributes: Mapping[str, str], account_id: str) -> None:
    """ELB User Guide, "Enable access logs": the bucket exists, and may be written to."""
    if attributes[f"{logs}.s3.enabled"] != "true":
        return
    bucket = attributes[f"{logs}.s3.bucket"]
    if not bucket:
        raise ValidationError(f"The value of '{logs}.s3.bucket' must be a bucket's name")
    if bucket not in s3_backends[account_id]["aws"].buckets:
        raise InvalidConfigurationRequest(
            f"Access Denied for bucket: {bucket}. Please check S3bucket permission"
        )
