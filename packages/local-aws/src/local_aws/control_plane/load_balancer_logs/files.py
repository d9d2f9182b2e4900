"""Access logs as objects of S3.

Source: "Access log files" in
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
"""

from __future__ import annotations

import gzip
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from moto.s3.models import s3_backends

from local_aws.control_plane.load_balancer_logs.destinations import Destination

_LETTERS = string.ascii_lowercase + string.digits
_RANDOM_LETTERS = 8


@dataclass(frozen=True)
class LogFile:
    """An object that is to be put into a destination's bucket."""

    key: str
    body: bytes


def test_file(destination: Destination, now: datetime) -> LogFile:
    """What Elastic Load Balancing writes when logs are enabled; `now` is in UTC."""
    name = destination.balancer_id.split("/")[1]
    at = now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03}Z"
    return LogFile(
        key=f"{destination.folder}/{destination.account_id}/ELBAccessLogTestFile",
        body=f"Enable AccessLog for ELB: {name} at {at}".encode(),
    )


def log_file(destination: Destination, end: datetime, lines: Iterable[str]) -> LogFile:
    """The requests of an interval that ended then, in UTC."""
    account, region = destination.account_id, destination.region
    name = "_".join(
        (
            account,
            "elasticloadbalancing",
            region,
            destination.balancer_id.replace("/", "."),
            end.strftime("%Y%m%dT%H%MZ"),
            destination.address,
            "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM_LETTERS)),
        )
    )
    folder = f"{destination.folder}/{account}/elasticloadbalancing/{region}"
    text = "".join(f"{line}\n" for line in lines)
    return LogFile(f"{folder}/{end:%Y/%m/%d}/{name}.log.gz", gzip.compress(text.encode()))


def put(destination: Destination, file: LogFile) -> None:
    """Put it into the bucket, which takes it. Call it under LOCK."""
    backend = s3_backends[destination.account_id]["aws"]
    backend.put_object(destination.bucket, file.key, file.body)
