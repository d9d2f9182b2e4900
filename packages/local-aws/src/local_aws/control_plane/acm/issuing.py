"""Requested certificates: issued at once, and self-signed.

AWS issues a certificate when whoever requested it has shown, by DNS or email, that the domain is
theirs. Here nobody can, so none waits for it. A client that is given the certificate itself
(GetCertificate) as an authority trusts it.

Source: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from moto.acm.exceptions import AWSValidationException
from moto.acm.models import CertBundle

from local_aws.control_plane import moto_seams

_VALID_DAYS = 395  # "Certificate characteristics" in the ACM guide: 13 months
_LONGEST_COMMON_NAME = 64
_PURPOSES = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)


def install() -> None:
    moto_seams.replace(CertBundle, generate_cert=classmethod(_generate))


def _generate(
    cls: type[CertBundle],
    domain_name: str,
    account_id: str,
    region: str,
    sans: list[str] | None = None,
    cert_authority_arn: str | None = None,
) -> CertBundle:
    if len(domain_name) > _LONGEST_COMMON_NAME:
        raise AWSValidationException(
            "The first domain name can have no more than "
            f"{_LONGEST_COMMON_NAME} characters, including periods."
        )
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    bundle = cls(
        account_id,
        _certificate(key, [domain_name, *(sans or [])]).public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        region=region,
        cert_type="AMAZON_ISSUED" if cert_authority_arn is None else "PRIVATE",
        cert_authority_arn=cert_authority_arn,
    )
    bundle.issuer_common_name = "Amazon"
    return bundle


def _certificate(key: rsa.RSAPrivateKey, names: Iterable[str]) -> x509.Certificate:
    names = list(dict.fromkeys(names))
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    usage = dict.fromkeys(
        (
            *("content_commitment", "data_encipherment", "key_agreement", "key_cert_sign"),
            *("crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=_VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(map(x509.DNSName, names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, key_encipherment=True, **usage), critical=True
        )
        .add_extension(x509.ExtendedKeyUsage(_PURPOSES), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
