"""Settings that S3's schema allows and S3 does not, and some that moto does not have."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal_of

NO_JSON = "Policies must be valid JSON and the first byte must be '{'"
STATEMENT = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
    "Action": "s3:GetObject",
    "Resource": "*",
}


@pytest.fixture
def s3(unchecked: Any) -> Any:
    return unchecked("s3")


def test_versioning_has_a_status(s3: Any, bucket: str) -> None:
    """Recorded from AWS: IllegalVersioningConfigurationException."""
    refused = refusal_of(s3.put_bucket_versioning, Bucket=bucket, VersioningConfiguration={})
    assert refused == (
        400,
        "IllegalVersioningConfigurationException",
        "The Versioning element must be specified",
    )


def test_only_kms_encrypts_with_a_key(s3: Any, bucket: str) -> None:
    """Recorded from AWS: InvalidArgument."""
    default = {"SSEAlgorithm": "AES256", "KMSMasterKeyID": "k"}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    refused = refusal_of(
        s3.put_bucket_encryption, Bucket=bucket, ServerSideEncryptionConfiguration=rules
    )
    assert refused[:2] == (400, "InvalidArgument")
    assert "a KMSMasterKeyID is not applicable" in refused[2]


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("", NO_JSON),
        ("random", NO_JSON),
        ("[]", NO_JSON),
        ("{}", "Missing required field Statement"),
        ({**STATEMENT, "Principal": None}, "Missing required field Principal"),
        ({**STATEMENT, "Action": None}, "Missing required field Action"),
        ({**STATEMENT, "Resource": "arn:aws:s3:::another/*"}, "Policy has invalid resource"),
    ],
)
def test_a_bucket_s_policy_is_one(s3: Any, bucket: str, policy: Any, words: str) -> None:
    """Recorded from AWS: MalformedPolicy; S3 User Guide, "Policies and permissions"."""
    if isinstance(policy, dict):
        statement = {name: value for name, value in policy.items() if value}
        policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    refused = refusal_of(s3.put_bucket_policy, Bucket=bucket, Policy=policy)
    assert refused == (400, "MalformedPolicy", words)


def test_a_bucket_with_a_period_is_not_accelerated(s3: Any, unique_name: str) -> None:
    """Recorded from AWS: InvalidRequest."""
    name = f"a.{unique_name}"
    s3.create_bucket(Bucket=name)
    accelerate = {"Bucket": name, "AccelerateConfiguration": {"Status": "Enabled"}}
    refused = refusal_of(s3.put_bucket_accelerate_configuration, **accelerate)
    assert refused[:2] == (400, "InvalidRequest")
    assert "periods (.) in their names" in refused[2]
    s3.delete_bucket(Bucket=name)


def test_the_owner_pays_for_requests(s3: Any, bucket: str) -> None:
    """API_GetBucketRequestPayment; Terraform's aws_s3_bucket reads the payer."""
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    refused = refusal_of(s3.get_bucket_request_payment, Bucket=f"no-{bucket}")
    assert refused[:2] == (404, "NoSuchBucket")


@pytest.mark.parametrize("kind", ["analytics", "intelligent_tiering", "metrics"])
def test_a_configuration_that_is_not_there_is_not_found(s3: Any, bucket: str, kind: str) -> None:
    """Recorded from AWS: NoSuchConfiguration; a list of them is empty."""
    get = getattr(s3, f"get_bucket_{kind}_configuration")
    assert refusal_of(get, Bucket=bucket, Id="x") == (
        404,
        "NoSuchConfiguration",
        "The specified configuration does not exist.",
    )
    listed = getattr(s3, f"list_bucket_{kind}_configurations")(Bucket=bucket)
    assert listed["IsTruncated"] is False


def test_a_missing_setting_names_its_bucket(s3: Any, bucket: str) -> None:
    """Recorded from AWS: BucketName in NoSuchPublicAccessBlockConfiguration."""
    s3.delete_public_access_block(Bucket=bucket)
    with pytest.raises(ClientError) as refused:
        s3.get_public_access_block(Bucket=bucket)
    error = refused.value.response["Error"]
    assert (error["Code"], error["BucketName"]) == (
        "NoSuchPublicAccessBlockConfiguration",
        bucket,
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"AllowedOrigins": ["https://*.example.*"]},
            'AllowedOrigin "https://*.example.*" can not have more than one wildcard.',
        ),
        (
            {"AllowedHeaders": ["x-*-*"]},
            'AllowedHeader "x-*-*" can not have more than one wildcard.',
        ),
        (
            {"ExposeHeaders": ["x-*"]},
            (
                'ExposeHeader "x-*" contains wildcard. We currently do not support wildcard for '
                "ExposeHeader."
            ),
        ),
    ],
    ids=["origin", "header", "exposed header"],
)
def test_wildcards_of_cors(s3: Any, bucket: str, changes: dict[str, Any], words: str) -> None:
    """API_CORSRule: at most one, and none in exposed headers; the words are other emulators'."""
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://*.example.com"], **changes}
    refused = refusal_of(s3.put_bucket_cors, Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})
    assert refused == (400, "InvalidRequest", words)


@pytest.mark.parametrize(
    ("website", "words"),
    [
        ({"IndexDocument": {"Suffix": "a/b"}}, "The IndexDocument Suffix is not well formed"),
        (
            {"RedirectAllRequestsTo": {"HostName": "x"}, "IndexDocument": {"Suffix": "i"}},
            "IndexDocument cannot be provided in conjunction with RedirectAllRequestsTo.",
        ),
        (
            {"ErrorDocument": {"Key": "e"}},
            "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
        ),
    ],
    ids=["slash", "both", "neither"],
)
def test_a_website_that_cannot_be(
    s3: Any, bucket: str, website: dict[str, Any], words: str
) -> None:
    """API_IndexDocument, API_WebsiteConfiguration; the words are those of other emulators."""
    refused = refusal_of(s3.put_bucket_website, Bucket=bucket, WebsiteConfiguration=website)
    assert refused == (400, "InvalidArgument", words)
