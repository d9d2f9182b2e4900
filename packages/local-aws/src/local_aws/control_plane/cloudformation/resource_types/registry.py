"""The resource types that differ from moto's models; every other one is as moto has it."""

from __future__ import annotations

from local_aws.control_plane.cloudformation.resource_types import (
    auto_scaling,
    custom_resource,
    dynamodb,
    iam,
    key_pair,
    launch_template,
    load_balancing,
    network,
    refused,
    security_group,
    ssm_parameter,
)
from local_aws.control_plane.cloudformation.resource_types.base import ResourceType

_CORRECTED: dict[str, type[ResourceType]] = {
    "AWS::AutoScaling::AutoScalingGroup": auto_scaling.AutoScalingGroup,
    "AWS::AutoScaling::LifecycleHook": auto_scaling.LifecycleHook,
    "AWS::AutoScaling::ScheduledAction": auto_scaling.ScheduledAction,
    "AWS::CloudFormation::Stack": refused.Refused,
    "AWS::CloudFormation::WaitCondition": refused.Refused,
    "AWS::CloudFormation::WaitConditionHandle": refused.Refused,
    "AWS::DynamoDB::Table": dynamodb.Table,
    "AWS::EC2::EIP": network.ElasticIp,
    "AWS::EC2::InternetGateway": network.InternetGateway,
    "AWS::EC2::KeyPair": key_pair.KeyPair,
    "AWS::EC2::LaunchTemplate": launch_template.LaunchTemplate,
    "AWS::EC2::NatGateway": network.NatGateway,
    "AWS::EC2::Route": network.Route,
    "AWS::EC2::RouteTable": network.RouteTable,
    "AWS::EC2::SecurityGroup": security_group.SecurityGroup,
    "AWS::EC2::SecurityGroupEgress": security_group.SecurityGroupEgress,
    "AWS::EC2::SecurityGroupIngress": security_group.SecurityGroupIngress,
    "AWS::EC2::SubnetRouteTableAssociation": network.SubnetRouteTableAssociation,
    "AWS::EC2::VPCGatewayAttachment": network.GatewayAttachment,
    "AWS::ElasticLoadBalancingV2::Listener": load_balancing.Listener,
    "AWS::ElasticLoadBalancingV2::ListenerRule": load_balancing.ListenerRule,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": load_balancing.LoadBalancer,
    "AWS::ElasticLoadBalancingV2::TargetGroup": load_balancing.TargetGroup,
    "AWS::IAM::InstanceProfile": iam.InstanceProfile,
    "AWS::IAM::ManagedPolicy": iam.ManagedPolicy,
    "AWS::IAM::Role": iam.Role,
    "AWS::SSM::Parameter": ssm_parameter.Parameter,
}


_CUSTOM_RESOURCE = "AWS::CloudFormation::CustomResource"


def skip_custom_resources(*, skip: bool) -> None:
    """Whether custom resources succeed without doing anything; otherwise they fail."""
    _CORRECTED[_CUSTOM_RESOURCE] = (
        custom_resource.SkippedCustomResource if skip else custom_resource.CustomResource
    )


def resource_type(name: str) -> ResourceType:
    """The handler of a resource type."""
    kind = _CUSTOM_RESOURCE if name.startswith("Custom::") else name
    return _CORRECTED.get(kind, ResourceType)(name)
