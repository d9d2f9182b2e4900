"""A bucket that Elastic Load Balancing may write into, and the access logs in it."""

from __future__ import annotations

import gzip
import json
import shlex
from typing import Any

SERVICE = {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
FIELDS = (
    *("type", "time", "elb", "client:port", "target:port", "request_processing_time"),
    *("target_processing_time", "response_processing_time", "elb_status_code"),
    *("target_status_code", "received_bytes", "sent_bytes", "request", "user_agent"),
    *("ssl_cipher", "ssl_protocol", "target_group_arn", "trace_id", "domain_name"),
    *("chosen_cert_arn", "matched_rule_priority", "request_creation_time", "actions_executed"),
    *("redirect_url", "error_reason", "target:port_list", "target_status_code_list"),
    *("classification", "classification_reason", "conn_trace_id", "transformed_host"),
    *("transformed_uri", "request_transform_status"),
)


def policy(bucket: str, principal: Any = SERVICE, prefix: str = "", **more: Any) -> str:
    """Lets the principal put the objects of logs."""
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/{prefix}AWSLogs/*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | more]})


def make_log_bucket(s3: Any, name: str) -> None:
    s3.create_bucket(Bucket=name)
    # The prefix is any.
    s3.put_bucket_policy(Bucket=name, Policy=policy(name, prefix="*"))


def attributes(bucket: str, prefix: str = "", enabled: str = "true") -> list[dict[str, str]]:
    """Those of a load balancer that enable its access logs."""
    values = {"enabled": enabled, "bucket": bucket, "prefix": prefix}
    return [{"Key": f"access_logs.s3.{name}", "Value": value} for name, value in values.items()]


def keys(s3: Any, bucket: str) -> list[str]:
    """Of log files, without the test file's."""
    found = s3.list_objects_v2(Bucket=bucket).get("Contents", ())
    return [each["Key"] for each in found if not each["Key"].endswith("ELBAccessLogTestFile")]


def entries(s3: Any, bucket: str) -> list[dict[str, str]]:
    """All lines of all log files, each by AWS's names of its fields, without quotation marks."""
    lines = []
    for key in keys(s3, bucket):
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        lines += gzip.decompress(body).decode("ascii").splitlines()
    return [dict(zip(FIELDS, shlex.split(line), strict=True)) for line in lines]
