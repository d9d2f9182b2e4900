"""Documents in S3's requests: what its schema does not allow changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from signed_requests import RawClient

SPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
MALFORMED = "<Code>MalformedXML</Code>"
RULES = "<Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule>"
LIFECYCLE = (
    "<LifecycleConfiguration><Rule><Filter/><Status>Enabled</Status>{}</Rule>"
    "</LifecycleConfiguration>"
)
BLOCK = (
    "<PublicAccessBlockConfiguration><BlockPublicAcls>yes</BlockPublicAcls>"
    "</PublicAccessBlockConfiguration>"
)
VERSIONING = (
    "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
    f"<VersioningConfiguration {SPACE}><Status>Enabled</Status></VersioningConfiguration>",
)


def put(raw: RawClient, target: str, body: str) -> tuple[int, str]:
    document = body.encode()
    return raw.send("PUT", target, raw.signed("s3", "PUT", target, document), document)


@pytest.mark.parametrize(
    ("setting", "document"),
    [
        ("versioning", "<VersioningConfiguration>"),
        ("versioning", "Enabled"),
        ("versioning", "<Versioning/>"),
        ("versioning", "<VersioningConfiguration><Status>On</Status></VersioningConfiguration>"),
        ("versioning", f"<!DOCTYPE a [<!ENTITY b 'c'>]>{VERSIONING[0]}"),
        ("tagging", "<Tagging/>"),
        ("tagging", "<Tagging><TagSet><Tag><Key>k</Key></Tag></TagSet></Tagging>"),
        ("cors", "<CORSConfiguration/>"),
        ("lifecycle", "<LifecycleConfiguration><Rule/></LifecycleConfiguration>"),
        ("lifecycle", LIFECYCLE.format("<Transition/>")),
        ("lifecycle", LIFECYCLE.format("<NoncurrentVersionTransition/>")),
        ("encryption", "<ServerSideEncryptionConfiguration/>"),
        ("ownershipControls", f"<OwnershipControls>{RULES}{RULES}</OwnershipControls>"),
        ("publicAccessBlock", BLOCK),
    ],
)
def test_a_document_that_the_schema_does_not_have_is_refused(
    raw: RawClient, bucket: str, setting: str, document: str
) -> None:
    """S3 API Reference, "Error responses": MalformedXML."""
    status, answer = put(raw, f"/{bucket}?{setting}", document)
    assert (status, MALFORMED in answer) == (400, True), answer


@pytest.mark.parametrize("setting", ["encryption", "lifecycle", "publicAccessBlock", "versioning"])
def test_a_request_without_its_document_is_refused(
    raw: RawClient, bucket: str, setting: str
) -> None:
    """S3 API Reference, "Error responses": MissingRequestBodyError."""
    status, answer = put(raw, f"/{bucket}?{setting}", "")
    assert (status, "<Code>MissingRequestBodyError</Code>" in answer) == (400, True), answer


@pytest.mark.parametrize("document", VERSIONING)
def test_a_document_may_leave_its_namespace_out(
    aws: Any, raw: RawClient, bucket: str, document: str
) -> None:
    """API_PutBucketVersioning; s3cmd's documents have no namespace."""
    assert put(raw, f"/{bucket}?versioning", document)[0] == 200
    assert aws("s3").get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


def test_an_element_that_the_model_does_not_know_is_let_through(
    aws: Any, raw: RawClient, bucket: str
) -> None:
    """A client may be newer than botocore's model."""
    document = VERSIONING[0].replace("<Status>", "<Newer>1</Newer><Status>")
    assert put(raw, f"/{bucket}?versioning", document)[0] == 200
    assert aws("s3").get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
