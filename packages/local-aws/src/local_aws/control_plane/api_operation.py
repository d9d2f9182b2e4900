"""Which of AWS's operations a request is, in botocore's models, and the members it gives.

A model is loaded with the first request of its service: 0.05 s, EC2's 0.2 s.
Source: the protocols of https://smithy.io/2.0/aws/protocols/.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from botocore.model import OperationModel, StructureShape
from moto.core.parse import EC2QueryParser, QueryParser
from moto.core.routing import RestRouter
from moto.core.utils import get_service_model
from werkzeug.datastructures import Headers
from werkzeug.exceptions import NotFound

from local_aws.control_plane.api_request import ApiRequest

_SERVICES: Mapping[str, tuple[str, ...]] = {
    "aoss": ("opensearchserverless",),
    "aps": ("amp",),
    "aws-marketplace": ("meteringmarketplace",),
    "bedrock": ("bedrock", "bedrock-agent", "bedrock-runtime"),
    "bedrock-agentcore": ("bedrock-agentcore", "bedrock-agentcore-control"),
    "cloudhsm": ("cloudhsmv2",),
    "connect-campaigns": ("connectcampaigns",),
    "apigateway": ("apigateway", "apigatewayv2"),
    "dynamodb": ("dynamodb", "dynamodbstreams"),
    "elasticfilesystem": ("efs",),
    "elasticloadbalancing": ("elbv2", "elb"),
    "elasticmapreduce": ("emr",),
    "es": ("opensearch", "es"),
    "execute-api": ("apigatewaymanagementapi",),
    "iotdata": ("iot-data",),
    "kinesisanalytics": ("kinesisanalyticsv2",),
    "kinesisvideo": ("kinesisvideo", "kinesis-video-archived-media"),
    "lex": ("lexv2-models",),
    "mediastore": ("mediastore", "mediastore-data"),
    "mobiletargeting": ("pinpoint",),
    "monitoring": ("cloudwatch",),
    "sagemaker": ("sagemaker", "sagemaker-runtime", "sagemaker-metrics"),
    "servicecatalog": ("servicecatalog", "servicecatalog-appregistry"),
    "servicequotas": ("service-quotas",),
    "ses": ("ses", "sesv2"),
    "sso": ("sso-admin",),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
    "timestream": ("timestream-write", "timestream-query"),
}
"""botocore's services by the name in signatures, where it is another one or several."""


def of(request: ApiRequest) -> OperationModel | None:
    """None for what no service of botocore has."""
    if request.is_json:
        prefix = request.headers["x-amz-target"].rpartition(".")[0]
        return _by_target(request.service, prefix, request.action)
    if request.action:
        version = str(request.parameters.get("Version", ""))
        return _by_version(request.service, version, request.action)
    found = _routed(request)
    return found[0] if found else None


def members_of(request: ApiRequest, operation: OperationModel) -> Mapping[str, Any]:
    """What the request gives, by the names of the model's members, with scalars as they came.

    Of an XML body nothing: there, what a request is about is in its path.
    """
    if request.is_json:
        return request.parameters
    shape = operation.input_shape
    if not isinstance(shape, StructureShape):
        return {}
    if request.action:
        parser: Any = _Ec2Texts if request.protocol == "ec2" else _QueryTexts
        texts: Mapping[str, Any] = parser(operation).parse({"values": request.parameters})
        return texts
    return dict(_rest_members(request, shape))


def _rest_members(request: ApiRequest, shape: StructureShape) -> Iterator[tuple[str, Any]]:
    found = _routed(request)
    in_path = found[1] if found else {}
    in_body = _json_body(request.body)
    sources = {"uri": in_path, "querystring": request.url_parameters, "header": request.headers}
    for name, member in shape.members.items():
        serialized = member.serialization.get("name", name)
        source = sources.get(member.serialization.get("location"), in_body)
        key = serialized.lower() if source is request.headers else serialized
        if key in source:
            yield name, source[key]


def _json_body(body: bytes) -> Mapping[str, Any]:
    if body[:1] != b"{":
        return {}
    try:
        found = json.loads(body)
    except ValueError:  # an object that begins so: some services take any bytes
        return {}
    return found if isinstance(found, dict) else {}


def _texts(self: Any, shape: Any, value: Any, prefix: str = "") -> Any:
    return self._default_handle(shape, value, prefix)


class _QueryTexts(QueryParser):
    """Takes what is no number for a number, too: what it means is the service's to say."""

    _parse_blob = _parse_boolean = _parse_double = _parse_float = _texts
    _parse_integer = _parse_long = _parse_timestamp = _texts


class _Ec2Texts(EC2QueryParser):
    _parse_blob = _parse_boolean = _parse_double = _parse_float = _texts
    _parse_integer = _parse_long = _parse_timestamp = _texts


def _models(service: str) -> Iterator[Any]:
    for name in _SERVICES.get(service, (service,)):
        model = _model(name)
        if model is not None:
            yield model


@functools.cache
def _model(name: str) -> Any:
    try:
        return get_service_model(name)
    except Exception:  # noqa: BLE001 - botocore's error for a name that a client made up
        return None


@functools.lru_cache(4096)
def _by_target(service: str, prefix: str, action: str) -> OperationModel | None:
    models = [each for each in _models(service) if each.metadata.get("targetPrefix") == prefix]
    return next(_operations(models, action), None)


@functools.lru_cache(4096)
def _by_version(service: str, version: str, action: str) -> OperationModel | None:
    models = list(_models(service))
    named = [each for each in models if each.metadata.get("apiVersion") == version]
    return next(_operations(named or models, action), None)


def _operations(models: list[Any], action: str) -> Iterator[OperationModel]:
    for model in models:
        if action in model.operation_names:
            yield model.operation_model(action)


def _routed(request: ApiRequest) -> tuple[OperationModel, Mapping[str, Any]] | None:
    """By method and path, as REST services name their operations."""
    service = "s3control" if "x-amz-account-id" in request.headers else request.service
    bucket = request.host_bucket if service == "s3" else ""
    asked: Any = SimpleNamespace(
        method=request.method,
        host="localhost",
        raw_path=f"/{bucket}{request.path}" if bucket else request.path,
        args=request.url_parameters,
        headers=Headers(list(request.fields)),
    )
    for model in _models(service):
        if model.metadata["protocol"].startswith("rest"):
            try:
                return _router(model).match(asked)
            except NotFound:
                continue
    return None


@functools.cache
def _router(model: Any) -> RestRouter:
    return RestRouter(model)
