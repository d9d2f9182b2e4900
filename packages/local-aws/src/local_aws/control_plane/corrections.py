"""moto, corrected: every module that makes moto behave as AWS does, in one list."""

from __future__ import annotations

import functools

from local_aws.control_plane import (
    acm,
    application_auto_scaling,
    auto_scaling,
    awslambda,
    cloudformation,
    cloudwatch,
    deliveries,
    dynamodb,
    ec2,
    efs,
    elb,
    elbv2,
    endpoint_discovery,
    error_words,
    events,
    iam,
    kms,
    logs,
    resource_tagging,
    route53,
    s3,
    secrets_manager,
    service_connections,
    signed_scope,
    sns,
    sqs,
    ssm,
    sts,
    swf,
    xml_errors,
)

_SERVICES = (
    acm,
    awslambda,
    dynamodb,
    ec2,
    efs,
    elb,
    elbv2,
    cloudwatch,
    auto_scaling,
    application_auto_scaling,
    events,
    iam,
    kms,
    logs,
    resource_tagging,
    route53,
    s3,
    secrets_manager,
    sns,
    sqs,
    ssm,
    sts,
    swf,
)


@functools.cache
def install() -> None:
    """Install every correction, before the first request; a second call changes nothing."""
    cloudformation.install()
    xml_errors.install()
    error_words.install()
    deliveries.install()
    signed_scope.install()
    endpoint_discovery.install()
    for service in _SERVICES:
        service.install()
    service_connections.connect()
