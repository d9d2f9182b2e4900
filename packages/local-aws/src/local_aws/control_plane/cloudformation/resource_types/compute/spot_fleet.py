"""AWS::EC2::SpotFleet."""

from __future__ import annotations

from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import Place, Properties
from local_aws.control_plane.cloudformation.resource_types.handlers.deletions import DeletedByApi


class SpotFleet(DeletedByApi):
    """moto's own reads no launch templates, and fails without launch specifications.

    AWS: "AWS::EC2::SpotFleet SpotFleetRequestConfigData" in the CloudFormation Template Reference:
    one of both is needed.
    """

    def create(self, place: Place, properties: Properties) -> Any:
        config = self._definition(properties)["Properties"]["SpotFleetRequestConfigData"]
        return backends.ec2(place).request_spot_fleet(
            spot_price=config.get("SpotPrice"),
            target_capacity=config["TargetCapacity"],
            iam_fleet_role=config["IamFleetRole"],
            allocation_strategy=config["AllocationStrategy"],
            launch_specs=config.get("LaunchSpecifications", []),
            launch_template_config=config.get("LaunchTemplateConfigs", []),
            instance_interruption_behaviour=config.get("InstanceInterruptionBehavior"),
            tag_specifications=config.get("TagSpecifications", []),
        )
