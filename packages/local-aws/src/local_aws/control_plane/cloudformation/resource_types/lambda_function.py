"""AWS::Lambda::Function."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.base import (
    Place,
    Properties,
    ResourceType,
    tags_of,
)

_DEFAULTS: Mapping[str, Any] = {
    "Description": "",
    "Environment": {"Variables": {}},
    "Layers": [],
    "MemorySize": 128,
    "Timeout": 3,
}


class Function(ResourceType):
    """Code and configuration change in place; moto fails for code that stands in the template.

    AWS: "AWS::Lambda::Function" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset(
        {
            "Code",
            "Description",
            "Environment",
            "Handler",
            "Layers",
            "MemorySize",
            "Role",
            "Runtime",
            "Tags",
            "Timeout",
            "TracingConfig",
            "VpcConfig",
        }
    )

    def create(self, place: Place, properties: Properties) -> Any:
        """moto reads neither tags nor tracing."""
        return _labelled(super().create(place, properties), properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        wanted = {**_DEFAULTS, **new}
        configured = self.changing_properties - {"Code", "Tags", "TracingConfig"}
        model.update_configuration({name: wanted.get(name) for name in configured})
        _labelled(model, new)
        if old["Code"] != new["Code"]:
            code = dict(new["Code"])
            if "ZipFile" in code:
                archive = model._create_zipfile_from_plaintext_code(code["ZipFile"])
                code["ZipFile"] = base64.b64encode(archive).decode()
            model.update_function_code(code)
        return model


def _labelled(model: Any, properties: Properties) -> Any:
    model.tags = tags_of(properties)
    model.tracing_config = properties.get("TracingConfig", {"Mode": "PassThrough"})
    return model
