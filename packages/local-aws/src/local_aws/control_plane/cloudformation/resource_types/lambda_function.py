"""AWS::Lambda::Function."""

from __future__ import annotations

import base64
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.base import (
    Place,
    Properties,
    ResourceType,
)


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
            "MemorySize",
            "Role",
            "Runtime",
            "Timeout",
        }
    )

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        defaults = {"Description": "", "Environment": {"Variables": {}}, "MemorySize": 128}
        wanted = {**defaults, "Timeout": 3, **new}
        configured = self.changing_properties - {"Code"}
        model.update_configuration({name: wanted.get(name) for name in configured})
        if old["Code"] != new["Code"]:
            code = dict(new["Code"])
            if "ZipFile" in code:
                archive = model._create_zipfile_from_plaintext_code(code["ZipFile"])
                code["ZipFile"] = base64.b64encode(archive).decode()
            model.update_function_code(code)
        return model
