"""API Gateway's REST APIs, their methods and deployments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_aws.control_plane import moto_seams
from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceFailedError,
    ResourceType,
    generated_name,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api
from local_aws.control_plane.cloudformation.resource_types.handlers.deletions import DeletedByApi


@dataclass
class _Identity:
    ref: str = ""


class RestApi(DeletedByApi):
    """AWS: "AWS::ApiGateway::RestApi" in the CloudFormation Template Reference: a name is required
    without an OpenAPI definition, whose title is it otherwise. moto requires it always."""

    def _definition(self, properties: Properties) -> dict[str, Any]:
        definition = super()._definition(properties)
        body = properties.get("Body")
        title = body.get("info", {}).get("title") if isinstance(body, Mapping) else None
        name = properties.get("Name", title)
        if name is None:
            raise ResourceFailedError("Name is required without an OpenAPI definition.")
        definition["Properties"]["Name"] = name
        return definition


class Method(ResourceType):
    """moto's neither has an id of its own nor is deleted.

    AWS: "AWS::ApiGateway::Method" in the CloudFormation Template Reference: Ref returns an id such
    as mysta-metho-01234b567890example.
    """

    def create(self, place: Place, properties: Properties) -> Any:
        model = super().create(place, properties)
        moto_seams.notes(model, _Identity).ref = generated_name(self.name, place)
        return model

    def physical_id(self, model: Any) -> str:
        return moto_seams.notes(model, _Identity).ref

    def delete(self, place: Place, model: Any, properties: Properties) -> None:  # noqa: ARG002
        Api(place, "apigateway").delete_method(
            restApiId=properties["RestApiId"],
            resourceId=properties["ResourceId"],
            httpMethod=properties["HttpMethod"],
        )


class Deployment(ResourceType):
    """The stage that it names is deleted with it, unless the stage has another deployment by then.

    AWS: "AWS::ApiGateway::Deployment" in the CloudFormation Template Reference: StageName creates
    a stage.
    """

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        api, rest_api = Api(place, "apigateway"), properties["RestApiId"]
        ref = self.physical_id(model)
        for stage in api.get_stages(restApiId=rest_api, deploymentId=ref)["item"]:
            if stage["stageName"] == properties.get("StageName"):
                api.delete_stage(restApiId=rest_api, stageName=stage["stageName"])
        api.delete_deployment(restApiId=rest_api, deploymentId=ref)
