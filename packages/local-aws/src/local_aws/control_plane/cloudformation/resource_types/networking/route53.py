"""Route 53: hosted zones, their records, and health checks. Nothing resolves the names."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
    as_tag_list,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api, ResourceByApi
from local_aws.control_plane.cloudformation.resource_types.handlers.fields import TypeWithFields

_SAME_IN_API = (
    "CidrRoutingConfig",
    "Failover",
    "GeoLocation",
    "GeoProximityLocation",
    "HealthCheckId",
    "MultiValueAnswer",
    "Name",
    "Region",
    "SetIdentifier",
    "Type",
)
_NUMBERS = ("TTL", "Weight")
_RECORD = (*_SAME_IN_API, *_NUMBERS, "AliasTarget", "ResourceRecords")


class HostedZone(TypeWithFields):
    """AWS: "AWS::Route53::HostedZone" in the CloudFormation Template Reference: another name needs
    a replacement."""

    changing_properties = frozenset({"HostedZoneConfig", "HostedZoneTags", "VPCs"})
    attributes: ClassVar[Mapping[str, str]] = {"NameServers": "delegation_set.name_servers"}

    def create(self, place: Place, properties: Properties) -> Any:
        networks = [_vpc(each) for each in properties.get("VPCs", [])]
        comment = properties.get("HostedZoneConfig", {}).get("Comment")
        created = Api(place, "route53").create_hosted_zone(
            Name=properties["Name"],
            CallerReference=uuid.uuid4().hex,
            HostedZoneConfig={
                "PrivateZone": bool(networks),
                **({"Comment": comment} if comment else {}),
            },
            **({"VPC": networks[0]} if networks else {}),
        )
        zone = backends.route53(place).get_hosted_zone(created["HostedZone"]["Id"])
        with self.deleted_on_failure(place, zone, {}):
            return self.update(place, zone, {"VPCs": properties.get("VPCs", [])[:1]}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        route53 = Api(place, "route53")
        model.comment = new.get("HostedZoneConfig", {}).get("Comment")
        before, after = old.get("VPCs", []), new.get("VPCs", [])
        for network in after:
            if network not in before:
                route53.associate_vpc_with_hosted_zone(HostedZoneId=model.id, VPC=_vpc(network))
        for network in before:
            if network not in after:
                route53.disassociate_vpc_from_hosted_zone(HostedZoneId=model.id, VPC=_vpc(network))
        return super().update(place, model, _with_tags(old), _with_tags(new))

    def put_tags(
        self, place: Place, model: Any, removed: Iterable[str], tags: Mapping[str, str]
    ) -> None:
        backends.route53(place).change_tags_for_resource(
            "hostedzone", model.resource_id, as_tag_list(tags), list(removed)
        )

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "route53").delete_hosted_zone(Id=model.id)


class RecordSet(ResourceByApi):
    """AWS: "AWS::Route53::RecordSet": name and zone need a replacement."""

    changing_properties = frozenset(_RECORD) - {"Name"} | {"Comment"}

    def create(self, place: Place, properties: Properties) -> str:
        _require_new(place, properties, self.records(properties))
        _change(place, properties, UPSERT=self.records(properties))
        return self.id_of_new(place, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:
        before, after = self.records(old), self.records(new)
        kept = {_key(each) for each in after}
        added = [each for each in after if _key(each) not in {_key(each) for each in before}]
        _require_new(place, new, added)
        _change(
            place,
            new,
            DELETE=[each for each in before if _key(each) not in kept],
            UPSERT=[each for each in after if each not in before],
        )
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        _change(place, properties, DELETE=self.records(properties))

    def records(self, properties: Properties) -> list[dict[str, Any]]:
        """As the API takes them."""
        return [_record(properties)]

    def id_of_new(self, place: Place, properties: Properties) -> str:  # noqa: ARG002
        return str(properties["Name"])


class RecordSetGroup(RecordSet):
    """AWS: "AWS::Route53::RecordSetGroup" in the CloudFormation Template Reference."""

    changing_properties = frozenset({"Comment", "RecordSets"})

    def records(self, properties: Properties) -> list[dict[str, Any]]:
        return [_record(each) for each in properties.get("RecordSets", [])]

    def id_of_new(self, place: Place, properties: Properties) -> str:  # noqa: ARG002
        return generated_name(self.name, place)


class HealthCheck(ResourceByApi):
    """AWS: "AWS::Route53::HealthCheck" in the CloudFormation Template Reference."""

    changing_properties = frozenset({"HealthCheckTags"})

    def create(self, place: Place, properties: Properties) -> str:
        created = Api(place, "route53").create_health_check(
            CallerReference=uuid.uuid4().hex, HealthCheckConfig=properties["HealthCheckConfig"]
        )
        return self.update(place, created["HealthCheck"]["Id"], {}, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:
        keys = {tag["Key"] for tag in new.get("HealthCheckTags", [])}
        removed = [tag["Key"] for tag in old.get("HealthCheckTags", []) if tag["Key"] not in keys]
        backends.route53(place).change_tags_for_resource(
            "healthcheck", model, new.get("HealthCheckTags", []), removed
        )
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "route53").delete_health_check(HealthCheckId=model)


def _change(place: Place, properties: Properties, **records: list[dict[str, Any]]) -> None:
    """Make these changes of the zone, by action."""
    changes = [
        {"Action": action, "ResourceRecordSet": record}
        for action in records
        for record in records[action]
    ]
    if changes:
        Api(place, "route53").change_resource_record_sets(
            HostedZoneId=_zone_id(place, properties), ChangeBatch={"Changes": changes}
        )


def _require_new(place: Place, properties: Properties, records: list[dict[str, Any]]) -> None:
    """Whoever else has made a record keeps it."""
    zone = backends.route53(place).get_hosted_zone(_zone_id(place, properties))
    present = {(each.name.rstrip("."), each.type, each.set_identifier) for each in zone.rrsets}
    for record in records:
        if _key(record) in present:
            raise ResourceFailedError(
                f"[Tried to create resource record set [name='{record['Name']}', "
                f"type='{record['Type']}'] but it already exists]"
            )


def _key(record: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """What identifies a record: two with the same key are one."""
    return record["Name"].rstrip("."), record["Type"], record.get("SetIdentifier")


def _zone_id(place: Place, properties: Properties) -> str:
    if properties.get("HostedZoneId"):
        return str(properties["HostedZoneId"])
    name = str(properties.get("HostedZoneName"))
    zone = backends.route53(place).get_hosted_zone_by_name(name)
    if zone is None:
        raise ResourceFailedError(f"No hosted zones named {name} found")
    return str(zone.id)


def _record(shape: Mapping[str, Any]) -> dict[str, Any]:
    record = {name: shape[name] for name in _SAME_IN_API if name in shape}
    record |= {name: int(shape[name]) for name in _NUMBERS if name in shape}
    if "ResourceRecords" in shape:
        record["ResourceRecords"] = [{"Value": value} for value in shape["ResourceRecords"]]
    if "AliasTarget" in shape:
        record["AliasTarget"] = {"EvaluateTargetHealth": False, **shape["AliasTarget"]}
    return record


def _vpc(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {"VPCId": shape["VPCId"], "VPCRegion": shape["VPCRegion"]}


def _with_tags(properties: Properties) -> Properties:
    """Under the name that other types have for them."""
    return {**properties, "Tags": properties.get("HostedZoneTags", [])}
