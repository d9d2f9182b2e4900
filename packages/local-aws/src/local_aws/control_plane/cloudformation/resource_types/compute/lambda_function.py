"""AWS::Lambda::Function."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from moto.awslambda.models import LambdaFunction

from local_aws.control_plane.cloudformation.resource_types.handlers import backends
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
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
_OF_A_NEW_ONE = (
    *("Architectures", "Description", "Environment", "EphemeralStorage", "Handler"),
    *(
        "ImageConfig",
        "Layers",
        "MemorySize",
        "PackageType",
        "Publish",
        "ReservedConcurrentExecutions",
    ),
    *("Role", "Runtime", "Timeout", "VpcConfig"),
)
"""What a function is created with, beside its code and its name."""


class Function(ResourceType):
    """Code and configuration change in place. Of an image, moto's own would make a Zip package.

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
        spec = {name: properties[name] for name in _OF_A_NEW_ONE if name in properties}
        spec["Code"] = _packed(properties["Code"])
        spec["FunctionName"] = self._name_for(place, properties)
        return _labelled(backends.awslambda(place).create_function(spec), properties)

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        wanted = {**_DEFAULTS, **new}
        configured = self.changing_properties - {"Code", "Tags", "TracingConfig"}
        model.update_configuration({name: wanted.get(name) for name in configured})
        _labelled(model, new)
        if old["Code"] != new["Code"]:
            model.update_function_code(_packed(new["Code"]))
        return model


def _packed(code: Mapping[str, Any]) -> dict[str, Any]:
    """As the API takes it: what stands in the template is text, a ZipFile is an archive."""
    if "ZipFile" not in code:
        return dict(code)
    archive = LambdaFunction._create_zipfile_from_plaintext_code(code["ZipFile"])
    return {**code, "ZipFile": base64.b64encode(archive).decode()}


def _labelled(model: Any, properties: Properties) -> Any:
    model.tags = tags_of(properties)
    model.tracing_config = properties.get("TracingConfig", {"Mode": "PassThrough"})
    return model
