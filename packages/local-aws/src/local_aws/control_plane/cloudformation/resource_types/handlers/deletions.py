"""Types that moto creates and cannot delete: one call of their service's API deletes each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    Properties,
    ResourceType,
)
from local_aws.control_plane.cloudformation.resource_types.handlers.by_api import Api

_Call = Callable[[Api, str, Properties], Any]
"""Given the service's API, what Ref returns, and the resource's properties."""

_CALLS: Mapping[str, tuple[str, _Call]] = {
    "AWS::ApiGateway::Resource": (
        "apigateway",
        lambda api, ref, given: api.delete_resource(restApiId=given["RestApiId"], resourceId=ref),
    ),
    "AWS::ApiGateway::RestApi": (
        "apigateway",
        lambda api, ref, _: api.delete_rest_api(restApiId=ref),
    ),
    "AWS::Batch::ComputeEnvironment": (
        "batch",
        lambda api, ref, _: api.delete_compute_environment(computeEnvironment=ref),
    ),
    "AWS::Batch::JobDefinition": (
        "batch",
        lambda api, ref, _: api.deregister_job_definition(jobDefinition=ref),
    ),
    "AWS::Batch::JobQueue": ("batch", lambda api, ref, _: api.delete_job_queue(jobQueue=ref)),
    "AWS::DataPipeline::Pipeline": (
        "datapipeline",
        lambda api, ref, _: api.delete_pipeline(pipelineId=ref),
    ),
    "AWS::EC2::SpotFleet": (
        "ec2",
        lambda api, ref, _: api.cancel_spot_fleet_requests(
            SpotFleetRequestIds=[ref], TerminateInstances=True
        ),
    ),
    "AWS::ECS::Cluster": ("ecs", lambda api, ref, _: api.delete_cluster(cluster=ref)),
    "AWS::ECS::Service": (
        "ecs",
        lambda api, ref, given: api.delete_service(
            cluster=given.get("Cluster", "default"), service=ref, force=True
        ),
    ),
    "AWS::ECS::TaskDefinition": (
        "ecs",
        lambda api, ref, _: api.deregister_task_definition(taskDefinition=ref),
    ),
    "AWS::Redshift::Cluster": (
        "redshift",
        lambda api, ref, _: api.delete_cluster(
            ClusterIdentifier=ref, SkipFinalClusterSnapshot=True
        ),
    ),
    "AWS::Redshift::ClusterParameterGroup": (
        "redshift",
        lambda api, ref, _: api.delete_cluster_parameter_group(ParameterGroupName=ref),
    ),
    "AWS::Redshift::ClusterSubnetGroup": (
        "redshift",
        lambda api, ref, _: api.delete_cluster_subnet_group(ClusterSubnetGroupName=ref),
    ),
}
"""By type: the service, and the call."""


def is_by_api(type_name: str) -> bool:
    """Whether resources of this type are deleted so."""
    return type_name in _CALLS


class DeletedByApi(ResourceType):
    """Created and changed as moto does, deleted by its service's API."""

    def delete(self, place: Place, model: Any, properties: Properties) -> None:
        service, call = _CALLS[self.name]
        call(Api(place, service), self.physical_id(model), properties)
