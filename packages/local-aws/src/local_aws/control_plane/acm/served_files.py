"""What a server needs of a certificate in ACM, as PEM."""

from __future__ import annotations

from moto.acm.models import AWS_ROOT_CA, CertBundle


def chain(bundle: CertBundle) -> str:
    """The certificate and what was imported with it, but not the root that moto adds to each."""
    others = bundle.chain.removesuffix(AWS_ROOT_CA + b"\n")
    return "\n".join(part.decode().strip() for part in (bundle.cert, others) if part.strip()) + "\n"


def private_key(bundle: CertBundle) -> str:
    return str(bundle.key.decode())
