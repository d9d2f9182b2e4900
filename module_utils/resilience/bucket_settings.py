# GNU General Public License v3.0+ (see LICENSE)
"""The settings of a bucket that is private to one stack: how each is found and put. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

_PRIVATE = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)
_ALGORITHM = "AES256"
_ENCRYPTED = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": _ALGORITHM}}]}


class Setting(NamedTuple):
    """One setting of the bucket; `get` and `put` name methods of boto3's S3 client."""

    purpose: str
    """What completes "Failed to ..."."""
    said: str
    """What is said when it was done."""
    get: str
    member: str
    """Where the answer of `get` has it."""
    is_met: Callable[[Any], bool]
    """Whether that member, None where there is none, is as wanted."""
    put: str
    request: dict[str, Any]


def of(bucket: str, tags: Mapping[str, str], partition: str) -> tuple[Setting, ...]:
    """All settings, in the order in which they are put: the tags, which say whose it is, first."""
    policy = _over_tls_only(bucket, partition)
    return (
        Setting(
            purpose=f"tag the bucket {bucket}",
            said="tagged it",
            get="get_bucket_tagging",
            member="TagSet",
            is_met=lambda found: as_tags(found) == tags,
            put="put_bucket_tagging",
            request={
                "Tagging": {
                    "TagSet": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
                }
            },
        ),
        Setting(
            purpose=f"make the bucket {bucket} private",
            said="made it private",
            get="get_public_access_block",
            member="PublicAccessBlockConfiguration",
            is_met=lambda found: found == _PRIVATE,
            put="put_public_access_block",
            request={"PublicAccessBlockConfiguration": _PRIVATE},
        ),
        Setting(
            purpose=f"encrypt the bucket {bucket}",
            said="encrypted it",
            get="get_bucket_encryption",
            member="ServerSideEncryptionConfiguration",
            is_met=lambda found: _algorithm(found) == _ALGORITHM,
            put="put_bucket_encryption",
            request={"ServerSideEncryptionConfiguration": _ENCRYPTED},
        ),
        Setting(
            purpose=f"restrict the bucket {bucket} to TLS",
            said="restricted it to TLS",
            get="get_bucket_policy",
            member="Policy",
            is_met=lambda found: found is not None and json.loads(found) == policy,
            put="put_bucket_policy",
            request={"Policy": json.dumps(policy)},
        ),
    )


def as_tags(tag_set: Sequence[Mapping[str, str]] | None) -> dict[str, str]:
    """The value of each tag of a TagSet, by its key."""
    return {tag["Key"]: tag["Value"] for tag in tag_set or ()}


def _algorithm(encryption: Mapping[str, Any] | None) -> str | None:
    """The first rule's; AWS returns more of it than was put."""
    rules = (encryption or {}).get("Rules") or [{}]
    found: str | None = rules[0].get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm")
    return found


def _over_tls_only(bucket: str, partition: str) -> dict[str, Any]:
    arn = f"arn:{partition}:s3:::{bucket}"
    statement = {
        "Sid": "OverTlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
