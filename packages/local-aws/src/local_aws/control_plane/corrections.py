"""moto, corrected: every module that makes moto behave as AWS does, in one list."""

from __future__ import annotations

import functools

from local_aws.control_plane import (
    auto_scaling,
    cloudformation,
    dynamodb,
    ec2,
    elbv2,
    iam,
    ssm,
    sts,
)


@functools.cache
def install() -> None:
    """Install every correction, before the first request; calling it again changes nothing."""
    for service in (cloudformation, dynamodb, ec2, elbv2, auto_scaling, iam, ssm, sts):
        service.install()
