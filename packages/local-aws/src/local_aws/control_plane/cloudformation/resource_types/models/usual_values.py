"""What AWS takes for a property that a template leaves out, where moto's model takes nothing.

Source: each type in the CloudFormation Template Reference, and the API that its handler calls:
CreateTransitGateway (a description is optional), CreateService (the cluster "default"),
RegisterJobDefinition (one attempt), CreatePipeline (objects may follow), RequestSpotFleet
(lowestPrice).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_USUAL: Mapping[str, Mapping[str, Any]] = {
    "AWS::Batch::JobDefinition": {"RetryStrategy": {"Attempts": 1}},
    "AWS::DataPipeline::Pipeline": {"PipelineObjects": []},
    "AWS::EC2::SpotFleet": {"SpotFleetRequestConfigData": {"AllocationStrategy": "lowestPrice"}},
    "AWS::EC2::TransitGateway": {"Description": ""},
    "AWS::ECS::Service": {"Cluster": "default"},
}


def complete(type_name: str, properties: dict[str, Any]) -> None:
    """Add what is left out; a tag without a value has an empty one.

    This is no reading of a property, which whoever has use for it notes.
    """
    for name, usual in _USUAL.get(type_name, {}).items():
        given = dict.get(properties, name)
        if given is None:
            properties[name] = usual
        elif isinstance(usual, Mapping) and isinstance(given, Mapping):
            properties[name] = {**usual, **given}
    tags = dict.get(properties, "Tags")
    if isinstance(tags, list):
        properties["Tags"] = [{"Value": "", **tag} for tag in tags]
