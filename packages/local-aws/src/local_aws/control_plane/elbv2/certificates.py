"""Certificates of HTTPS listeners: each has a default one, and may have others for other names.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
and API_AddListenerCertificates, API_DescribeListenerCertificates, API_RemoveListenerCertificates
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from moto.acm.models import AWSCertificateManagerBackend, CertBundle, acm_backends
from moto.core.errors import COMMON_ERROR_CODES
from moto.core.exceptions import AWSError
from moto.elbv2.exceptions import ELBClientError, ListenerNotFoundError, TooManyCertificatesError
from moto.elbv2.models import ELBv2Backend, FakeListener, elbv2_backends
from moto.iam.exceptions import DeleteConflictException
from moto.iam.models import IAMBackend, iam_backends
from moto.utilities.utils import get_partition

from local_aws.contract.desired_state import Certificate
from local_aws.control_plane import moto_seams
from local_aws.control_plane.acm import served_files

_MOST_BESIDES_DEFAULT = 25
_SHORTEST_RSA_KEY_BITS = 2048
_CURVES = ("secp256r1", "secp384r1", "secp521r1")

_UNSUPPORTED = "UnsupportedCertificate"

_moto_describe = CertBundle.describe
_moto_delete = AWSCertificateManagerBackend.delete_certificate
_moto_delete_uploaded = IAMBackend.delete_server_certificate


class CertificateInUseError(AWSError):
    TYPE = "ResourceInUseException"


@dataclass
class OtherCertificates:
    """A listener's certificates besides its default one, by ARN."""

    arns: list[str] = field(default_factory=list)


def install() -> None:
    moto_seams.replace(
        ELBv2Backend,
        add_listener_certificates=_add,
        describe_listener_certificates=_describe,
        remove_listener_certificates=_remove,
    )
    moto_seams.replace(CertBundle, describe=_describe_bundle)
    COMMON_ERROR_CODES.append(_UNSUPPORTED)  # AWS answers it, though its model does not list it
    moto_seams.replace(AWSCertificateManagerBackend, delete_certificate=_delete_bundle)
    moto_seams.replace(IAMBackend, delete_server_certificate=_delete_uploaded)


def arns_of(listener: FakeListener) -> list[str]:
    """The default certificate first."""
    return [*listener.certificates, *moto_seams.notes(listener, OtherCertificates).arns]


def find(account_id: str, region: str, arn: str) -> Certificate | None:
    """A certificate in ACM, of that region, or one that was uploaded to IAM."""
    bundle = acm_backends[account_id][region]._certificates.get(arn)
    if bundle is not None:
        return Certificate(arn, served_files.chain(bundle), served_files.private_key(bundle))
    uploaded = iam_backends[account_id][get_partition(region)].get_certificate_by_arn(arn)
    if uploaded is None:
        return None
    chain = "\n".join(part for part in (uploaded.cert_body, uploaded.cert_chain) if part)
    return Certificate(arn, f"{chain}\n", uploaded.private_key)


def require(backend: ELBv2Backend, arn: str) -> None:
    """Raises CertificateNotFound, and UnsupportedCertificate for keys that no load balancer has."""
    certificate = find(backend.account_id, backend.region_name, arn)
    if certificate is None:
        raise ELBClientError("CertificateNotFound", f"Certificate '{arn}' not found")
    if not _is_supported(certificate):
        raise ELBClientError(
            _UNSUPPORTED,
            f"The certificate '{arn}' must have a fully-qualified domain name, a supported "
            "signature, and a supported key size.",
        )


def _is_supported(certificate: Certificate) -> bool:
    try:
        key = serialization.load_pem_private_key(certificate.private_key.encode(), None)
        public_key = x509.load_pem_x509_certificate(certificate.chain.encode()).public_key()
    except (ValueError, TypeError):  # IAM takes any text
        return False
    if isinstance(key, rsa.RSAPrivateKey):
        is_strong = key.key_size >= _SHORTEST_RSA_KEY_BITS
    else:
        is_strong = isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES
    return is_strong and key.public_key() == public_key


def _listener(backend: ELBv2Backend, arn: str) -> FakeListener:
    found = backend.describe_listeners(None, [arn])
    if not found:
        raise ListenerNotFoundError
    return found[0]


def _add(self: ELBv2Backend, arn: str, certificates: Sequence[Mapping[str, Any]]) -> list[str]:
    """Those that the listener has already are not added again, and are no error."""
    listener = _listener(self, arn)
    if listener.protocol != "HTTPS":
        raise ELBClientError(
            "ValidationError",
            f"A certificate cannot be specified for {listener.protocol} listeners",
        )
    others = moto_seams.notes(listener, OtherCertificates)
    wanted = list(dict.fromkeys([*others.arns, *(each["CertificateArn"] for each in certificates)]))
    for each in certificates:
        if each.get("IsDefault") is not None:
            raise ELBClientError(
                "ValidationError", "You cannot specify the IsDefault parameter for a certificate"
            )
        require(self, each["CertificateArn"])
    wanted = [each for each in wanted if each not in listener.certificates]
    if len(wanted) > _MOST_BESIDES_DEFAULT:
        raise TooManyCertificatesError
    others.arns = wanted
    return [each["CertificateArn"] for each in certificates]


def _describe(self: ELBv2Backend, arn: str) -> list[str]:
    return arns_of(_listener(self, arn))


def _remove(self: ELBv2Backend, arn: str, certificates: Sequence[Mapping[str, Any]]) -> None:
    listener = _listener(self, arn)
    gone = {each["CertificateArn"] for each in certificates}
    for default in gone.intersection(listener.certificates):
        raise ELBClientError(
            "OperationNotPermitted",
            f"Default certificate '{default}' cannot be removed from listener '{arn}'",
        )
    others = moto_seams.notes(listener, OtherCertificates)
    others.arns = [each for each in others.arns if each not in gone]


def _load_balancers_using(certificate_arn: str) -> Iterator[str]:
    for backend in moto_seams.backends_in_use(elbv2_backends):
        for balancer in backend.load_balancers.values():
            if any(certificate_arn in arns_of(each) for each in balancer.listeners.values()):
                yield balancer.arn


def _describe_bundle(self: CertBundle) -> dict[str, Any]:
    described: dict[str, Any] = _moto_describe(self)
    in_use_by = [*self.in_use_by, *_load_balancers_using(self.arn)]
    described["Certificate"]["InUseBy"] = in_use_by
    return described


def _delete_bundle(self: AWSCertificateManagerBackend, arn: str) -> None:
    if arn in self._certificates and any(_load_balancers_using(arn)):
        raise CertificateInUseError(f"Certificate {arn} in account {self.account_id} is in use.")
    _moto_delete(self, arn)


def _delete_uploaded(self: IAMBackend, name: str) -> None:
    arn = self.get_server_certificate(name).arn
    for user in _load_balancers_using(arn):
        raise DeleteConflictException(
            f"Certificate: {name} is currently in use by {user}. Please remove it first before "
            "deleting it from IAM."
        )
    _moto_delete_uploaded(self, name)
