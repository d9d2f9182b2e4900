"""The resources of a template: an Auto Scaling group, and its launch template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def group_with_template(
    service: Mapping[str, str],
    data: Mapping[str, Any] | None = None,
    *,
    update_policy: Mapping[str, Any] | None = None,
    **properties: Any,
) -> dict[str, Any]:
    """`Template` and `Group`, of two instances in `service`'s subnets, or with other properties.

    `data` is the launch template's, beside the image and the instance type.
    """
    group: dict[str, Any] = {
        "Type": "AWS::AutoScaling::AutoScalingGroup",
        "Properties": {
            "MinSize": "2",
            "MaxSize": "4",
            "VPCZoneIdentifier": service["Subnets"].split(","),
            "LaunchTemplate": {
                "LaunchTemplateId": {"Ref": "Template"},
                "Version": {"Fn::GetAtt": "Template.LatestVersionNumber"},
            },
            **properties,
        },
    }
    if update_policy is not None:
        group["UpdatePolicy"] = dict(update_policy)
    launched = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro", **(data or {})}
    template = {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {"LaunchTemplateData": launched},
    }
    return {"Template": template, "Group": group}
