"""An instance's attributes: which are shown, and which change only while it is stopped.

moto fails to show some, and takes new user data for base64 of what it is. A change of what it does
not know takes away all security groups, and one of the groups leaves those of the interface. It
also forgets the metadata options that a change does not name, and takes groups that are missing.

Source: API_DescribeInstanceAttribute, API_ModifyInstanceAttribute and
API_ModifyInstanceMetadataOptions in the EC2 API Reference.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2 import utils
from moto.ec2.exceptions import EC2ClientError, InvalidSecurityGroupNotFoundError
from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Instance, MetadataOptions
from moto.ec2.responses import instances as responses
from moto.ec2.responses.instances import InstanceResponse

from local_aws.control_plane import moto_seams
from local_aws.control_plane.ec2.launches import launch_values, user_data

_STOPPED_ONLY = frozenset({"instance_type", "kernel", "ramdisk", "user_data"})
_BOOLEANS = frozenset(
    {"disable_api_stop", "disable_api_termination", "ebs_optimized", "source_dest_check"}
)
_SHUTDOWN_BEHAVIORS = ("stop", "terminate")
_UNKNOWN_TO_MOTO: Mapping[str, str] = {
    "InstanceInitiatedShutdownBehavior": "instance_initiated_shutdown_behavior",
    "Ramdisk": "ramdisk",
}
"""Members of ModifyInstanceAttribute that moto drops, and its attributes."""
_HOPS = range(1, 65)
_METADATA_OPTIONS: Mapping[str, str] = {
    "http_tokens": "http_tokens",
    "hop_limit": "http_put_response_hop_limit",
    "http_endpoint": "http_endpoint",
    "http_protocol": "http_protocol_ipv6",
    "metadata_tags": "instance_metadata_tags",
}
"""moto's attribute of an instance's options, by its argument for a change."""
_SHOWN: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "blockDeviceMapping": ("BlockDeviceMappings", lambda each: each.block_device_mappings),
    "enclaveOptions": ("EnclaveOptions", lambda each: each.enclave_options),
    "kernel": ("KernelId", lambda each: {"Value": each.kernel}),
    "productCodes": ("ProductCodes", lambda _: []),
    "ramdisk": ("RamdiskId", lambda each: {"Value": each.ramdisk}),
}
"""By attribute, the answer's member where moto does not find its name, and its value."""

_moto_answer_modify = InstanceResponse.modify_instance_attribute
_moto_change_groups = InstanceResponse._security_grp_instance_attribute_handler
_moto_answer_describe = InstanceResponse.describe_instance_attribute
_moto_modify = EC2Backend.modify_instance_attribute
_moto_modify_groups = EC2Backend.modify_instance_security_groups
_moto_parse = utils.parse_user_data


def install() -> None:
    moto_seams.replace(
        InstanceResponse,
        describe_instance_attribute=_answer_describe,
        modify_instance_attribute=_answer_modify,
        _security_grp_instance_attribute_handler=_change_groups,
    )
    moto_seams.replace(
        EC2Backend,
        modify_instance_attribute=_modify,
        modify_instance_security_groups=_modify_groups,
        modify_instance_metadata_options=_modify_metadata_options,
    )
    moto_seams.replace(responses, parse_user_data=_parse)


def _answer_describe(self: InstanceResponse) -> ActionResult:
    attribute = self._get_param("Attribute")
    if attribute not in _SHOWN:
        answer: ActionResult = _moto_answer_describe(self)
        return answer
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    member, value = _SHOWN[attribute]
    return ActionResult({"InstanceId": instance.id, member: value(instance)})


def _answer_modify(self: InstanceResponse) -> ActionResult:
    for member, attribute in _UNKNOWN_TO_MOTO.items():
        value = self._get_param(f"{member}.Value")
        if value is not None:
            self.error_on_dryrun()
            instance_id = self._get_param("InstanceId")
            self.ec2_backend.modify_instance_attribute(instance_id, attribute, value)
            return EmptyResult()
    return _moto_answer_modify(self)


def _change_groups(self: InstanceResponse) -> bool:
    """Only where the request has some: moto does so with each request that it does not know."""
    if self._get_param("Groups"):
        _moto_change_groups(self)
    return True


def _modify(self: EC2Backend, instance_id: str, key: str, value: Any) -> Instance:
    instance = self.get_instance(instance_id)
    if key in _BOOLEANS:
        value = str(value).lower() == "true"
    _require_value(key, value)
    if key in _STOPPED_ONLY and instance.state != "stopped":
        raise EC2ClientError(
            "IncorrectInstanceState", f"The instance '{instance_id}' is not in the 'stopped' state."
        )
    if key == "user_data":
        user_data.check_launch(value)
    return _moto_modify(self, instance_id, key, value)


def _require_value(key: str, value: Any) -> None:
    """API_ModifyInstanceAttribute: "If the instance type is not valid, the error returned is
    InvalidInstanceAttributeValue"; EC2's error codes for the others."""
    if key == "instance_type" and not launch_values.is_instance_type(value):
        raise EC2ClientError(
            "InvalidInstanceAttributeValue", f"Invalid value '{value}' for InstanceType."
        )
    if key == "instance_initiated_shutdown_behavior" and value not in _SHUTDOWN_BEHAVIORS:
        raise EC2ClientError(
            "InvalidInstanceAttributeValue",
            f"Invalid value '{value}' for instanceInitiatedShutdownBehavior.",
        )


def _modify_groups(self: EC2Backend, instance_id: str, new_group_id_list: list[str]) -> Instance:
    for group_id in new_group_id_list:
        if self.get_security_group_from_id(group_id) is None:
            raise InvalidSecurityGroupNotFoundError(group_id)
    instance: Instance = _moto_modify_groups(self, instance_id, new_group_id_list)
    if primary := instance.nics.get(0):
        primary._group_set = list(instance.security_groups)
    return instance


def _modify_metadata_options(
    self: EC2Backend, instance_id: str, **given: str | int | bool | None
) -> MetadataOptions:
    """What is not named stays as it is. A response makes 1 to 64 hops."""
    hops = given["hop_limit"]
    if hops is not None and hops not in _HOPS:
        words = f"Value ({hops}) for parameter HttpPutResponseHopLimit is invalid. "
        raise EC2ClientError("InvalidParameterValue", f"{words}Expecting a value from 1 to 64.")
    options = self.get_instance(instance_id).metadata_options
    for name, attribute in _METADATA_OPTIONS.items():
        if given[name] is not None:
            setattr(options, attribute, given[name])
    return options


def _parse(value: Any) -> Any:
    """Bytes are those of a blob: moto's parser has decoded what the request gave."""
    return _moto_parse(base64.b64encode(value) if isinstance(value, bytes) else value)
