"""DescribeEndpoints answers with this endpoint, of DynamoDB and Timestream.

Clients that discover endpoints send everything else to where the answer says; moto's is AWS, and
they would leave this machine. Source: "Endpoint discovery" in the AWS SDKs and Tools Reference
Guide.
"""

from __future__ import annotations

from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.timestreamquery.models import TimestreamQueryBackend
from moto.timestreamwrite.models import TimestreamWriteBackend

from local_aws.control_plane import moto_seams, wiring

_MINUTES = 1440
"""For which clients keep it."""


def install() -> None:
    moto_seams.replace(DynamoDBBackend, describe_endpoints=_endpoints)
    moto_seams.replace(TimestreamQueryBackend, describe_endpoints=_endpoints)
    moto_seams.replace(TimestreamWriteBackend, describe_endpoints=_answer)


def _endpoints(self: Any) -> list[dict[str, Any]]:  # noqa: ARG001 - in the place of a method
    return [{"Address": wiring.current().endpoint, "CachePeriodInMinutes": _MINUTES}]


def _answer(self: Any) -> dict[str, list[dict[str, Any]]]:
    return {"Endpoints": _endpoints(self)}
