"""Imported certificates: one certificate, and the private key that belongs to it.

Source: https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html
"""

from __future__ import annotations

from typing import Any

from moto.acm.exceptions import AWSValidationException
from moto.acm.models import AWSCertificateManagerBackend, CertBundle

from local_aws.control_plane import moto_seams

_BEGINNING = b"-----BEGIN CERTIFICATE-----"

_moto_import = AWSCertificateManagerBackend.import_certificate


def install() -> None:
    moto_seams.replace(AWSCertificateManagerBackend, import_certificate=_import)


def _import(
    self: AWSCertificateManagerBackend,
    certificate: bytes,
    private_key: bytes,
    chain: bytes | None,
    arn: str | None,
    tags: list[dict[str, str]],
) -> str:
    """Import it, or take it in the place of the one that has the ARN.

    Nothing is replaced by what is refused, and the tags stay.
    """
    if certificate.count(_BEGINNING) > 1:
        raise AWSValidationException(
            "The certificate field contains more than one certificate. You can specify only one "
            "certificate in this field."
        )
    wanted = CertBundle(self.account_id, certificate, private_key, chain, self.region_name)
    if wanted._key.public_key() != wanted._cert.public_key():
        raise AWSValidationException("The private key does not match the certificate.")
    before: Any = self._certificates.get(arn) if arn else None
    imported = _moto_import(self, certificate, private_key, chain, arn, tags)
    if before is not None:
        self._certificates[imported].tags = before.tags
        self._certificates[imported].in_use_by = before.in_use_by
    return imported
