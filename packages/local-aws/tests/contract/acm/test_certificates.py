"""Certificates as Certificate Manager shows them."""

from __future__ import annotations

from typing import Any


def test_a_certificate_says_what_it_is_for(aws: Any, unique_name: str) -> None:
    """Recorded from AWS: KeyUsages, ExtendedKeyUsages, KeyAlgorithm of details and summary."""
    acm, domain = aws("acm"), f"*.{unique_name}.example.com"
    arn = acm.request_certificate(DomainName=domain, ValidationMethod="DNS")["CertificateArn"]
    details = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    [summary] = [
        each
        for each in acm.list_certificates()["CertificateSummaryList"]
        if each["CertificateArn"] == arn
    ]
    uses = ["DIGITAL_SIGNATURE", "KEY_ENCIPHERMENT"]
    purposes = ["TLS_WEB_SERVER_AUTHENTICATION", "TLS_WEB_CLIENT_AUTHENTICATION"]
    assert [each["Name"] for each in details["KeyUsages"]] == summary["KeyUsages"] == uses
    assert [each["Name"] for each in details["ExtendedKeyUsages"]] == purposes
    assert details["ExtendedKeyUsages"][0]["OID"] == "1.3.6.1.5.5.7.3.1"
    assert summary["ExtendedKeyUsages"] == purposes
    assert details["KeyAlgorithm"] == summary["KeyAlgorithm"] == "RSA-2048"
    assert summary["SubjectAlternativeNameSummaries"] == [domain]
    assert summary["HasAdditionalSubjectAlternativeNames"] is False
