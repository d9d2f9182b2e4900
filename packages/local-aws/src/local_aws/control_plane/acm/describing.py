"""What a certificate is for, and with which key, as DescribeCertificate and its list say it.

Source: answers of the real Certificate Manager as they have been recorded; CertificateDetail and
CertificateSummary in its API Reference.
"""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from moto.acm.models import CertBundle
from moto.acm.responses import AWSCertificateManagerResponse
from moto.core.responses import ActionResult

from local_aws.control_plane import moto_seams

_PURPOSES = {
    ExtendedKeyUsageOID.SERVER_AUTH: "TLS_WEB_SERVER_AUTHENTICATION",
    ExtendedKeyUsageOID.CLIENT_AUTH: "TLS_WEB_CLIENT_AUTHENTICATION",
    ExtendedKeyUsageOID.CODE_SIGNING: "CODE_SIGNING",
    ExtendedKeyUsageOID.EMAIL_PROTECTION: "EMAIL_PROTECTION",
    ExtendedKeyUsageOID.TIME_STAMPING: "TIME_STAMPING",
    ExtendedKeyUsageOID.OCSP_SIGNING: "OCSP_SIGNING",
}
_USES = {
    "digital_signature": "DIGITAL_SIGNATURE",
    "content_commitment": "NON_REPUDIATION",
    "key_encipherment": "KEY_ENCIPHERMENT",
    "data_encipherment": "DATA_ENCIPHERMENT",
    "key_agreement": "KEY_AGREEMENT",
    "key_cert_sign": "CERTIFICATE_SIGNING",
    "crl_sign": "CRL_SIGNING",
}

_moto_answer = AWSCertificateManagerResponse.describe_certificate
_moto_list = AWSCertificateManagerResponse.list_certificates


def install() -> None:
    moto_seams.replace(
        AWSCertificateManagerResponse,
        describe_certificate=_answer,
        list_certificates=_list,
    )


def _usage(certificate: CertBundle) -> dict[str, list[dict[str, str]]]:
    extensions = certificate._cert.extensions
    return {"KeyUsages": _uses(extensions), "ExtendedKeyUsages": _purposes(extensions)}


def _uses(extensions: x509.Extensions) -> list[dict[str, str]]:
    return [
        {"Name": name}
        for extension in extensions
        if isinstance(extension.value, x509.KeyUsage)
        for use, name in _USES.items()
        if getattr(extension.value, use)
    ]


def _purposes(extensions: x509.Extensions) -> list[dict[str, str]]:
    return [
        {"Name": _PURPOSES.get(purpose, "CUSTOM"), "OID": purpose.dotted_string}
        for extension in extensions
        if isinstance(extension.value, x509.ExtendedKeyUsage)
        for purpose in extension.value
    ]


def _as_written(name: str) -> str:
    """AWS answers RSA-2048 where requests have RSA_2048."""
    return name.replace("RSA_", "RSA-")


def _answer(self: AWSCertificateManagerResponse) -> ActionResult:
    answer: Any = _moto_answer(self).result
    details = answer["Certificate"]
    algorithm = _as_written(details["KeyAlgorithm"])
    usage = _usage(self.acm_backend.get_certificate(details["CertificateArn"]))
    return ActionResult({"Certificate": {**details, **usage, "KeyAlgorithm": algorithm}})


def _list(self: AWSCertificateManagerResponse) -> ActionResult:
    answer: Any = _moto_list(self).result
    summaries = [
        _in_short(each, _usage(self.acm_backend.get_certificate(each["CertificateArn"])))
        for each in answer["CertificateSummaryList"]
    ]
    return ActionResult({**answer, "CertificateSummaryList": summaries})


def _in_short(details: dict[str, Any], usage: dict[str, list[dict[str, str]]]) -> dict[str, Any]:
    return {
        **details,
        **{name: [each["Name"] for each in uses] for name, uses in usage.items()},
        "KeyAlgorithm": _as_written(details["KeyAlgorithm"]),
        "SubjectAlternativeNameSummaries": details["SubjectAlternativeNames"],
        "HasAdditionalSubjectAlternativeNames": False,
    }
