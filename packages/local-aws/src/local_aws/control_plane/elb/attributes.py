"""Attributes of a Classic Load Balancer: all of them from the beginning, each kept until changed.

A request that names one that cannot be changes none. Logs are not written, but their bucket must
exist.

Sources:
https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/config-idle-timeout.html
https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_LoadBalancerAttributes.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.elb.exceptions import ELBClientError
from moto.elb.models import ELBBackend, LoadBalancer
from moto.elb.responses import ELBResponse
from moto.s3.models import s3_backends

from local_aws.control_plane import moto_seams

_DRAINING_SECONDS = 300
_LONGEST_DRAINING_SECONDS = 3600
_LONGEST_IDLE_SECONDS = 4000
_LOG_MINUTES = (5, 60)
_DESYNC_MITIGATION = ("elb.http.desyncmitigationmode", "defensive")
_DESYNC_MITIGATION_MODES = ("monitor", "defensive", "strictest")


def install() -> None:
    moto_seams.replace(LoadBalancer, get_default_attributes=staticmethod(_defaults))
    moto_seams.replace(ELBBackend, modify_load_balancer_attributes=_modify)
    moto_seams.replace(ELBResponse, modify_load_balancer_attributes=_answer_modify)


def _defaults() -> dict[str, Any]:
    return {
        "cross_zone_load_balancing": {"enabled": False},
        "access_log": {"enabled": False},
        "connection_draining": {"enabled": False, "timeout": _DRAINING_SECONDS},
        "connection_settings": {"idle_timeout": 60},
        "additional_attributes": [_DESYNC_MITIGATION],
    }


def _answer_modify(self: ELBResponse) -> ActionResult:
    given = self._get_params()
    name, wanted = given["LoadBalancerName"], given.get("LoadBalancerAttributes") or {}
    backend: Any = self.elb_backend
    backend.modify_load_balancer_attributes(
        name,
        cross_zone=wanted.get("CrossZoneLoadBalancing"),
        connection_settings=wanted.get("ConnectionSettings"),
        connection_draining=wanted.get("ConnectionDraining"),
        access_log=wanted.get("AccessLog"),
        additional_attributes=wanted.get("AdditionalAttributes"),
    )
    attributes = backend.get_load_balancer(name).attributes
    return ActionResult({"LoadBalancerName": name, "LoadBalancerAttributes": attributes})


def _modify(
    self: ELBBackend,
    load_balancer_name: str,
    cross_zone: Mapping[str, Any] | None = None,
    connection_settings: Mapping[str, Any] | None = None,
    connection_draining: Mapping[str, Any] | None = None,
    access_log: Mapping[str, Any] | None = None,
    additional_attributes: list[dict[str, str]] | None = None,
) -> None:
    """Change what is given. Draining without a timeout has the default's."""
    attributes = self.get_load_balancer(load_balancer_name).attributes
    if connection_draining:
        connection_draining = {"Timeout": _DRAINING_SECONDS, **connection_draining}
        _check_seconds(
            "connectionDraining.timeout", connection_draining["Timeout"], _LONGEST_DRAINING_SECONDS
        )
    if connection_settings:
        _check_seconds(
            "connectionSettings.idleTimeout",
            connection_settings.get("IdleTimeout"),
            _LONGEST_IDLE_SECONDS,
        )
    if access_log:
        _check_log(access_log, self.account_id)
    for attribute in additional_attributes or ():
        _check_additional(attribute)
    changed = {
        "cross_zone_load_balancing": cross_zone,
        "connection_settings": connection_settings,
        "connection_draining": connection_draining,
        "access_log": access_log,
    }
    attributes.update({name: value for name, value in changed.items() if value})
    if additional_attributes:
        given = {each["Key"]: each["Value"] for each in additional_attributes}
        before = dict(attributes["additional_attributes"])
        attributes["additional_attributes"] = list({**before, **given}.items())


def _check_seconds(member: str, value: Any, longest: int) -> None:
    text = str(value)
    if text.isdecimal() and 1 <= int(text) <= longest:
        return
    bound = "less" if text.isdecimal() and int(text) > longest else "greater"
    raise ELBClientError(
        "ValidationError",
        f"1 validation error detected: Value '{ascii(text[:100])[1:-1]}' at "
        f"'loadBalancerAttributes.{member}' failed to satisfy constraint: Member must have value "
        f"{bound} than or equal to {longest if bound == 'less' else 1}",
    )


def _check_log(log: Mapping[str, Any], account_id: str) -> None:
    if int(log.get("EmitInterval", _LOG_MINUTES[-1])) not in _LOG_MINUTES:
        raise _invalid("The emit interval of access logs must be 5 or 60 minutes")
    if str(log.get("Enabled")).lower() != "true":
        return
    bucket = log.get("S3BucketName")
    if bucket not in s3_backends[account_id]["aws"].buckets:
        raise _invalid(f"Access Denied for bucket: {bucket}. Please check S3bucket permission")


def _check_additional(attribute: Mapping[str, Any]) -> None:
    key, value = attribute.get("Key"), attribute.get("Value")
    if key != _DESYNC_MITIGATION[0]:
        raise ELBClientError(
            "LoadBalancerAttributeNotFound", f"Load balancer attribute '{key}' does not exist"
        )
    if value not in _DESYNC_MITIGATION_MODES:
        raise _invalid(
            f"The value of '{key}' must be one of: {', '.join(_DESYNC_MITIGATION_MODES)}"
        )


def _invalid(message: str) -> ELBClientError:
    return ELBClientError("InvalidConfigurationRequest", message)
