"""Certificates in pages of MaxItems.

Source: https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html
"""

from __future__ import annotations

from moto.acm.responses import AWSCertificateManagerResponse

from local_aws.control_plane import pages
from local_aws.control_plane.pages import Size


def install() -> None:
    size = Size(usual=1000, most=1000)
    pages.install("acm", AWSCertificateManagerResponse, {"ListCertificates": size})
