"""Smithy's RPC v2 CBOR, which newer SDKs speak: translated into AWS JSON, and the answer back.

The SDK for Go, and Terraform with it, chooses it where a service has it (CloudWatch, CodeBuild, the
tagging API ...); botocore and the SDK for JavaScript prefer JSON, which these services know too.
Source: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
"""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from botocore.model import DenormalizedStructureBuilder, OperationModel, Shape
from botocore.parsers import JSONParser, ResponseParserError, RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer

from local_aws.control_plane import api_operation, api_request
from local_aws.control_plane.api_request import ApiRequest
from local_aws.host.http_server import FIELDS

_PROTOCOL = "rpc-v2-cbor"
_PATH = re.compile(r"/service/(?P<service>[\w.]+)/operation/(?P<operation>\w+)")
_JSON = "application/x-amz-json-1.0"
_KEPT_HEADERS = ("x-amzn-requestid", "x-amzn-query-error")
_REPLACED = ("content-type", "content-length", "accept", "smithy-protocol")
_REPLACED_VARIABLES = ("HTTP_ACCEPT", "HTTP_SMITHY_PROTOCOL")

AnswerJson = Callable[[ApiRequest, dict[str, Any], Any], Iterable[bytes]]
"""What answers a request, its WSGI environment and `start_response`."""

_ERROR = (
    DenormalizedStructureBuilder()
    .with_members({"__type": {"type": "string"}, "message": {"type": "string"}})
    .build_model()
)


def is_spoken(request: ApiRequest) -> bool:
    """Whether the request is in this protocol; each such request names it in a header."""
    return request.headers.get("smithy-protocol") == _PROTOCOL


def answer(
    request: ApiRequest, environ: Mapping[str, Any], start_response: Any, answer_json: AnswerJson
) -> Iterable[bytes]:
    """Answer as `answer_json` answers the same request in AWS JSON."""
    answered: list[tuple[str, list[tuple[str, str]]]] = []
    try:
        as_json = _as_json(request, environ)
    except ValueError as error:
        start_response("400 Bad Request", _headers())
        return [_error("SerializationException", str(error))]
    in_json = api_request.read(as_json)
    parts = answer_json(
        in_json, as_json, lambda status, headers, _=None: answered.append((status, headers))
    )
    body = b"".join(parts)
    (status, headers), *_ = answered
    if status.startswith("2"):
        encoded = _output(api_operation.of(in_json), body)
    else:
        said = json.loads(body)
        encoded = _error(said["__type"], said.get("message") or said.get("Message") or "")
    start_response(status, _headers(headers, has_body=bool(encoded)))
    return [encoded]


def _as_json(request: ApiRequest, environ: Mapping[str, Any]) -> dict[str, Any]:
    """The same request in AWS JSON, as WSGI hands it over.

    Raises ValueError when it names no operation, or its body is no CBOR.
    """
    named = _PATH.fullmatch(request.path)
    if named is None:
        raise ValueError("the path names no operation")
    text = json.dumps(_members(request.body), default=_text_of_bytes).encode()
    target = f"{named['service']}.{named['operation']}"
    fields = [each for each in request.fields if each[0].lower() not in _REPLACED]
    return {
        **{name: value for name, value in environ.items() if name not in _REPLACED_VARIABLES},
        "PATH_INFO": "/",
        "REQUEST_URI": "/",
        "QUERY_STRING": "",
        "CONTENT_TYPE": _JSON,
        "CONTENT_LENGTH": str(len(text)),
        "HTTP_X_AMZ_TARGET": target,
        "wsgi.input": io.BytesIO(text),
        FIELDS: [*fields, ("x-amz-target", target), ("content-type", _JSON)],
    }


def _headers(
    of_json: Sequence[tuple[str, str]] = (), *, has_body: bool = True
) -> list[tuple[str, str]]:
    """An operation without output has an empty body, and then no type of one."""
    kept = [(name, value) for name, value in of_json if name.lower() in _KEPT_HEADERS]
    kind = [("Content-Type", "application/cbor")] if has_body else []
    return [*kept, ("smithy-protocol", _PROTOCOL), *kind]


def _output(operation: OperationModel | None, body: bytes) -> bytes:
    shape = operation.output_shape if operation else None
    if shape is None:
        return b""
    response = {"body": body or b"{}", "headers": {}, "status_code": 200}
    parsed = JSONParser().parse(response, shape)
    return _cbor({name: parsed[name] for name in shape.members if name in parsed}, shape)


def _error(code: str, message: str) -> bytes:
    return _cbor({"__type": code, "message": message}, _ERROR)


def _cbor(value: Mapping[str, Any], shape: Shape) -> bytes:
    """botocore writes requests only; an answer is written the same way."""
    body: bytes = RpcV2CBORSerializer()._serialize_body_params(value, shape)
    return body


def _members(body: bytes) -> dict[str, Any]:
    """What a body of CBOR holds, times as seconds since the epoch; nothing without a body."""
    if not body:
        return {}
    parser = RpcV2CBORParser(timestamp_parser=lambda seconds: seconds)
    try:
        members = parser.parse_data_item(parser.get_peekable_stream_from_bytes(body))
    except (
        *(ResponseParserError, ValueError, TypeError),
        *(RecursionError, OverflowError, MemoryError),  # lengths and depths that no client means
    ) as failure:
        raise ValueError(f"the body is no CBOR: {failure}") from failure
    if not isinstance(members, dict):
        raise ValueError("the body must be a map")  # noqa: TRY004 - of a request, as all of these
    return members


def _text_of_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()
