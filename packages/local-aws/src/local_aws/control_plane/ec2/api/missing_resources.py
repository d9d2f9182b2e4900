"""Things that do not exist, in AWS's words: moto fails to find some of them.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidAMIIdError,
    InvalidKeyPairNameError,
    InvalidLaunchTemplateIdNotFound,
    InvalidLaunchTemplateNameNotFoundWithNameError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.network_acls import NetworkAclAssociation

from local_aws.control_plane import moto_seams

_moto_replace_association = EC2Backend.replace_network_acl_association
_moto_modify_image = EC2Backend.modify_image_attribute
_moto_template = EC2Backend._get_template_from_args
_moto_delete_group = EC2Backend._delete_security_group


def install() -> None:
    moto_seams.replace(
        EC2Backend,
        replace_network_acl_association=_replace_network_acl_association,
        modify_image_attribute=_modify_image,
        _get_template_from_args=_template,
        _delete_security_group=_delete_group,
        delete_managed_prefix_list=_of_a_list(EC2Backend.delete_managed_prefix_list),
        modify_managed_prefix_list=_of_a_list(EC2Backend.modify_managed_prefix_list),
    )
    moto_seams.replace(InvalidKeyPairNameError, __init__=_no_key_pair)


def _replace_network_acl_association(
    self: EC2Backend, association_id: str, network_acl_id: str
) -> NetworkAclAssociation:
    if not any(association_id in acl._associations for acl in self.network_acls.values()):
        raise EC2ClientError(
            "InvalidAssociationID.NotFound",
            f"The association ID '{association_id}' does not exist",
        )
    return _moto_replace_association(self, association_id, network_acl_id)


def _no_key_pair(self: InvalidKeyPairNameError, key: str | Iterable[str]) -> None:
    name = key if isinstance(key, str) else ", ".join(sorted(key))
    EC2ClientError.__init__(
        self, "InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist"
    )


def _modify_image(self: EC2Backend, ami_id: str, *permissions: Any, **named: Any) -> None:
    if not self.describe_images(ami_ids=[ami_id]):
        raise InvalidAMIIdError(ami_id)
    _moto_modify_image(self, ami_id, *permissions, **named)


def _template(self: EC2Backend, launch_template_arg: dict[str, Any]) -> Any:
    named = launch_template_arg.get("LaunchTemplateId")
    if named is not None and named not in self.launch_templates:
        raise InvalidLaunchTemplateIdNotFound(named)
    name = launch_template_arg.get("LaunchTemplateName")
    if named is None and name is not None and name not in self.launch_template_name_to_ids:
        raise InvalidLaunchTemplateNameNotFoundWithNameError(name)
    return _moto_template(self, launch_template_arg)


def _delete_group(self: EC2Backend, vpc_id: str | None, group_id: str) -> None:
    """A group that is named without an id is one of the default VPC."""
    default = self.get_default_vpc()
    group = self.get_security_group_from_id(group_id)
    if not vpc_id and group and (default is None or group.vpc_id != default.id):
        place = f"default VPC '{default.id}'" if default else "default VPC"
        raise EC2ClientError(
            "InvalidGroup.NotFound", f"The security group '{group.name}' does not exist in {place}"
        )
    _moto_delete_group(self, vpc_id, group_id)


def _of_a_list(moto_change: Callable[..., Any]) -> Any:
    def change(self: EC2Backend, *arguments: Any, **named: Any) -> Any:
        list_id = named["prefix_list_id"] if "prefix_list_id" in named else arguments[0]
        if list_id not in self.managed_prefix_lists:
            raise EC2ClientError(
                "InvalidPrefixListID.NotFound", f"The prefix list ID '{list_id}' does not exist"
            )
        return moto_change(self, *arguments, **named)

    return change
