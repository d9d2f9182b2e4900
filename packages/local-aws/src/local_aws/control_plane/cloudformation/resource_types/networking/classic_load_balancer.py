"""AWS::ElasticLoadBalancing::LoadBalancer: stored and returned; it carries no traffic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    generated_name,
    whole_number,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api
from local_aws.control_plane.cloudformation.resource_types.handlers.fields import TypeWithFields
from local_aws.control_plane.cloudformation.resource_types.handlers.list_changes import (
    gained_and_lost,
)
from local_aws.control_plane.cloudformation.resource_types.networking import classic_policies

_ATTRIBUTES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "AccessLoggingPolicy": ("AccessLog", {"Enabled": False}),
    "ConnectionDrainingPolicy": ("ConnectionDraining", {"Enabled": False}),
    "ConnectionSettings": ("ConnectionSettings", {"IdleTimeout": 60}),
    "CrossZone": ("CrossZoneLoadBalancing", {"Enabled": False}),
}
"""By property, what the API calls it, and its default."""


class ClassicLoadBalancer(TypeWithFields):
    """AWS: "AWS::ElasticLoadBalancing::LoadBalancer": name and scheme need a replacement."""

    changing_properties = frozenset(
        {
            "AvailabilityZones",
            "HealthCheck",
            "Instances",
            "Listeners",
            "SecurityGroups",
            "Subnets",
            *_ATTRIBUTES,
            *classic_policies.PROPERTIES,
        }
    )

    def create(self, place: Place, properties: Properties) -> Any:
        name = properties.get("LoadBalancerName") or generated_name(self.name, place)
        given = ("AvailabilityZones", "Scheme", "SecurityGroups", "Subnets")
        Api(place, "elb").create_load_balancer(
            LoadBalancerName=name,
            Listeners=[_listener(each) for each in properties["Listeners"]],
            **{each: properties[each] for each in given if properties.get(each)},
        )
        balancer = backends.elb(place).get_load_balancer(name)
        created = {each: properties[each] for each in (*given, "Listeners") if each in properties}
        with self.deleted_on_failure(place, balancer, {}):
            return self.update(place, balancer, created, properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        elb, of_it = Api(place, "elb"), {"LoadBalancerName": model.name}
        changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
        classic_policies.delete_old(elb, model, old, new)
        if "Listeners" in changed:
            elb.delete_load_balancer_listeners(
                **of_it,
                LoadBalancerPorts=[int(each.load_balancer_port) for each in model.listeners],
            )
            elb.create_load_balancer_listeners(
                **of_it, Listeners=[_listener(each) for each in new["Listeners"]]
            )
        classic_policies.create_new(elb, model, new)
        if "HealthCheck" in changed and "HealthCheck" in new:
            elb.configure_health_check(**of_it, HealthCheck=_health_check(new["HealthCheck"]))
        added, removed = gained_and_lost(old, new, "Instances")
        if added:
            elb.register_instances_with_load_balancer(**of_it, Instances=_instances(added))
        if removed:
            elb.deregister_instances_from_load_balancer(**of_it, Instances=_instances(removed))
        for name, calls in {
            "Subnets": ("attach_load_balancer_to_subnets", "detach_load_balancer_from_subnets"),
            "AvailabilityZones": (
                "enable_availability_zones_for_load_balancer",
                "disable_availability_zones_for_load_balancer",
            ),
        }.items():
            for call, values in zip(calls, gained_and_lost(old, new, name), strict=True):
                if values:
                    getattr(elb, call)(**of_it, **{name: values})
        if "SecurityGroups" in changed and new.get("SecurityGroups"):
            elb.apply_security_groups_to_load_balancer(
                **of_it, SecurityGroups=new["SecurityGroups"]
            )
        for name in changed & _ATTRIBUTES.keys():
            attribute, default = _ATTRIBUTES[name]
            value = {"Enabled": new[name]} if isinstance(new.get(name), bool) else new.get(name)
            elb.modify_load_balancer_attributes(
                **of_it, LoadBalancerAttributes={attribute: _attribute(value or default)}
            )
        return super().update(place, model, old, new)

    def put_tags(
        self, place: Place, model: Any, removed: Iterable[str], tags: Mapping[str, str]
    ) -> None:
        for key in removed:
            model.remove_tag(key)
        for key, value in {**place.all_tags, **tags}.items():
            model.add_tag(key, value)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "elb").delete_load_balancer(LoadBalancerName=model.name)

    def physical_id(self, model: Any) -> str:
        return str(model.name)

    def attribute(self, model: Any, name: str) -> Any:
        found = {
            "CanonicalHostedZoneName": model.dns_name,
            "CanonicalHostedZoneNameID": model.canonical_hosted_zone_name_id,
            "SourceSecurityGroup.GroupName": model.source_security_group["GroupName"],
            "SourceSecurityGroup.OwnerAlias": model.source_security_group["OwnerAlias"],
        }
        return found.get(name) or super().attribute(model, name)


def _listener(shape: Mapping[str, Any]) -> dict[str, Any]:
    ports = {name: whole_number(name, shape[name]) for name in ("InstancePort", "LoadBalancerPort")}
    protocols = ("InstanceProtocol", "Protocol", "SSLCertificateId")
    return {**ports, **{name: shape[name] for name in protocols if name in shape}}


def _health_check(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if name == "Target" else whole_number(name, value)
        for name, value in shape.items()
    }


def _attribute(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **shape,
        **{
            name: whole_number(name, shape[name])
            for name in ("EmitInterval", "Timeout", "IdleTimeout")
            if name in shape
        },
    }


def _instances(ids: Iterable[str]) -> list[dict[str, str]]:
    return [{"InstanceId": each} for each in ids]
