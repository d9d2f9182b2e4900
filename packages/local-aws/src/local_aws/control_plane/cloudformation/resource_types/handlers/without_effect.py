"""Types that are stored and returned, and change nothing: their events say so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
    generated_name,
)

_NOTE = "stored, without effect"
_KEPT = frozenset(
    {
        "AWS::AccessAnalyzer::Analyzer",
        "AWS::ApplicationInsights::Application",
        "AWS::CDK::Metadata",
        "AWS::DLM::LifecyclePolicy",
        "AWS::EC2::VPNConnectionRoute",
        "AWS::EC2::VPNGatewayRoutePropagation",
        "AWS::SSM::Association",
    }
)
"""What is in its stack only: moto's APIs do not have it."""
_WITHOUT_EFFECT = _KEPT | frozenset(
    {
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::EC2::CustomerGateway",
        "AWS::EC2::DHCPOptions",
        "AWS::EC2::EIP",
        "AWS::EC2::EIPAssociation",
        "AWS::EC2::EgressOnlyInternetGateway",
        "AWS::EC2::FlowLog",
        "AWS::EC2::NatGateway",
        "AWS::EC2::NetworkAcl",
        "AWS::EC2::NetworkAclEntry",
        "AWS::EC2::PlacementGroup",
        "AWS::EC2::SubnetNetworkAclAssociation",
        "AWS::EC2::VPCDHCPOptionsAssociation",
        "AWS::EC2::VPCEndpoint",
        "AWS::EC2::VPNConnection",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "AWS::Logs::MetricFilter",
        "AWS::RDS::DBProxy",
        "AWS::RDS::DBProxyTargetGroup",
        "AWS::Route53::HealthCheck",
        "AWS::Route53::HostedZone",
        "AWS::Route53::RecordSet",
        "AWS::Route53::RecordSetGroup",
    }
)
_DELIVERED = frozenset({"http", "https", "lambda", "sqs"})
"""The protocols of subscriptions that moto delivers by."""


def note(type_name: str, properties: Properties, unread: Sequence[str]) -> str | None:
    """What the event of a created resource says; None for one that has an effect as a whole.

    `unread` are the properties that its creation has not looked at.
    """
    if type_name == "AWS::SNS::Subscription":
        return None if properties.get("Protocol") in _DELIVERED else _NOTE
    if type_name in _WITHOUT_EFFECT:
        return _NOTE
    return f"{_NOTE}: {', '.join(unread)}" if unread else None


def is_kept(type_name: str) -> bool:
    """Whether a resource of this type is in its stack and nowhere else."""
    return type_name in _KEPT


class Kept(ResourceType):
    """The stack's own record of it is all there is."""

    def create(self, place: Place, properties: Properties) -> Any:  # noqa: ARG002
        return generated_name(self.name, place)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        """There is nothing to delete."""

    def physical_id(self, model: Any) -> str:
        return str(model)
