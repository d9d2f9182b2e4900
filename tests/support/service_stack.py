"""A stack with the service's logical ids and no more of it than its restoration looks at."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from safeguards.ownership import LOGICAL_IDS


def service_stack(client: Callable[[str], Any], name: str = "service") -> str:
    """Create it with an AWS that runs no instances; returns its name."""
    subnet = client("ec2").describe_subnets()["Subnets"][0]
    group = client("autoscaling")
    group.create_launch_configuration(
        LaunchConfigurationName=name, ImageId="ami-12c6146b", InstanceType="t3.micro"
    )
    parameters = {
        "SSMTableName": "",
        "SSMFailure": "none",
        "SSMHealthCheck": "shallow",
        "HealthCheckInterval": "10",
        "ExternalCidr": "203.0.113.7/32",
    }

    def setting(suffix: str, value: str) -> dict[str, Any]:
        properties = {"Name": f"{name}-{suffix}", "Type": "String", "Value": value}
        return {"Type": "AWS::SSM::Parameter", "Properties": properties}

    def security_group(rule: dict[str, Any]) -> dict[str, Any]:
        properties = {
            "GroupDescription": "one of two",
            "VpcId": subnet["VpcId"],
            "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, **rule}],
        }
        return {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}

    balancer = {"Fn::GetAtt": [f"{LOGICAL_IDS}LoadBalancerSecurityGroup", "GroupId"]}
    resources = {
        "TableParameter": setting("table", f"{name}-recommendations"),
        "FailureResponseParameter": setting("failure-response", "none"),
        "HealthCheckParameter": setting("health-check", "shallow"),
        "LoadBalancerSecurityGroup": security_group({"CidrIp": parameters["ExternalCidr"]}),
        "InstanceSecurityGroup": security_group({"SourceSecurityGroupId": balancer}),
        "TargetGroup": {
            "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "Properties": {
                "Name": name,
                "VpcId": subnet["VpcId"],
                "Protocol": "HTTP",
                "Port": 80,
                "HealthCheckPath": "/healthcheck?depth=shallow",
                "HealthCheckIntervalSeconds": 10,
                "HealthCheckTimeoutSeconds": 2,
                "HealthyThresholdCount": 2,
                "UnhealthyThresholdCount": 2,
            },
        },
        "AutoScalingGroup": {
            "Type": "AWS::AutoScaling::AutoScalingGroup",
            "Properties": {
                "MinSize": "3",
                "MaxSize": "3",
                "DesiredCapacity": "3",
                "AvailabilityZones": [subnet["AvailabilityZone"]],
                "LaunchConfigurationName": name,
            },
        },
    }
    outputs = {
        "TGArn": {"Ref": f"{LOGICAL_IDS}TargetGroup"},
        "AutoScalingGroup": {"Ref": f"{LOGICAL_IDS}AutoScalingGroup"},
        "Table": f"{name}-recommendations",
    }
    template = {
        "Parameters": {key: {"Type": "String"} for key in parameters},
        "Resources": {f"{LOGICAL_IDS}{key}": value for key, value in resources.items()},
        "Outputs": {key: {"Value": value} for key, value in outputs.items()},
    }
    client("cloudformation").create_stack(
        StackName=name,
        TemplateBody=json.dumps(template),
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
    )
    return name
