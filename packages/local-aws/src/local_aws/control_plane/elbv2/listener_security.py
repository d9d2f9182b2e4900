"""What makes a listener HTTPS: its default certificate and its security policy.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
and https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import ELBClientError, ValidationError
from moto.elbv2.models import ELBv2Backend, FakeListener
from moto.elbv2.responses import ELBV2Response
from moto.elbv2.ssl_policies import SSL_POLICIES

from local_aws.contract.desired_state import Tls
from local_aws.control_plane import moto_seams
from local_aws.control_plane.elbv2 import (
    certificates,
    listener_attributes,
    load_balancer_attributes,
)

_moto_answer_describe = ELBV2Response.describe_ssl_policies

_DEFAULT_POLICY = "ELBSecurityPolicy-2016-08"


@dataclass(frozen=True)
class Security:
    """Both are None for HTTP."""

    policy: str | None = None
    certificate: str | None = None


def install() -> None:
    moto_seams.replace(ELBV2Response, describe_ssl_policies=_answer_describe_policies)


def for_new(
    backend: ELBv2Backend,
    protocol: str,
    policy: str | None,
    given: Sequence[Mapping[str, Any]] | None,
) -> Security:
    """What a request creates. Raises ELBClientError."""
    return _checked(backend, protocol, policy, given, Security())


def for_changed(
    backend: ELBv2Backend,
    listener: FakeListener,
    protocol: str | None,
    policy: str | None,
    given: Sequence[Mapping[str, Any]] | None,
) -> Security:
    """What a request changes it to: what is not given stays. Raises ELBClientError."""
    present = Security(listener.ssl_policy, listener.certificate)
    return _checked(backend, protocol or listener.protocol, policy, given, present)


def is_same(
    listener: FakeListener, policy: str | None, given: Sequence[Mapping[str, Any]] | None
) -> bool:
    """Whether a request to create a listener says what this one has."""
    arns = [each.get("CertificateArn") for each in given or ()]
    if listener.protocol != "HTTPS":
        return (policy, arns) == (None, [])
    return (policy or _DEFAULT_POLICY, arns) == (listener.ssl_policy, [listener.certificate])


def apply(listener: FakeListener, security: Security) -> None:
    """An HTTP listener has no certificates."""
    listener.ssl_policy = security.policy  # type: ignore[assignment] # moto's hint lacks None
    listener.certificate = security.certificate
    listener.certificates = [security.certificate] if security.certificate else []
    others = moto_seams.notes(listener, certificates.OtherCertificates)
    others.arns = [arn for arn in others.arns if security.certificate not in (None, arn)]


def tls(backend: ELBv2Backend, listener: FakeListener) -> Tls | None:
    """What the load balancer negotiates; None for HTTP. A certificate that is gone is left out."""
    if listener.protocol != "HTTPS":
        return None
    place = backend.account_id, backend.region_name
    found = (certificates.find(*place, arn) for arn in certificates.arns_of(listener))
    policy = SSL_POLICIES[listener.ssl_policy]
    attributes = load_balancer_attributes.of(backend.load_balancers[listener.load_balancer_arn])
    return Tls(
        certificates=tuple(certificate for certificate in found if certificate is not None),
        versions=tuple(policy["ssl_protocols"]),
        ciphers=tuple(policy["ciphers"]),
        has_http2=attributes["routing.http2.enabled"] == "true",
        version_header=listener_attributes.tls_header(listener, "X-Amzn-Tls-Version"),
        cipher_suite_header=listener_attributes.tls_header(listener, "X-Amzn-Tls-Cipher-Suite"),
    )


def _checked(
    backend: ELBv2Backend,
    protocol: str,
    policy: str | None,
    given: Sequence[Mapping[str, Any]] | None,
    present: Security,
) -> Security:
    if protocol != "HTTPS":
        if given:
            raise ValidationError(f"A certificate cannot be specified for {protocol} listeners")
        if policy is not None:
            # AWS spells it so.
            raise ValidationError(f"An SSL policy cannot be specifed for {protocol} listeners")
        return Security()
    arns = [each["CertificateArn"] for each in given or () if each.get("CertificateArn")]
    if len(arns) > 1:
        raise ValidationError(
            f"Up to '1' certificate ARNs can be specified, but '{len(arns)}' were specified"
        )
    certificate = arns[0] if arns else present.certificate
    if certificate is None:
        raise ValidationError("A certificate must be specified for HTTPS listeners")
    if any(each.get("IsDefault") is not None for each in given or ()):
        raise ValidationError("You cannot specify the IsDefault parameter for a certificate")
    if policy is not None:
        _require_policy(policy)
    if arns:
        certificates.require(backend, certificate)
    return Security(policy or present.policy or _DEFAULT_POLICY, certificate)


def _require_policy(name: str) -> None:
    if name not in SSL_POLICIES:
        raise ELBClientError("SSLPolicyNotFound", f"SSL policy '{name}' not found")


def _answer_describe_policies(self: ELBV2Response) -> ActionResult:
    """API_DescribeSSLPolicies: a policy that is named exists."""
    for name in self._get_param("Names", []):
        _require_policy(name)
    return _moto_answer_describe(self)
