"""Whether Elastic Load Balancing may write a load balancer's logs into a bucket.

The bucket's policy names the service, or the account that it has in some Regions; the bucket is in
the load balancer's Region, and encrypted with no other keys than S3's.
Source: "Enable access logs for your Application Load Balancer" in its User Guide,
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moto.s3.models import FakeBucket, s3_backends

from local_aws.control_plane.iam.authorization import principals
from local_aws.control_plane.iam.policy_language import policies
from local_aws.control_plane.iam.policy_language.policies import Statement
from local_aws.control_plane.load_balancer_logs.destinations import Destination

_SERVICE = "logdelivery.elasticloadbalancing.amazonaws.com"
_ACCOUNTS = {
    "af-south-1": "098369216593",
    "ap-east-1": "754344448648",
    "ap-northeast-1": "582318560864",
    "ap-northeast-2": "600734575887",
    "ap-northeast-3": "383597477331",
    "ap-south-1": "718504428378",
    "ap-southeast-1": "114774131450",
    "ap-southeast-2": "783225319266",
    "ap-southeast-3": "589379963580",
    "ca-central-1": "985666609251",
    "cn-north-1": "638102146993",
    "cn-northwest-1": "037604701340",
    "eu-central-1": "054676820928",
    "eu-north-1": "897822967062",
    "eu-south-1": "635631232127",
    "eu-west-1": "156460612806",
    "eu-west-2": "652711504416",
    "eu-west-3": "009996457667",
    "me-south-1": "076674570225",
    "sa-east-1": "507241528517",
    "us-east-1": "127311923021",
    "us-east-2": "033677994240",
    "us-gov-east-1": "190560391635",
    "us-gov-west-1": "048591011584",
    "us-west-1": "027434742980",
    "us-west-2": "797873946194",
}
"""Elastic Load Balancing's own, in the Regions that are older than the service's name."""


@dataclass(frozen=True)
class _Writer:
    """Who writes, by all names that a policy can have for it, and the condition keys of that."""

    kind: str  # "AWS" or "Service"
    names: Sequence[str]
    keys: Mapping[str, Sequence[str]]


def takes(destination: Destination, key: str) -> bool:
    """Whether an object of that key could be put now. Call it under LOCK."""
    bucket = s3_backends[destination.account_id]["aws"].buckets.get(destination.bucket)
    return (
        bucket is not None
        and bucket.region_name == destination.region
        and _is_encrypted_by_s3(bucket)
        and any(_may(writer, bucket, key, destination) for writer in _writers(destination.region))
    )


def _is_encrypted_by_s3(bucket: FakeBucket) -> bool:
    if not bucket.encryption:
        return True
    default = bucket.encryption["Rule"]["ApplyServerSideEncryptionByDefault"]
    return bool(default["SSEAlgorithm"] == "AES256")


def _writers(region: str) -> list[_Writer]:
    writers = [_Writer("Service", [_SERVICE], {"aws:principalservicename": [_SERVICE]})]
    account = _ACCOUNTS.get(region)
    if account:
        names = [account, f"arn:aws:iam::{account}:root"]
        writers.append(_Writer("AWS", names, {"aws:principalaccount": [account]}))
    return writers


def _may(writer: _Writer, bucket: FakeBucket, key: str, destination: Destination) -> bool:
    statements = policies.statements_of(bucket.policy.decode()) if bucket.policy else []
    context = {
        **writer.keys,
        "aws:principalisawsservice": ["true" if writer.kind == "Service" else "false"],
        "aws:securetransport": ["true"],
        "aws:sourceaccount": [destination.account_id],
        "aws:sourcearn": [destination.balancer_arn],
        "s3:x-amz-acl": ["bucket-owner-full-control"],
    }
    about_it = [each for each in statements if _is_about(each, writer)]
    resource = f"arn:aws:s3:::{bucket.name}/{key}"
    return policies.effect(about_it, "s3:PutObject", resource, context) == "Allow"


def _is_about(statement: Statement, writer: _Writer) -> bool:
    if "NotPrincipal" in statement:
        excepted = principals.named(statement["NotPrincipal"], writer.kind, writer.names)
        return statement.get("Effect") == "Deny" and not excepted
    return principals.named(statement.get("Principal"), writer.kind, writer.names)
