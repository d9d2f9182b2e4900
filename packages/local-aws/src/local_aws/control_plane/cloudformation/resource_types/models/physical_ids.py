"""Which attribute of moto's object is what Ref returns, where the object does not say so.

AWS: "Return values" of each type in the CloudFormation Template Reference.
"""

from __future__ import annotations

from collections.abc import Mapping

ATTRIBUTES: Mapping[str, str] = {
    "AWS::ApiGateway::Deployment": "id",
    "AWS::EFS::AccessPoint": "access_point_id",
    "AWS::Events::Archive": "name",
    "AWS::Events::EventBus": "name",
    "AWS::IoT::BillingGroup": "billing_group_name",
    "AWS::IoT::JobTemplate": "job_template_id",
    "AWS::IoT::Policy": "name",
    "AWS::IoT::RoleAlias": "role_alias",
    "AWS::IoT::Thing": "thing_name",
    "AWS::IoT::ThingType": "thing_type_name",
    "AWS::RDS::DBParameterGroup": "name",
    "AWS::RDS::DBSecurityGroup": "name",
    "AWS::RDS::DBSubnetGroup": "name",
    "AWS::Redshift::Cluster": "cluster_identifier",
    "AWS::Redshift::ClusterParameterGroup": "name",
    "AWS::Redshift::ClusterSubnetGroup": "cluster_subnet_group_name",
}
"""By type; all others have a `physical_resource_id`."""
