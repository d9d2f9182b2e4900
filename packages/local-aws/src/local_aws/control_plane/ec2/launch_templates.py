"""Launch templates: versions built on a source version, tags that are given later.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.responses.launch_templates import LaunchTemplates

from local_aws.control_plane import moto_seams

_moto_answer_create_version = LaunchTemplates.create_launch_template_version


def install() -> None:
    moto_seams.add(LaunchTemplate, tags=property(LaunchTemplate.get_tags, _ignore_copy))
    moto_seams.replace(LaunchTemplates, create_launch_template_version=_answer_create_version)


def _ignore_copy(self: LaunchTemplate, value: Any) -> None:
    """Drop the copy of the tags that moto takes at creation."""


def _answer_create_version(self: LaunchTemplates) -> ActionResult:
    """Take over from SourceVersion all that the request does not give."""
    source_version = self._get_param("SourceVersion")
    template_id = self._get_param("LaunchTemplateId")
    if not (template_id or self._get_param("LaunchTemplateName")):
        raise EC2ClientError(
            "MissingParameter", "Either the launch template's ID or its name must be specified"
        )
    if source_version:
        template = (
            self.ec2_backend.get_launch_template(template_id)
            if template_id
            else self.ec2_backend.get_launch_template_by_name(self._get_param("LaunchTemplateName"))
        )
        inherited = template.get_version(source_version).data
        self.params["LaunchTemplateData"] = {
            **inherited,
            **self._get_param("LaunchTemplateData", {}),
        }
    return _moto_answer_create_version(self)
