"""What moto's own update of a resource really changes, with the resource staying the same.

Other updates of moto's do nothing, or delete the resource and create another.
"""

from __future__ import annotations

from collections.abc import Mapping

PROPERTIES: Mapping[str, frozenset[str]] = {
    type_name: frozenset(properties.split())
    for type_name, properties in {
        "AWS::ECR::Repository": "ImageScanningConfiguration ImageTagMutability",
        "AWS::ECS::Service": "DesiredCount TaskDefinition",
        "AWS::Events::Archive": "Description EventPattern",
        "AWS::Events::Rule": "Description EventPattern ScheduleExpression State Targets",
        "AWS::Kinesis::Stream": "RetentionPeriodHours ShardCount",
        "AWS::Logs::ResourcePolicy": "PolicyDocument",
        "AWS::Route53::RecordSet": (
            "AliasTarget Failover GeoLocation HealthCheckId Region ResourceRecords TTL Weight"
        ),
        "AWS::StepFunctions::StateMachine": "DefinitionString RoleArn",
    }.items()
}
"""By type, the names of the properties."""
