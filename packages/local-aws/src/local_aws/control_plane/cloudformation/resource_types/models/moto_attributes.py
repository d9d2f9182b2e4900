"""Which field of moto's object an attribute for Fn::GetAtt is, where its type has no class here.

AWS: "Return values" of each type in the CloudFormation Template Reference.
"""

from __future__ import annotations

from collections.abc import Mapping

FIELDS: Mapping[str, Mapping[str, str]] = {
    "AWS::Batch::JobDefinition": {"JobDefinitionArn": "arn"},
    "AWS::EFS::AccessPoint": {"Arn": "access_point_arn"},
    "AWS::EFS::FileSystem": {"Arn": "file_system_arn"},
    "AWS::RDS::DBParameterGroup": {"DBParameterGroupArn": "arn"},
    "AWS::RDS::DBSubnetGroup": {"DBSubnetGroupArn": "arn"},
}
"""By type and attribute."""
