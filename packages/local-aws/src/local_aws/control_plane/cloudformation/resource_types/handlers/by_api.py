"""Types whose resources are changed through their service's own API, as AWS's handlers do.

A call stays in this process and under its caller's lock: botocore writes the request and parses the
answer, and the corrected moto answers in between.
AWS: "Resource type handler contract" in the CloudFormation CLI User Guide.
"""

from __future__ import annotations

import functools
import re
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError
from moto.core.botocore_stubber import BotocoreStubber

from local_aws.control_plane.cloudformation.resource_types.handlers.base import (
    Place,
    ResourceFailedError,
    ResourceType,
)

_CLIENTS = 32
"""So many are kept; one of a large service takes some megabytes."""

_CLASSES = re.compile(r", type: <class .*")
"""What botocore says of Python's types."""

_moto = BotocoreStubber()
_moto.enabled = True


class RefusedByApiError(ResourceFailedError):
    """The service's API refused; `code` is its error code."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Api:
    """A service's API in the region of a resource: `Api(place, "sns").subscribe(TopicArn=...)`.

    Calls are boto3's, and raise RefusedByApiError.
    """

    def __init__(self, place: Place, service: str) -> None:
        self._client = _client(service, place.region)

    def __getattr__(self, operation: str) -> Any:
        call = getattr(self._client, operation)

        def made(**parameters: Any) -> Any:
            try:
                return call(**parameters)
            except ClientError as error:
                answer = error.response["Error"]
                raise RefusedByApiError(answer["Message"], answer["Code"]) from error
            except ParamValidationError as error:
                reason = " ".join(_CLASSES.sub("", str(error)).split())
                raise RefusedByApiError(reason, "ValidationError") from error

        return made


class ResourceByApi(ResourceType):
    """A type whose model is nothing but its physical id."""

    def physical_id(self, model: Any) -> str:
        return str(model)


@functools.lru_cache(_CLIENTS)
def _client(service: str, region: str) -> Any:
    client = boto3.Session(
        aws_access_key_id="cloudformation",
        aws_secret_access_key="cloudformation",  # noqa: S106 - nobody looks at the signature
        region_name=region,
    ).client(
        service,
        config=Config(
            ignore_configured_endpoint_urls=True,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
        ),
    )
    client.meta.events.register_first("before-send", _answered)
    return client


def _answered(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
    return _moto("before-send", request)
