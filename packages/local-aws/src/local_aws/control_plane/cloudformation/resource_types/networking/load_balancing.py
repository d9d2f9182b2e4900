"""Load balancers, target groups, listeners and rules."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Mapping
from typing import Any, ClassVar

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    as_bool,
    as_int,
    as_tag_list,
    generated_name,
    tags_of,
)
from local_aws.control_plane.elbv2.listeners import (
    refuse_what_is_not_emulated,
    require_emulated_actions,
)
from local_aws.control_plane.elbv2.load_balancers import is_provisioned, require_emulated_type
from local_aws.control_plane.elbv2.target_groups import require_emulated_target_type

_LOOK_EACH_SECONDS = 0.05


class TargetGroup(ResourceType):
    """Health check, attributes and tags change in place; moto has no update and no deletion.

    AWS: "AWS::ElasticLoadBalancingV2::TargetGroup" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset(
        {
            "HealthCheckEnabled",
            "HealthCheckIntervalSeconds",
            "HealthCheckPath",
            "HealthCheckPort",
            "HealthCheckProtocol",
            "HealthCheckTimeoutSeconds",
            "HealthyThresholdCount",
            "Matcher",
            "Tags",
            "TargetGroupAttributes",
            "Targets",
            "UnhealthyThresholdCount",
        }
    )
    attributes: ClassVar[Mapping[str, str]] = {"TargetGroupName": "name"}

    def require_emulated(self, properties: Properties) -> None:
        require_emulated_target_type(properties.get("TargetType"))

    def create(self, place: Place, properties: Properties) -> Any:
        elbv2 = backends.elbv2(place)
        health_check_port = properties.get("HealthCheckPort")
        group = elbv2.create_target_group(
            name=properties.get("Name") or generated_name(self.name, place),
            vpc_id=properties.get("VpcId"),
            protocol=properties.get("Protocol"),
            protocol_version=properties.get("ProtocolVersion"),
            port=as_int(properties, "Port"),
            healthcheck_protocol=properties.get("HealthCheckProtocol"),
            healthcheck_port=str(health_check_port) if health_check_port else None,
            healthcheck_path=properties.get("HealthCheckPath"),
            healthcheck_interval_seconds=as_int(properties, "HealthCheckIntervalSeconds"),
            healthcheck_timeout_seconds=as_int(properties, "HealthCheckTimeoutSeconds"),
            healthcheck_enabled=as_bool(properties.get("HealthCheckEnabled", True)),
            healthy_threshold_count=as_int(properties, "HealthyThresholdCount"),
            unhealthy_threshold_count=as_int(properties, "UnhealthyThresholdCount"),
            matcher=_matcher(properties),
            target_type=properties.get("TargetType", "instance"),
            tags=as_tag_list({**place.tags, **tags_of(properties)}),
        )
        with self.deleted_on_failure(place, group, properties):
            elbv2.modify_target_group_attributes(
                group.arn, _attributes(properties, "TargetGroupAttributes")
            )
            targets = _targets(properties)
            if targets:
                elbv2.register_targets(group.arn, targets)
        return group

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        elbv2 = backends.elbv2(place)
        health_check_port = new.get("HealthCheckPort", "traffic-port")
        matcher = _matcher(new)
        elbv2.modify_target_group(
            model.arn,
            health_check_proto=new.get("HealthCheckProtocol"),
            health_check_port=str(health_check_port),
            health_check_path=new.get("HealthCheckPath"),
            health_check_interval=as_int(new, "HealthCheckIntervalSeconds"),
            health_check_timeout=as_int(new, "HealthCheckTimeoutSeconds"),
            healthy_threshold_count=as_int(new, "HealthyThresholdCount"),
            unhealthy_threshold_count=as_int(new, "UnhealthyThresholdCount"),
            http_codes=matcher["HttpCode"] if matcher else None,
            health_check_enabled=as_bool(new.get("HealthCheckEnabled", True)),
        )
        elbv2.modify_target_group_attributes(model.arn, _attributes(new, "TargetGroupAttributes"))
        gone = [target for target in _targets(old) if target not in _targets(new)]
        if gone:
            elbv2.deregister_targets(model.arn, gone)
        if _targets(new) != _targets(old):
            elbv2.register_targets(model.arn, _targets(new))
        _update_tags(elbv2, model.arn, old, new)
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.elbv2(place).delete_target_group(model.arn)

    def attribute(self, model: Any, name: str) -> Any:
        if name == "TargetGroupFullName":
            return model.arn.rpartition(":")[2]
        return super().attribute(model, name)


