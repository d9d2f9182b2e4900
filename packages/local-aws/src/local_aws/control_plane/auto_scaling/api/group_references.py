"""What a group refers to, in a request or a template: it must be there.

Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend
from moto.ec2.exceptions import EC2ClientError

_HEALTH_CHECK_TYPES = ("EC2", "EBS", "ELB", "VPC_LATTICE")


@contextmanager
def answered_as_validation_errors() -> Iterator[None]:
    """Auto Scaling answers EC2's refusals, of a subnet for example, with a code of its own."""
    try:
        yield
    except EC2ClientError as error:
        raise ValidationError(error.message) from error


def require_health_check_types(given: str | None) -> None:
    """Raise ValidationError for a type that AWS does not have."""
    for name in (given or "EC2").split(","):
        if name not in _HEALTH_CHECK_TYPES:
            raise ValidationError(
                f"Invalid HealthCheckType {name}: it must be one or more of "
                f"{', '.join(_HEALTH_CHECK_TYPES)}"
            )


def require_zones(backend: AutoScalingBackend, names: Sequence[str]) -> None:
    """Raise ValidationError unless the region has all of these zones."""
    there = [zone.name for zone in backend.ec2_backend.describe_availability_zones()]
    for name in names:
        if name not in there:
            raise ValidationError(
                f"Invalid Availability Zone {name}: the region has {', '.join(there)}"
            )


def require_launch_configuration(backend: AutoScalingBackend, name: str | None) -> None:
    """Raise ValidationError when a launch configuration is named that does not exist."""
    if name and name not in backend.launch_configurations:
        raise ValidationError(
            "Launch configuration name not found - A launch configuration with the name: "
            f"{name} does not exist"
        )


def require_launch_template(backend: AutoScalingBackend, launch_template: Any) -> None:
    """Raise ValidationError unless a request's launch template, where it has one, exists."""
    given = launch_template or {}
    if not given:
        return
    if bool(given.get("LaunchTemplateId")) == bool(given.get("LaunchTemplateName")):
        raise ValidationError(
            "Valid requests must contain either launchTemplateId or LaunchTemplateName"
        )
    ec2 = backend.ec2_backend
    try:
        template = (
            ec2.get_launch_template(given["LaunchTemplateId"])
            if given.get("LaunchTemplateId")
            else ec2.get_launch_template_by_name(str(given.get("LaunchTemplateName")))
        )
        template.get_version(given.get("Version") or "$Default")
    except EC2ClientError as error:
        raise ValidationError(
            f"You must use a valid fully-formed launch template. {error.message}"
        ) from error


def require_target_groups(backend: AutoScalingBackend, arns: Sequence[str]) -> None:
    """Raise ValidationError unless all of these target groups exist."""
    if any(arn not in backend.elbv2_backend.target_groups for arn in arns):
        raise ValidationError("Provided Target Groups may not be valid. Please ensure they exist.")


def require_load_balancers(backend: AutoScalingBackend, names: Sequence[str]) -> None:
    """Raise ValidationError unless all of these Classic Load Balancers exist."""
    if any(name not in backend.elb_backend.load_balancers for name in names):
        raise ValidationError(
            "Provided Load Balancers may not be valid. Please ensure they exist and try again."
        )
