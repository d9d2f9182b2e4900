"""Who pays for requests: kept and returned. moto creates the bucket, and lists it, instead.

Nobody pays here, so no request has to say that it would.
Source: API_PutBucketRequestPayment and API_GetBucketRequestPayment in the S3 API Reference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from moto.core.responses import ActionResult
from moto.s3.exceptions import MalformedXML
from moto.s3.responses import S3Response

from local_aws.control_plane import moto_seams

_PARAMETER = "requestPayment"
_PAYERS = ("BucketOwner", "Requester")


@dataclass
class _RequestPayment:
    payer: str = "BucketOwner"


def install() -> None:
    moto_seams.replace(
        S3Response,
        _bucket_response_get=_get(S3Response._bucket_response_get),
        _bucket_response_put=_put(S3Response._bucket_response_put),
    )


def _get(otherwise: Callable[..., Any]) -> Callable[..., Any]:
    def answer(self: S3Response, bucket_name: str, querystring: dict[str, Any]) -> Any:
        if _PARAMETER not in querystring:
            return otherwise(self, bucket_name, querystring)
        self.data["Action"] = "GetBucketRequestPayment"
        return self.serialized(ActionResult({"Payer": _payment(self, bucket_name).payer}))

    return answer


def _put(otherwise: Callable[..., Any]) -> Callable[..., Any]:
    def answer(
        self: S3Response, request: Any, bucket_name: str, querystring: dict[str, Any]
    ) -> Any:
        if _PARAMETER not in querystring:
            return otherwise(self, request, bucket_name, querystring)
        _payment(self, bucket_name).payer = _payer(self.body)
        return 200, {}, ""

    return answer


def _payment(response: S3Response, bucket_name: str) -> _RequestPayment:
    return moto_seams.notes(response.backend.get_bucket(bucket_name), _RequestPayment)


def _payer(body: bytes) -> str:
    """Raises MalformedXML."""
    document = ElementTree.fromstring(body)  # noqa: S314 - it has been read by its schema before
    payer = document.findtext("{*}Payer")
    if payer not in _PAYERS:
        raise MalformedXML
    return payer