class LoadBalancer(ResourceType):
    """moto ignores attributes, tags and type, and knows two of the Fn::GetAtt attributes.

    AWS: "AWS::ElasticLoadBalancingV2::LoadBalancer" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset(
        {
            "IpAddressType",
            "LoadBalancerAttributes",
            "SecurityGroups",
            "SubnetMappings",
            "Subnets",
            "Tags",
        }
    )

    def require_emulated(self, properties: Properties) -> None:
        require_emulated_type(properties.get("Type"))

    def create(self, place: Place, properties: Properties) -> Any:
        elbv2 = backends.elbv2(place)
        balancer = elbv2.create_load_balancer(
            properties.get("Name") or generated_name(self.name, place),
            properties.get("SecurityGroups", []),
            properties.get("Subnets", []),
            subnet_mappings=properties.get("SubnetMappings"),
            scheme=properties.get("Scheme", "internet-facing"),
            loadbalancer_type=properties.get("Type"),
            ip_address_type=properties.get("IpAddressType", "ipv4"),
            tags=as_tag_list({**place.tags, **tags_of(properties)}),
        )
        balancer.activate()
        with self.deleted_on_failure(place, balancer, properties):
            elbv2.modify_load_balancer_attributes(
                balancer.arn, _attributes(properties, "LoadBalancerAttributes")
            )
        return balancer

    def wait_until_ready(self, model: Any, cancelled: threading.Event) -> None:
        while not is_provisioned(model, time.time()):
            if cancelled.wait(_LOOK_EACH_SECONDS):
                return

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        elbv2 = backends.elbv2(place)
        if old.get("SecurityGroups") != new.get("SecurityGroups"):
            elbv2.set_security_groups(model.arn, new.get("SecurityGroups", []))
        if any(old.get(name) != new.get(name) for name in ("Subnets", "SubnetMappings")):
            elbv2.set_subnets(model.arn, new.get("Subnets", []), new.get("SubnetMappings", []))
        if old.get("IpAddressType") != new.get("IpAddressType"):
            elbv2.set_ip_address_type(model.arn, new.get("IpAddressType", "ipv4"))
        elbv2.modify_load_balancer_attributes(model.arn, _attributes(new, "LoadBalancerAttributes"))
        _update_tags(elbv2, model.arn, old, new)
        return model

    def attribute(self, model: Any, name: str) -> Any:
        if name == "LoadBalancerFullName":
            return model.arn.partition(":loadbalancer/")[2]
        return super().attribute(model, name)


class Listener(ResourceType):
    """moto keeps only a forward's first target group, and deletes no listener by itself.

    AWS: "AWS::ElasticLoadBalancingV2::Listener" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset(
        {
            "AlpnPolicy",
            "Certificates",
            "DefaultActions",
            "ListenerAttributes",
            "Port",
            "Protocol",
            "SslPolicy",
            "Tags",
        }
    )

    def require_emulated(self, properties: Properties) -> None:
        refuse_what_is_not_emulated(properties)
        require_emulated_actions(properties.get("DefaultActions", []))

    def create(self, place: Place, properties: Properties) -> Any:
        refuse_what_is_not_emulated(properties)
        elbv2 = backends.elbv2(place)
        listener = elbv2.create_listener(
            properties["LoadBalancerArn"],
            properties.get("Protocol"),
            as_int(properties, "Port"),
            properties.get("SslPolicy"),
            properties.get("Certificates"),
            _actions(properties, "DefaultActions"),
            alpn_policy=properties.get("AlpnPolicy"),
        )
        with self.deleted_on_failure(place, listener, properties):
            elbv2.modify_listener_attributes(listener.arn, properties.get("ListenerAttributes", []))
            _update_tags(elbv2, listener.arn, {}, properties)
        return listener

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        elbv2 = backends.elbv2(place)
        listener = elbv2.modify_listener(
            model.arn,
            as_int(new, "Port"),
            new.get("Protocol"),
            new.get("SslPolicy"),
            new.get("Certificates"),
            _actions(new, "DefaultActions"),
        )
        listener.alpn_policy = new.get("AlpnPolicy", [])
        elbv2.modify_listener_attributes(model.arn, new.get("ListenerAttributes", []))
        _update_tags(elbv2, model.arn, old, new)
        return listener

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.elbv2(place).delete_listener(model.arn)


