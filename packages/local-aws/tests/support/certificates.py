"""Certificates as a user would bring them, and clients that trust them."""

from __future__ import annotations

import datetime
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Pair:
    """A certificate, its private key and the certificate of who issued it, as PEM."""

    certificate: bytes
    private_key: bytes
    authority: bytes

    def imported(self, acm: Any, **more: Any) -> str:
        """Import it; returns its ARN."""
        answer = acm.import_certificate(
            Certificate=self.certificate,
            PrivateKey=self.private_key,
            CertificateChain=self.authority,
            **more,
        )
        return str(answer["CertificateArn"])


def pair(*names: str, key: Key | None = None) -> Pair:
    """A certificate for these names, by an authority of its own."""
    issuer_key = ec.generate_private_key(ec.SECP256R1())
    issuer = _build("An authority", issuer_key, "An authority", issuer_key, ())
    key = key or ec.generate_private_key(ec.SECP256R1())
    leaf = _build(names[0], key, "An authority", issuer_key, names)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Pair(_pem(leaf), private, _pem(issuer))


def serving(served: Pair, folder: Path) -> ssl.SSLContext:
    """A server that has this certificate; `folder` takes the file that it is read from."""
    file = folder / "served.pem"
    file.write_bytes(served.certificate + served.private_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def trusting(*authorities: bytes, verify: bool = True) -> ssl.SSLContext:
    """A client that trusts these authorities; it does not check which host it speaks to."""
    context = ssl.create_default_context(cadata="\n".join(a.decode() for a in authorities) or None)
    context.check_hostname = False
    if not verify:
        context.verify_mode = ssl.CERT_NONE
    return context


def served_names(port: int, host: str | None = None) -> list[str]:
    """The names in the certificate that a client gets whose SNI is `host`."""
    context = trusting(verify=False)
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
        context.wrap_socket(connection, server_hostname=host) as secure,
    ):
        certificate = x509.load_der_x509_certificate(secure.getpeercert(binary_form=True) or b"")
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return found.value.get_values_for_type(x509.DNSName)


def _build(
    name: str, key: Key, issuer: str, issuer_key: Key, names: tuple[str, ...]
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    is_authority = not names
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
    )
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
        builder = builder.add_extension(alternatives, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
