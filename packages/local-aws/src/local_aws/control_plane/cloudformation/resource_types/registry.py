"""The resource types that differ from moto's models; every other one is as moto has it."""

from __future__ import annotations

from local_aws.control_plane.cloudformation.resource_types.compute import (
    compute_environment,
    ecr,
    event_source_mapping,
    instance,
    key_pair,
    lambda_function,
    lambda_parts,
    launch_template,
    placement_group,
    spot_fleet,
    volumes,
)
from local_aws.control_plane.cloudformation.resource_types.handlers import deletions, without_effect
from local_aws.control_plane.cloudformation.resource_types.handlers.base import ResourceType
from local_aws.control_plane.cloudformation.resource_types.integration import (
    api_gateway,
    event_rule,
    iot,
    messaging,
    messaging_policies,
)
from local_aws.control_plane.cloudformation.resource_types.management import (
    cloudwatch,
    custom_resource,
    logs,
    ssm_document,
    ssm_parameter,
    wait_conditions,
)
from local_aws.control_plane.cloudformation.resource_types.models import moto_models
from local_aws.control_plane.cloudformation.resource_types.networking import (
    classic_load_balancer,
    elastic_ips,
    load_balancing,
    network,
    network_acls,
    route53,
    security_group,
    vpc_parts,
    vpn,
)
from local_aws.control_plane.cloudformation.resource_types.scaling import (
    application_auto_scaling,
    auto_scaling,
    auto_scaling_parts,
    launch_configuration,
    scaling_policy,
)
from local_aws.control_plane.cloudformation.resource_types.security import (
    certificates,
    iam,
    iam_groups,
    keys,
    secret,
    secret_target,
)
from local_aws.control_plane.cloudformation.resource_types.storage import (
    database_clusters,
    database_proxies,
    databases,
    dynamodb,
    global_table,
    s3,
)

_CUSTOM_RESOURCE = "AWS::CloudFormation::CustomResource"

