"""What belongs to Lambda functions: permissions, versions, aliases, ends of events; and layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api, ResourceByApi


class Permission(ResourceByApi):
    """A statement in the function's policy; its id is the statement's.

    AWS: "AWS::Lambda::Permission" in the CloudFormation Template Reference: every change needs a
    replacement.
    """

    def create(self, place: Place, properties: Properties) -> str:
        statement_id = generated_name(self.name, place)
        Api(place, "lambda").add_permission(StatementId=statement_id, **properties)
        return statement_id

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        Api(place, "lambda").remove_permission(
            FunctionName=properties["FunctionName"], StatementId=model
        )


class Version(ResourceByApi):
    """AWS: "AWS::Lambda::Version" in the CloudFormation Template Reference: Ref is its ARN. Nothing
    here needs to be kept warm."""

    changing_properties = frozenset({"FunctionScalingConfig"})

    def create(self, place: Place, properties: Properties) -> str:
        published = Api(place, "lambda").publish_version(
            **_given(properties, "CodeSha256", "Description", "FunctionName")
        )
        return str(published["FunctionArn"])

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> Any:  # noqa: ARG002
        return model

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        Api(place, "lambda").delete_function(
            FunctionName=properties["FunctionName"], Qualifier=_last_part(model)
        )

    def attribute(self, model: Any, name: str) -> Any:
        return _last_part(model) if name == "Version" else super().attribute(model, name)


class Alias(ResourceByApi):
    """AWS: "AWS::Lambda::Alias" in the CloudFormation Template Reference: its name and its function
    need a replacement; Ref is its ARN. Nothing here needs to be kept warm."""

    changing_properties = frozenset(
        {"Description", "FunctionVersion", "ProvisionedConcurrencyConfig", "RoutingConfig"}
    )

    def create(self, place: Place, properties: Properties) -> str:
        return str(Api(place, "lambda").create_alias(**_alias(properties))["AliasArn"])

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:  # noqa: ARG002
        Api(place, "lambda").update_alias(**{"Description": "", **_alias(new)})
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "lambda").delete_alias(**_given(properties, "FunctionName", "Name"))


class LayerVersion(ResourceByApi):
    """AWS: "AWS::Lambda::LayerVersion" in the CloudFormation Template Reference: every change needs
    a replacement; Ref is its ARN."""

    def create(self, place: Place, properties: Properties) -> str:
        named = {"LayerName": generated_name(self.name, place), **properties}
        return str(Api(place, "lambda").publish_layer_version(**named)["LayerVersionArn"])

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "lambda").delete_layer_version(**_layer_version(model))


class LayerVersionPermission(ResourceByApi):
    """AWS: "AWS::Lambda::LayerVersionPermission" in the CloudFormation Template Reference: every
    change needs a replacement. Its id is the layer version's ARN and the statement's id."""

    def create(self, place: Place, properties: Properties) -> str:
        arn, statement_id = properties["LayerVersionArn"], generated_name(self.name, place)
        Api(place, "lambda").add_layer_version_permission(
            StatementId=statement_id,
            **_layer_version(arn),
            **_given(properties, "Action", "OrganizationId", "Principal"),
        )
        return f"{arn}#{statement_id}"

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        arn, _, statement_id = str(model).partition("#")
        Api(place, "lambda").remove_layer_version_permission(
            StatementId=statement_id, **_layer_version(arn)
        )


class EventInvokeConfig(ResourceByApi):
    """AWS: "AWS::Lambda::EventInvokeConfig" in the CloudFormation Template Reference: the function
    and the qualifier, which its id has, need a replacement. Nothing here is invoked later."""

    changing_properties = frozenset(
        {"DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts"}
    )

    def create(self, place: Place, properties: Properties) -> str:
        return self.update(
            place, f"{properties['FunctionName']}|{properties['Qualifier']}", {}, properties
        )

    def update(self, place: Place, model: Any, old: Properties, new: Properties) -> str:
        if old:  # moto adds another one, and shows the first
            self.delete(place, model, old)
        Api(place, "lambda").put_function_event_invoke_config(
            **_given(new, "FunctionName", "Qualifier", *sorted(self.changing_properties))
        )
        return str(model)

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "lambda").delete_function_event_invoke_config(
            **_given(properties, "FunctionName", "Qualifier")
        )


def _given(properties: Properties, *names: str) -> dict[str, Any]:
    return {name: properties[name] for name in names if name in properties}


def _layer_version(arn: str) -> dict[str, Any]:
    layer, _, number = str(arn).rpartition(":")
    return {"LayerName": _last_part(layer), "VersionNumber": int(number)}


def _last_part(arn: str) -> str:
    return arn.rpartition(":")[2]


def _alias(properties: Properties) -> dict[str, Any]:
    """As the API takes it: there the weights are a mapping by version."""
    routing: Mapping[str, Any] = properties.get("RoutingConfig", {})
    weights = {
        each["FunctionVersion"]: float(each["FunctionWeight"])
        for each in routing.get("AdditionalVersionWeights", [])
    }
    return {
        **_given(properties, "Description", "FunctionName", "FunctionVersion", "Name"),
        "RoutingConfig": {"AdditionalVersionWeights": weights},
    }
