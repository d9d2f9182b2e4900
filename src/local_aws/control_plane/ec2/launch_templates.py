"""Launch templates: tags given after the creation show, too."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.launch_templates import LaunchTemplate

from local_aws.control_plane import moto_seams


def install() -> None:
    moto_seams.add(LaunchTemplate, tags=property(LaunchTemplate.get_tags, _ignore_copy))


def _ignore_copy(self: LaunchTemplate, value: Any) -> None:
    """Drop the copy that moto takes at creation."""
