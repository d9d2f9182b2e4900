"""HTTPS: a listener's certificates and security policy as Envoy's. Nothing here does I/O.

Sources: "HTTPS listeners", "SSL certificates" and "Security policies" in the Application Load
Balancer guide.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography import x509

from local_aws.contract.desired_state import Certificate, Tls
from local_aws.load_balancing.names import certificate_name

_TYPE = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3."
_VERSIONS = {"TLSv1": "TLSv1_0", "TLSv1.1": "TLSv1_1", "TLSv1.2": "TLSv1_2", "TLSv1.3": "TLSv1_3"}
_CIPHERS = {
    *(
        f"ECDHE-{key}-{cipher}"
        for key in ("ECDSA", "RSA")
        for cipher in ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "AES256-SHA")
    ),
    *("AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "AES256-SHA"),
}
"""Those of AWS's policies that Envoy's library has; it has no CBC ciphers with SHA-2, nor DES.
TLS 1.3's are always on."""


def secret(certificate: Certificate) -> dict[str, Any]:
    """A certificate with its private key."""
    return {
        "@type": f"{_TYPE}Secret",
        "name": certificate_name(certificate.arn),
        "tls_certificate": {
            "certificate_chain": {"inline_string": certificate.chain},
            "private_key": {"inline_string": certificate.private_key},
        },
    }


def transport_socket(tls: Tls, directory: Path) -> dict[str, Any]:
    """`directory` is where Envoy finds the certificates' files.

    Envoy serves the certificate that names the host in the client's SNI, the first one when none
    does.
    """
    return {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": f"{_TYPE}DownstreamTlsContext",
            "common_tls_context": {
                "alpn_protocols": [*(["h2"] if tls.has_http2 else []), "http/1.1"],
                "tls_params": {
                    "tls_minimum_protocol_version": _VERSIONS[min(tls.versions)],
                    "tls_maximum_protocol_version": _VERSIONS[max(tls.versions)],
                    "cipher_suites": [cipher for cipher in tls.ciphers if cipher in _CIPHERS],
                },
                "tls_certificate_sds_secret_configs": [
                    _reference(certificate, directory) for certificate in tls.certificates
                ],
            },
        },
    }


def served_certificate(certificates: Sequence[Certificate], names: str) -> str | None:
    """The ARN of that one of a listener's certificates whose names Envoy logged, with commas
    between them; None without certificates."""
    if not certificates:
        return None
    found = (each.arn for each in certificates if _dns_names(each.chain) == names)
    return next(found, certificates[0].arn)


@functools.lru_cache(maxsize=256)
def _dns_names(chain: str) -> str:
    certificate = x509.load_pem_x509_certificate(chain.encode())
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ""
    return ",".join(names.value.get_values_for_type(x509.DNSName))


def secret_file(certificate: Certificate) -> str:
    return f"sds-{certificate_name(certificate.arn)}.json"


def _reference(certificate: Certificate, directory: Path) -> dict[str, Any]:
    return {
        "name": certificate_name(certificate.arn),
        "sds_config": {
            "resource_api_version": "V3",
            "path_config_source": {"path": str(directory / secret_file(certificate))},
        },
    }