class ListenerRule(ResourceType):
    """moto has no deletion for it, and ignores a changed priority.

    AWS: "AWS::ElasticLoadBalancingV2::ListenerRule" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset({"Actions", "Conditions", "Priority", "Tags", "Transforms"})

    def require_emulated(self, properties: Properties) -> None:
        refuse_what_is_not_emulated(properties)
        require_emulated_actions(properties.get("Actions", []))

    def create(self, place: Place, properties: Properties) -> Any:
        refuse_what_is_not_emulated(properties)
        elbv2 = backends.elbv2(place)
        rule = elbv2.create_rule(
            properties["ListenerArn"],
            copy.deepcopy(properties.get("Conditions", [])),
            as_int(properties, "Priority"),
            _actions(properties, "Actions"),
            given_transforms=copy.deepcopy(properties.get("Transforms", [])),
        )
        with self.deleted_on_failure(place, rule, properties):
            _update_tags(elbv2, rule.arn, {}, properties)
        return rule

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:
        elbv2 = backends.elbv2(place)
        if str(model.priority) != str(new["Priority"]):
            elbv2.set_rule_priorities([{"RuleArn": model.arn, "Priority": as_int(new, "Priority")}])
        elbv2.modify_rule(
            model.arn,
            copy.deepcopy(new.get("Conditions", [])),
            _actions(new, "Actions"),
            given_transforms=copy.deepcopy(new.get("Transforms", [])),
        )
        _update_tags(elbv2, model.arn, old, new)
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        backends.elbv2(place).delete_rule(model.arn)

    def physical_id(self, model: Any) -> str:
        return str(model.arn)


def _matcher(properties: Properties) -> dict[str, str] | None:
    matcher = properties.get("Matcher")
    return {"HttpCode": str(matcher["HttpCode"])} if matcher and "HttpCode" in matcher else None


def _attributes(properties: Properties, name: str) -> dict[str, str]:
    """A list of Key and Value as a mapping; booleans as AWS writes them."""
    return {
        item["Key"]: str(item["Value"]).lower()
        if isinstance(item["Value"], bool)
        else str(item["Value"])
        for item in properties.get(name, [])
    }


def _targets(properties: Properties) -> list[dict[str, Any]]:
    return [
        {**target, **({"Port": as_int(target, "Port")} if target.get("Port") else {})}
        for target in properties.get("Targets", [])
    ]


def _actions(properties: Properties, name: str) -> list[dict[str, Any]]:
    """Actions with their numbers as numbers: a template may have them as text."""
    actions: list[dict[str, Any]] = copy.deepcopy(properties.get(name, []))
    for action in actions:
        for group in action.get("ForwardConfig", {}).get("TargetGroups", []):
            if "Weight" in group:
                group["Weight"] = int(group["Weight"])
        if "Order" in action:
            action["Order"] = int(action["Order"])
    return actions


def _update_tags(elbv2: Any, arn: str, old: Properties, new: Properties) -> None:
    removed = set(tags_of(old)) - set(tags_of(new))
    elbv2.remove_tags([arn], list(removed))
    elbv2.add_tags([arn], as_tag_list(tags_of(new)))
