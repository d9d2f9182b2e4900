"""Identity providers for SAML and OpenID Connect, and server certificates."""

from __future__ import annotations

from typing import Any

from refusals import error_of

PROVIDERS = "arn:aws:iam::123456789012:saml-provider"
DOCUMENT = f"<EntityDescriptor>{'x' * 1000}</EntityDescriptor>"


def test_a_provider_for_saml_is_shown_in_full(iam: Any, unique_name: str) -> None:
    """Recorded from AWS; API_GetSAMLProvider."""
    arn = iam.create_saml_provider(Name=unique_name, SAMLMetadataDocument=DOCUMENT)[
        "SAMLProviderArn"
    ]
    got = iam.get_saml_provider(SAMLProviderArn=arn)
    assert got["SAMLProviderUUID"] == iam.get_saml_provider(SAMLProviderArn=arn)["SAMLProviderUUID"]
    assert (got["Tags"], got["PrivateKeyList"]) == ([], [])
    assert got["AssertionEncryptionMode"] == "Allowed"
    assert got["SAMLMetadataDocument"] == DOCUMENT
    iam.delete_saml_provider(SAMLProviderArn=arn)


def test_a_provider_for_saml_that_is_not_there_is_not_deleted(iam: Any) -> None:
    """Recorded from AWS: NoSuchEntity."""
    none = f"{PROVIDERS}/none"
    said = ("NoSuchEntity", f"Manifest not found for arn {none}")
    for call in (iam.get_saml_provider, iam.delete_saml_provider):
        assert error_of(call, SAMLProviderArn=none) == said


def test_a_provider_for_openid_connect_is_created_once(iam: Any, unique_name: str) -> None:
    """Recorded from AWS: EntityAlreadyExists names the URL."""
    call = {"Url": f"https://{unique_name}.example", "ThumbprintList": ["a" * 40]}
    arn = iam.create_open_id_connect_provider(**call)["OpenIDConnectProviderArn"]
    words = f"Provider with url {call['Url']} already exists."
    assert error_of(iam.create_open_id_connect_provider, **call) == ("EntityAlreadyExists", words)
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)


def test_a_server_certificate_is_uploaded_once(iam: Any, unique_name: str) -> None:
    """Recorded from AWS: EntityAlreadyExists; GetServerCertificate shows its tags, if none."""
    named = {"ServerCertificateName": unique_name}
    call = {**named, "CertificateBody": "body", "PrivateKey": "key"}
    iam.upload_server_certificate(**call)
    words = f"The Server Certificate with name {unique_name} already exists."
    assert error_of(iam.upload_server_certificate, **call) == ("EntityAlreadyExists", words)
    assert iam.get_server_certificate(**named)["ServerCertificate"]["Tags"] == []
    iam.delete_server_certificate(**named)
