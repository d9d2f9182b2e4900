"""Versions of a launch template can be deleted; the others keep their numbers, none is used again.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteLaunchTemplateVersions.html
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError,
    FilterNotImplementedError,
    InvalidLaunchTemplateVersionNotFound,
)
from moto.ec2.models.launch_templates import (
    LaunchTemplate,
    LaunchTemplateBackend,
    LaunchTemplateVersion,
)
from moto.ec2.responses.launch_templates import LaunchTemplates

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.launches import user_data
from local_aws.control_plane.ec2.launches.launch_templates import template_of

_MOST_AT_ONCE = 200

_moto_describe = LaunchTemplateBackend.describe_launch_template_versions
_moto_answer_describe = LaunchTemplates.describe_launch_template_versions


@dataclass
class _Numbers:
    latest: int = 0


def install() -> None:
    moto_seams.replace(
        LaunchTemplate,
        create_version=_create_version,
        get_version=_get_version,
        default_version=_default_version,
    )
    moto_seams.replace(LaunchTemplateBackend, describe_launch_template_versions=_describe)
    moto_seams.replace(LaunchTemplates, describe_launch_template_versions=_answer_describe)
    moto_seams.add(LaunchTemplates, delete_launch_template_versions=_answer_delete)


def _describe(
    self: LaunchTemplateBackend,
    *,
    min_version: int | None = None,
    max_version: int | None = None,
    **request: Any,
) -> list[tuple[LaunchTemplate, LaunchTemplateVersion]]:
    """All of them, where moto drops what is beyond 15, or MaxResults; pages.py cuts the pages.

    Those from `min_version` to `max_version`: moto takes their numbers for places in the list.
    """
    every = {**request, "max_results": sys.maxsize, "min_version": None, "max_version": None}
    least, most = min_version or 0, max_version or sys.maxsize
    return [
        (template, version)
        for template, version in _moto_describe(self, **every)
        if request.get("versions") or least <= version.number <= most
    ]


def _create_version(
    self: LaunchTemplate, data: dict[str, Any], description: str
) -> LaunchTemplateVersion:
    user_data.check_launch_template(data)
    numbers = moto_seams.notes(self, _Numbers)
    numbers.latest = 1 + max([numbers.latest, *(each.number for each in self.versions)])
    version = LaunchTemplateVersion(self, numbers.latest, data, description)
    self.versions.append(version)
    return version


def _get_version(self: LaunchTemplate, num: Any) -> LaunchTemplateVersion:
    name = str(num).lower()
    if name == "$latest":
        return self.versions[-1]
    number = str(self.default_version_number) if name == "$default" else name
    found = next((each for each in self.versions if str(each.number) == number), None)
    if found is None:
        raise InvalidLaunchTemplateVersionNotFound(template_id=self.id, version=num)
    return found


def _default_version(self: LaunchTemplate) -> LaunchTemplateVersion:
    return self.get_version("$Default")


def _answer_describe(self: LaunchTemplates) -> ActionResult:
    """The newest first. AWS: API_DescribeLaunchTemplateVersions.

    Raises FilterNotImplementedError: moto reads no filters, endpoint/filters.py evaluates them.
    """
    filters: Any = self._filters_from_querystring()
    if filters:
        raise FilterNotImplementedError(next(iter(filters)), "DescribeLaunchTemplateVersions")
    answer: Any = _moto_answer_describe(self).result
    newest_first = sorted(
        answer["LaunchTemplateVersions"], key=lambda each: each["VersionNumber"], reverse=True
    )
    return ActionResult({**answer, "LaunchTemplateVersions": newest_first})


def _answer_delete(self: LaunchTemplates) -> ActionResult:
    template = template_of(self)
    wanted = [str(number) for number in self._get_param("Versions", [])]
    if len(wanted) > _MOST_AT_ONCE:
        raise EC2ClientError(
            "InvalidParameterValue", f"At most {_MOST_AT_ONCE} versions can be deleted at once."
        )
    if str(template.default_version_number) in wanted:
        raise EC2ClientError(
            "OperationNotPermitted",
            "The default version of a launch template cannot be deleted. First make another "
            "version the default.",
        )
    self.error_on_dryrun()
    named = {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name}
    deleted, missing = [], []
    for number in wanted:
        version = next((each for each in template.versions if str(each.number) == number), None)
        if version is None:
            error = {
                "Code": "launchTemplateVersionDoesNotExist",
                "Message": f"The specified launch template version ({number}) does not exist.",
            }
            missing.append({**named, "VersionNumber": number, "ResponseError": error})
        else:
            template.versions.remove(version)
            deleted.append({**named, "VersionNumber": version.number})
    return ActionResult(
        {
            "SuccessfullyDeletedLaunchTemplateVersions": deleted,
            "UnsuccessfullyDeletedLaunchTemplateVersions": missing,
        }
    )
