"""What belongs to Lambda functions: permissions, versions, aliases, layers."""

from __future__ import annotations

from typing import Any

from local_aws.control_plane.cloudformation.resource_types.base import (
    Place,
    Properties,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.by_api import Api, ResourceByApi


class Permission(ResourceByApi):
    """A statement of a function's policy; Ref returns the statement's id.

    AWS: "AWS::Lambda::Permission" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset()

    def create(self, place: Place, properties: Properties) -> str:
        statement = generated_name(self.name, place)
        Api(place, "lambda").add_permission(**{**properties, "StatementId": statement})
        return statement

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        Api(place, "lambda").remove_permission(
            FunctionName=properties["FunctionName"], StatementId=model
        )


class Version(ResourceByApi):
    """A published version; Ref returns its ARN. Nothing here needs to be kept warm.

    AWS: "AWS::Lambda::Version" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset({"FunctionScalingConfig"})

    def create(self, place: Place, properties: Properties) -> str:
        given = {name: properties[name] for name in _PUBLISHED if name in properties}
        return str(Api(place, "lambda").publish_version(**given)["FunctionArn"])

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        Api(place, "lambda").delete_function(
            FunctionName=properties["FunctionName"], Qualifier=_number(model)
        )

    def attribute(self, model: Any, name: str) -> Any:
        return _number(model) if name == "Version" else super().attribute(model, name)


class Alias(ResourceByApi):
    """An alias of a version; Ref returns its ARN. Nothing here needs to be kept warm.

    AWS: "AWS::Lambda::Alias" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset(
        {"Description", "FunctionVersion", "ProvisionedConcurrencyConfig", "RoutingConfig"}
    )

    def create(self, place: Place, properties: Properties) -> str:
        return str(Api(place, "lambda").create_alias(**_alias(properties))["AliasArn"])

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        Api(place, "lambda").update_alias(**_alias(new))
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "lambda").delete_alias(
            FunctionName=properties["FunctionName"], Name=properties["Name"]
        )


class LayerVersion(ResourceByApi):
    """A version of a layer; Ref returns its ARN.

    AWS: "AWS::Lambda::LayerVersion" in the CloudFormation Template Reference.
    """

    changing_properties = frozenset()

    def create(self, place: Place, properties: Properties) -> str:
        named = {"LayerName": generated_name(self.name, place), **properties}
        return str(Api(place, "lambda").publish_layer_version(**named)["LayerVersionArn"])

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        layer, _, number = str(model).rpartition(":")
        Api(place, "lambda").delete_layer_version(LayerName=layer, VersionNumber=int(number))


_PUBLISHED = ("CodeSha256", "Description", "FunctionName")


def _number(version_arn: Any) -> str:
    return str(version_arn).rpartition(":")[2]


def _alias(properties: Properties) -> dict[str, Any]:
    """As the API takes it: all of it each time, so that what is left out is as in a new one."""
    weights = properties.get("RoutingConfig", {}).get("AdditionalVersionWeights", [])
    return {
        "FunctionName": properties["FunctionName"],
        "Name": properties["Name"],
        "FunctionVersion": properties["FunctionVersion"],
        "Description": properties.get("Description", ""),
        "RoutingConfig": {
            "AdditionalVersionWeights": {
                each["FunctionVersion"]: float(each["FunctionWeight"]) for each in weights
            }
        },
    }
