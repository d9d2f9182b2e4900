"""Settings of a bucket that say too little."""

from __future__ import annotations

from typing import Any

from refusals import refusal_of
from signed_requests import RawClient


def test_a_bucket_s_tags_have_keys(raw: RawClient, bucket: str) -> None:
    """S3 API Reference, "Error responses": InvalidTag."""
    target = f"/{bucket}?tagging"
    body = b"<Tagging><TagSet><Tag><Key></Key><Value>a</Value></Tag></TagSet></Tagging>"
    status, answer = raw.send("PUT", target, raw.signed("s3", "PUT", target, body), body)
    assert (status, "InvalidTag" in answer) == (400, True), answer


def test_who_may_read_a_bucket_s_log_is_somebody(s3: Any, bucket: str) -> None:
    """API_PutBucketLogging, TargetGrants."""
    enabled = {"TargetBucket": bucket, "TargetPrefix": "p", "TargetGrants": [{}, {}]}
    refused = refusal_of(
        s3.put_bucket_logging, Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled}
    )
    assert refused[:2] == (400, "MalformedXML")


def test_whoever_is_notified_has_an_arn(s3: Any, bucket: str) -> None:
    """API_PutBucketNotificationConfiguration, API_LambdaFunctionConfiguration."""
    function = {"LambdaFunctionArn": "", "Events": ["s3:ObjectCreated:*"]}
    refused = refusal_of(
        s3.put_bucket_notification_configuration,
        Bucket=bucket,
        NotificationConfiguration={"LambdaFunctionConfigurations": [function]},
    )
    assert refused[:2] == (400, "InvalidArgument")


def test_a_rule_of_sharing_has_methods_and_origins(unchecked: Any, bucket: str) -> None:
    """API_CORSRule: AllowedMethods and AllowedOrigins are required; MalformedXML."""
    for rule in ({"AllowedMethods": [""], "AllowedOrigins": ["*"]}, {"AllowedOrigins": ["*"]}):
        refused = refusal_of(
            unchecked("s3").put_bucket_cors, Bucket=bucket, CORSConfiguration={"CORSRules": [rule]}
        )
        assert refused[:2] == (400, "MalformedXML")
