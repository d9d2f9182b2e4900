"""Members that EC2's answers have, and moto's lack.

Source: answers of the real EC2 as they have been recorded; API_AvailabilityZone, API_RouteTable,
API_Volume, API_CreateVpnGateway.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.serialize import return_if_not_empty
from moto.ec2.models.availability_zones_and_regions import Zone
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.instances import Instance
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.responses import EC2Response

from local_aws.control_plane import moto_seams

_AWS_ASN = 64512
_LAUNCHED = "RunInstances.Reservation.Instances.Instance"
_INTERFACE = "NetworkInterfaces.InstanceNetworkInterface"
_ADDRESS = "PrivateIpAddresses.InstancePrivateIpAddress"
_TRANSFORMED = {
    # They are further when they are looked at.
    "CreateNetworkInterfaceResult.NetworkInterface.Status": lambda _: "pending",
    "CreateVpcResult.Vpc.State": lambda _: "pending",
    "CreateVolume.Volume.Attachments": lambda _: None,
    "CreateVolume.Volume.State": lambda _: "creating",
    "CreateVolume.Volume.Tags": lambda tags: tags or [],
    "ModifyVolumeResult.VolumeModification.EndTime": lambda _: None,
    "ModifyVolumeResult.VolumeModification.ModificationState": lambda _: "modifying",
    "ModifyVolumeResult.VolumeModification.Progress": lambda _: 0,
    f"{_LAUNCHED}.BlockDeviceMappings": lambda _: [],
    f"{_LAUNCHED}.MetadataOptions.State": lambda _: "pending",
    "ModifyInstanceMetadataOptionsResult.InstanceMetadataOptions.State": lambda _: "pending",
    f"{_LAUNCHED}.PublicDnsName": lambda _: "",
    f"{_LAUNCHED}.PublicIpAddress": lambda _: None,
    f"{_LAUNCHED}.StateReason": lambda _: {"Code": "pending", "Message": "pending"},
    f"{_LAUNCHED}.{_INTERFACE}.Association": lambda _: None,
    f"{_LAUNCHED}.{_INTERFACE}.Attachment.Status": lambda _: "attaching",
    f"{_LAUNCHED}.{_INTERFACE}.{_ADDRESS}.Association": lambda _: None,
    "CreateSnapshot.Snapshot.State": lambda _: "pending",
    "CreateSnapshot.Snapshot.Progress": lambda _: "",
    "CreateVpcResult.Vpc.Tags": return_if_not_empty,
    # These have no list of tags when they have none; networks, for example, have an empty one.
    "Addresses.Address.Tags": return_if_not_empty,
    "Images.Image.Tags": return_if_not_empty,
    "LaunchTemplate.Tags": return_if_not_empty,
    "SecurityGroups.SecurityGroup.Tags": return_if_not_empty,
    "Snapshots.Snapshot.Tags": return_if_not_empty,
    "Volumes.Volume.Tags": return_if_not_empty,
    "AuthorizeSecurityGroupEgressResult.SecurityGroupRules.SecurityGroupRule.Tags": (
        return_if_not_empty
    ),
    "AuthorizeSecurityGroupIngressResult.SecurityGroupRules.SecurityGroupRule.Tags": (
        return_if_not_empty
    ),
    # Of an address that is of nothing.
    "Addresses.Address.InstanceId": return_if_not_empty,
    "Addresses.Address.NetworkInterfaceId": return_if_not_empty,
    "AllocateAddressResult.PublicIpv4Pool": lambda pool: pool or "amazon",
    "Instances.Instance.StateTransitionReason": lambda reason: (reason or "").replace("UTC", "GMT"),
    "Instances.Instance.PrivateDnsName": lambda name: name or "",
    "Instances.Instance.PublicDnsName": lambda name: name or "",
    "Volume.MultiAttachEnabled": bool,
    "KeyPairs.KeyPairInfo.KeyType": lambda kind: kind or "rsa",
    "NetworkInterface.Association": return_if_not_empty,
    "NetworkInterface.Attachment": return_if_not_empty,
    "Instances.Instance.StateReason": lambda reason: reason if _is_said(reason) else None,
    "Instances.Instance.HibernationOptions": lambda given: given or {"Configured": False},
    "CreateVpnGatewayResult.VpnGateway.Tags": return_if_not_empty,
    # AWS's own, unless another one was asked for.
    "VpnGateway.AmazonSideAsn": lambda asn: asn or _AWS_ASN,
    "VpnGateways.VpnGateway.AmazonSideAsn": lambda asn: asn or _AWS_ASN,
    # One that was made of no snapshot has it too, and empty.
    "Volume.SnapshotId": lambda snapshot_id: snapshot_id or "",
    "Volumes.Volume.SnapshotId": lambda snapshot_id: snapshot_id or "",
}
_moto_create_route_table = EC2Response.create_route_table
_moto_allocate_address = EC2Response.allocate_address


def _is_said(reason: Any) -> bool:
    """Of an instance that was not stopped there is no reason for its state."""
    code = reason.get("Code") if isinstance(reason, dict) else getattr(reason, "code", None)
    return bool(code)


def install() -> None:
    moto_seams.add(
        Zone,
        group_name=property(lambda zone: f"{zone.region_name}-zg-1"),
        group_long_name=property(lambda zone: f"{zone.region_name} 1"),
        network_border_group=property(lambda zone: zone.region_name),
        opt_in_status=property(lambda _: "opt-in-not-required"),
    )
    moto_seams.add(
        ElasticAddress,
        public_ipv4_pool=property(lambda _: "amazon"),
        network_border_group=property(lambda address: address.ec2_backend.region_name),
    )
    moto_seams.add(
        Instance,
        ena_support=property(lambda _: True),
        platform_details=property(lambda each: "Windows" if each.platform else "Linux/UNIX"),
        usage_operation=property(lambda each: f"RunInstances{':0002' if each.platform else ''}"),
        usage_operation_update_time=property(lambda each: each.launch_time),
    )
    moto_seams.add(RouteTable, propagating_vgws=property(lambda _: []))
    moto_seams.replace(
        EC2Response, create_route_table=_create_route_table, allocate_address=_allocate_address
    )
    transformers = EC2Response.RESPONSE_KEY_PATH_TO_TRANSFORMER
    motos = {path: each for path, each in transformers.items() if path not in _TRANSFORMED}
    transformers.clear()  # of several that fit, the first counts
    transformers.update({**_TRANSFORMED, **motos})


def _create_route_table(self: EC2Response) -> ActionResult:
    """The token that makes a request idempotent comes back."""
    made: Any = _moto_create_route_table(self).result
    return ActionResult({**made, "ClientToken": self._get_param("ClientToken")})


def _allocate_address(self: EC2Response) -> ActionResult:
    made: Any = _moto_allocate_address(self).result
    return ActionResult({**made, "NetworkBorderGroup": self.ec2_backend.region_name})