_CORRECTED: dict[str, type[ResourceType]] = {
    "AWS::ApiGateway::Deployment": api_gateway.Deployment,
    "AWS::ApiGateway::Method": api_gateway.Method,
    "AWS::ApiGateway::RestApi": api_gateway.RestApi,
    "AWS::ApplicationAutoScaling::ScalableTarget": application_auto_scaling.ScalableTarget,
    "AWS::ApplicationAutoScaling::ScalingPolicy": application_auto_scaling.ScalingPolicy,
    "AWS::AutoScaling::AutoScalingGroup": auto_scaling.AutoScalingGroup,
    "AWS::AutoScaling::LaunchConfiguration": launch_configuration.LaunchConfiguration,
    "AWS::AutoScaling::LifecycleHook": auto_scaling_parts.LifecycleHook,
    "AWS::AutoScaling::ScheduledAction": auto_scaling_parts.ScheduledAction,
    "AWS::AutoScaling::ScalingPolicy": scaling_policy.ScalingPolicy,
    "AWS::Batch::ComputeEnvironment": compute_environment.ComputeEnvironment,
    "AWS::CertificateManager::Certificate": certificates.Certificate,
    _CUSTOM_RESOURCE: custom_resource.CustomResource,
    "AWS::CloudFormation::WaitCondition": wait_conditions.WaitCondition,
    "AWS::CloudFormation::WaitConditionHandle": wait_conditions.WaitConditionHandle,
    "AWS::CloudWatch::Alarm": cloudwatch.Alarm,
    "AWS::DynamoDB::GlobalTable": global_table.GlobalTable,
    "AWS::DynamoDB::Table": dynamodb.Table,
    "AWS::EC2::CustomerGateway": vpn.CustomerGateway,
    "AWS::EC2::DHCPOptions": vpc_parts.DhcpOptions,
    "AWS::EC2::EIP": elastic_ips.ElasticIp,
    "AWS::EC2::EIPAssociation": elastic_ips.ElasticIpAssociation,
    "AWS::EC2::EgressOnlyInternetGateway": vpc_parts.EgressOnlyInternetGateway,
    "AWS::EC2::FlowLog": network.TaggedResource,
    "AWS::EC2::Instance": instance.Instance,
    "AWS::EC2::InternetGateway": network.TaggedResource,
    "AWS::EC2::KeyPair": key_pair.KeyPair,
    "AWS::EC2::LaunchTemplate": launch_template.LaunchTemplate,
    "AWS::EC2::NatGateway": network.NatGateway,
    "AWS::EC2::NetworkAcl": network_acls.NetworkAcl,
    "AWS::EC2::NetworkAclEntry": network_acls.NetworkAclEntry,
    "AWS::EC2::NetworkInterface": network.NetworkInterface,
    "AWS::EC2::PlacementGroup": placement_group.PlacementGroup,
    "AWS::EC2::Route": network.Route,
    "AWS::EC2::RouteTable": network.TaggedResource,
    "AWS::EC2::SecurityGroup": security_group.SecurityGroup,
    "AWS::EC2::SecurityGroupEgress": security_group.SecurityGroupEgress,
    "AWS::EC2::SecurityGroupIngress": security_group.SecurityGroupIngress,
    "AWS::EC2::Subnet": network.Subnet,
    "AWS::EC2::SubnetNetworkAclAssociation": network_acls.SubnetNetworkAclAssociation,
    "AWS::EC2::SubnetRouteTableAssociation": network.SubnetRouteTableAssociation,
    "AWS::EC2::TransitGateway": network.TaggedResource,
    "AWS::EC2::VPC": network.Vpc,
    "AWS::EC2::VPCCidrBlock": vpc_parts.VpcCidrBlock,
    "AWS::EC2::VPCDHCPOptionsAssociation": vpc_parts.VpcDhcpOptionsAssociation,
    "AWS::EC2::VPCEndpoint": vpc_parts.VpcEndpoint,
    "AWS::EC2::VPNConnection": vpn.VpnConnection,
    "AWS::EC2::VPCGatewayAttachment": network.GatewayAttachment,
    "AWS::EC2::VPCPeeringConnection": network.TaggedResource,
    "AWS::EC2::VPNGateway": network.TaggedResource,
    "AWS::EC2::Volume": volumes.Volume,
    "AWS::EC2::VolumeAttachment": volumes.VolumeAttachment,
    "AWS::EC2::SpotFleet": spot_fleet.SpotFleet,
    "AWS::ECR::Repository": ecr.Repository,
    "AWS::ElasticLoadBalancing::LoadBalancer": classic_load_balancer.ClassicLoadBalancer,
    "AWS::ElasticLoadBalancingV2::Listener": load_balancing.Listener,
    "AWS::ElasticLoadBalancingV2::ListenerCertificate": certificates.ListenerCertificate,
    "AWS::ElasticLoadBalancingV2::ListenerRule": load_balancing.ListenerRule,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": load_balancing.LoadBalancer,
    "AWS::ElasticLoadBalancingV2::TargetGroup": load_balancing.TargetGroup,
    "AWS::Events::Rule": event_rule.Rule,
    "AWS::IAM::Group": iam_groups.Group,
    "AWS::IAM::GroupPolicy": iam_groups.InlinePolicy,
    "AWS::IAM::InstanceProfile": iam.InstanceProfile,
    "AWS::IAM::ManagedPolicy": iam.ManagedPolicy,
    "AWS::IAM::Policy": iam.Policy,
    "AWS::IAM::Role": iam.Role,
    "AWS::IAM::RolePolicy": iam_groups.InlinePolicy,
    "AWS::IAM::User": iam.User,
    "AWS::IAM::UserPolicy": iam_groups.InlinePolicy,
    "AWS::IAM::UserToGroupAddition": iam_groups.UserToGroupAddition,
    "AWS::IoT::Thing": iot.Thing,
    "AWS::KMS::Alias": keys.Alias,
    "AWS::KMS::Key": keys.Key,
    "AWS::Lambda::Alias": lambda_parts.Alias,
    "AWS::Lambda::EventInvokeConfig": lambda_parts.EventInvokeConfig,
    "AWS::Lambda::EventSourceMapping": event_source_mapping.EventSourceMapping,
    "AWS::Lambda::Function": lambda_function.Function,
    "AWS::Lambda::LayerVersion": lambda_parts.LayerVersion,
    "AWS::Lambda::LayerVersionPermission": lambda_parts.LayerVersionPermission,
    "AWS::Lambda::Permission": lambda_parts.Permission,
    "AWS::Lambda::Version": lambda_parts.Version,
    "AWS::Logs::LogGroup": logs.LogGroup,
    "AWS::Logs::LogStream": logs.LogStream,
    "AWS::Logs::MetricFilter": logs.MetricFilter,
    "AWS::Logs::SubscriptionFilter": logs.SubscriptionFilter,
    "AWS::RDS::DBCluster": database_clusters.DatabaseCluster,
    "AWS::RDS::DBClusterParameterGroup": database_clusters.DatabaseClusterParameterGroup,
    "AWS::RDS::DBInstance": databases.DatabaseInstanceType,
    "AWS::RDS::DBProxy": database_proxies.DatabaseProxy,
    "AWS::RDS::DBProxyTargetGroup": database_proxies.DatabaseProxyTargetGroup,
    "AWS::Redshift::Cluster": databases.RedshiftCluster,
    "AWS::Route53::HealthCheck": route53.HealthCheck,
    "AWS::Route53::HostedZone": route53.HostedZone,
    "AWS::Route53::RecordSet": route53.RecordSet,
    "AWS::Route53::RecordSetGroup": route53.RecordSetGroup,
    "AWS::S3::Bucket": s3.Bucket,
    "AWS::S3::BucketPolicy": s3.BucketPolicy,
    "AWS::SNS::Subscription": messaging_policies.Subscription,
    "AWS::SNS::Topic": messaging.Topic,
    "AWS::SNS::TopicInlinePolicy": messaging_policies.TopicPolicy,
    "AWS::SNS::TopicPolicy": messaging_policies.TopicPolicy,
    "AWS::SQS::Queue": messaging.Queue,
    "AWS::SQS::QueueInlinePolicy": messaging_policies.QueuePolicy,
    "AWS::SQS::QueuePolicy": messaging_policies.QueuePolicy,
    "AWS::SecretsManager::ResourcePolicy": secret.SecretPolicy,
    "AWS::SecretsManager::Secret": secret.Secret,
    "AWS::SecretsManager::SecretTargetAttachment": secret_target.SecretTarget,
    "AWS::SSM::Document": ssm_document.Document,
    "AWS::SSM::Parameter": ssm_parameter.Parameter,
}


def register(name: str, kind: type[ResourceType]) -> None:
    """Add a type that itself needs the engine, which needs this registry."""
    _CORRECTED[name] = kind


def is_emulated(name: str) -> bool:
    """Whether a stack can have resources of this type here."""
    return (
        name.startswith("Custom::")
        or name in _CORRECTED
        or without_effect.is_kept(name)
        or (moto_models.creates(name) and (moto_models.deletes(name) or deletions.is_by_api(name)))
    )


def resource_type(name: str) -> ResourceType:
    """The handler of a resource type."""
    kind = _CUSTOM_RESOURCE if name.startswith("Custom::") else name
    return _CORRECTED.get(kind, _otherwise(name))(name)


def _otherwise(name: str) -> type[ResourceType]:
    if without_effect.is_kept(name):
        return without_effect.Kept
    return deletions.DeletedByApi if deletions.is_by_api(name) else ResourceType
