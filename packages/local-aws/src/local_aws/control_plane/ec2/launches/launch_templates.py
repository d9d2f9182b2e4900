"""Launch templates: versions built on a source version, tags that are given later.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html;
"Error codes" in the EC2 API Reference: InvalidLaunchTemplateId.Malformed; EC2's words as recorded
or as users reported them.
"""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, InvalidLaunchTemplateVersionNotFound
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion
from moto.ec2.responses.launch_templates import LaunchTemplates

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_KIND = "launch-template"
_ID = re.compile(r"lt-[0-9a-f]{8,17}")
_NAME = re.compile(r"[a-zA-Z0-9().\-/_]{3,128}")
_NAMED_TWICE = {
    "ModifyLaunchTemplate": (
        "Either provide launch template ID or launch template name to modify the template."
    )
}
"""What an action says of a template that is named by its id and its name."""

_moto_answer_create = LaunchTemplates.create_launch_template
_moto_answer_create_version = LaunchTemplates.create_launch_template_version
_moto_answer_delete = LaunchTemplates.delete_launch_template
_moto_answer_modify = LaunchTemplates.modify_launch_template


def install() -> None:
    moto_seams.add(LaunchTemplate, tags=property(LaunchTemplate.get_tags, _ignore_copy))
    moto_seams.replace(
        LaunchTemplates,
        create_launch_template=_answer_create,
        create_launch_template_version=_answer_create_version,
        delete_launch_template=_answer_delete,
        describe_launch_templates=_answer_describe,
        modify_launch_template=_answer_modify,
    )


def _ignore_copy(self: LaunchTemplate, value: Any) -> None:
    """Drop the copy of the tags that moto takes at creation."""


def _answer_describe(self: LaunchTemplates) -> ActionResult:
    """All of them, where moto drops what is beyond 15, or MaxResults; pages.py cuts the pages."""
    for template_id in self._get_param("LaunchTemplateIds", []):
        self.ec2_backend.get_launch_template(template_id)
    found = self.ec2_backend.describe_launch_templates(
        template_names=self._get_param("LaunchTemplateNames", []),
        template_ids=self._get_param("LaunchTemplateIds", []),
        filters=self._filters_from_querystring(),
    )
    shown = [
        {
            "CreateTime": template.create_time,
            "CreatedBy": f"arn:{self.partition}:iam::{self.current_account}:root",
            "DefaultVersionNumber": template.default_version_number,
            "LatestVersionNumber": template.latest_version_number,
            "LaunchTemplateId": template.id,
            "LaunchTemplateName": template.name,
            "Tags": template.tags,
        }
        for template in found
    ]
    return ActionResult({"LaunchTemplates": shown})


def _answer_create(self: LaunchTemplates) -> ActionResult:
    """The template's own tags are no part of its first version's data, where moto puts them too.

    AWS: TagSpecification in API_CreateLaunchTemplate: those of instances go into the data.
    """
    for specification in self._get_param("TagSpecifications", []):
        kind = specification.get("ResourceType")
        if kind != _KIND:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"'{kind}' is not a valid taggable resource type for this operation.",
            )
    name = self._get_param("LaunchTemplateName")
    if not _NAME.fullmatch(name):
        raise EC2ClientError(
            "InvalidLaunchTemplateName.MalformedException",
            "A launch template name must be between 3 and 128 characters, and may contain letters, "
            "numbers, and the following characters: - ( ) . / _.",
        )
    answer = _moto_answer_create(self)
    template = self.ec2_backend.get_launch_template_by_name(name)
    data = template.default_version().data
    of_instances = [
        each for each in data.pop("TagSpecifications", []) if each["ResourceType"] != _KIND
    ]
    if of_instances:
        data["TagSpecifications"] = of_instances
    return answer


def _answer_delete(self: LaunchTemplates) -> ActionResult:
    """One that does not exist is named as in every other call."""
    template_of(self)
    return _moto_answer_delete(self)


def _answer_modify(self: LaunchTemplates) -> ActionResult:
    template_of(self)
    return _moto_answer_modify(self)


def _answer_create_version(self: LaunchTemplates) -> ActionResult:
    """Take over from SourceVersion all that the request does not give."""
    template = template_of(self)
    source_version = self._get_param("SourceVersion")
    if source_version:
        inherited = _source(template, source_version).data
        self.params["LaunchTemplateData"] = {
            **inherited,
            **self._get_param("LaunchTemplateData", {}),
        }
    return _moto_answer_create_version(self)


def _source(template: LaunchTemplate, version: Any) -> LaunchTemplateVersion:
    try:
        found: LaunchTemplateVersion = template.get_version(version)
    except InvalidLaunchTemplateVersionNotFound:
        raise EC2ClientError(
            "InvalidLaunchTemplateId.VersionNotFound", "Launch template version does not exist."
        ) from None
    return found


def require_ids(request: ApiRequest) -> None:
    """Raise ApiError for an id beside a name, and for what has not the form of an id.

    API_LaunchTemplateSpecification: "You must specify either the launch template ID or the launch
    template name, but not both". In which words EC2 refuses that is verified of
    ModifyLaunchTemplate alone, by moto's tests.
    """
    given = request.parameters
    for prefix in ("", "LaunchTemplate."):
        if {f"{prefix}LaunchTemplateId", f"{prefix}LaunchTemplateName"} <= given.keys():
            raise ApiError(
                "400 Bad Request",
                "InvalidParameterCombination",
                _NAMED_TWICE.get(
                    request.action,
                    "Specify either the launch template ID or the launch template name, but not "
                    "both",
                ),
            )
    if "LaunchTemplate" not in request.action:
        return
    for name, value in given.items():
        if name.partition(".")[0] == "LaunchTemplateId" and not _ID.fullmatch(str(value)):
            raise ApiError(
                "400 Bad Request",
                "InvalidLaunchTemplateId.Malformed",
                f'Invalid id: "{value}" (expecting "lt-...")',
            )


def template_of(request: LaunchTemplates) -> LaunchTemplate:
    """The template that a request names. Raises what EC2 answers when it names none."""
    template_id = request._get_param("LaunchTemplateId")
    name = request._get_param("LaunchTemplateName")
    if not (template_id or name):
        raise EC2ClientError(
            "MissingParameter", "Either the launch template's ID or its name must be specified"
        )
    backend = request.ec2_backend
    found: LaunchTemplate = (
        backend.get_launch_template(template_id)
        if template_id
        else backend.get_launch_template_by_name(name)
    )
    return found
