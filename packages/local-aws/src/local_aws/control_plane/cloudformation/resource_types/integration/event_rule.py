"""AWS::Events::Rule."""

from __future__ import annotations

from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers.base import ResourceType

_DEFAULT_BUS = "default"


class Rule(ResourceType):
    """Ref of a rule on a bus of one's own names the bus too, as recorded: `bus|rule`."""

    def physical_id(self, model: Any) -> str:
        bus = model.event_bus_name
        return str(model.name) if bus == _DEFAULT_BUS else f"{bus}|{model.name}"
