"""The roles that a request passes to a service: the caller needs iam:PassRole for each.

AWS: "Grant a user permissions to pass a role to an AWS service" in the IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from local_aws.control_plane.api_request import ApiRequest

_EC2 = "ec2.amazonaws.com"
_CLOUDFORMATION = "cloudformation.amazonaws.com"

_ROLE_PARAMETERS = {
    ("cloudformation", "CreateChangeSet"): ("RoleARN", _CLOUDFORMATION),
    ("cloudformation", "CreateStack"): ("RoleARN", _CLOUDFORMATION),
    ("cloudformation", "DeleteStack"): ("RoleARN", _CLOUDFORMATION),
    ("cloudformation", "UpdateStack"): ("RoleARN", _CLOUDFORMATION),
    ("iam", "AddRoleToInstanceProfile"): ("RoleName", _EC2),
}
_PROFILE_PARAMETERS = {
    ("autoscaling", "CreateLaunchConfiguration"): ("IamInstanceProfile",),
    ("ec2", "AssociateIamInstanceProfile"): ("IamInstanceProfile.Name", "IamInstanceProfile.Arn"),
    ("ec2", "ReplaceIamInstanceProfileAssociation"): (
        "IamInstanceProfile.Name",
        "IamInstanceProfile.Arn",
    ),
    ("ec2", "RunInstances"): ("IamInstanceProfile.Name", "IamInstanceProfile.Arn"),
}


def passed_by(request: ApiRequest, account_id: str) -> Iterator[tuple[str, str]]:
    """Each role's ARN, and the service that gets it. A role that does not exist is not passed."""
    call = (request.service, request.action)
    parameter, service = _ROLE_PARAMETERS.get(call, ("", ""))
    role = request.parameters.get(parameter)
    if role:
        yield from ((arn, service) for arn in _role_arns(str(role), account_id))
    profiles = [request.parameters.get(name) for name in _PROFILE_PARAMETERS.get(call, ())]
    if call == ("ec2", "RunInstances"):
        profiles += _profiles_of_template(request, account_id)
    for profile in filter(None, profiles):
        yield from ((arn, _EC2) for arn in _arns_in_profile(str(profile), account_id))


def _role_arns(name_or_arn: str, account_id: str) -> Iterator[str]:
    for role in list(iam_backends[account_id]["aws"].roles.values()):
        if name_or_arn in (role.name, role.arn):
            yield role.arn


def _arns_in_profile(name_or_arn: str, account_id: str) -> Iterator[str]:
    for profile in list(iam_backends[account_id]["aws"].instance_profiles.values()):
        if name_or_arn in (profile.name, profile.arn):
            yield from (role.arn for role in profile.roles)


def _profiles_of_template(request: ApiRequest, account_id: str) -> list[str | None]:
    """What the launch template of a RunInstances names; one that does not exist names nothing."""
    given = request.parameters
    backend = ec2_backends[account_id][request.region]
    template_id, name = (given.get(f"LaunchTemplate.LaunchTemplate{key}") for key in ("Id", "Name"))
    try:
        if template_id:
            template = backend.get_launch_template(template_id)
        elif name:
            template = backend.get_launch_template_by_name(name)
        else:
            return []
        data = template.get_version(given.get("LaunchTemplate.Version", "$Default")).data
    except EC2ClientError:
        return []
    profile = data.get("IamInstanceProfile") or {}
    return [profile.get("Name"), profile.get("Arn")]
