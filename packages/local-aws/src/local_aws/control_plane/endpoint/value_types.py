"""Which values are of the types that AWS's models have: a text is no number, a list no structure.

AWS's framework reads a request before any service sees it, and says where it cannot.
Source: botocore's models; for JSON the words that DynamoDB is reported to answer
(SerializationException), for queries "timestamp must follow ISO8601" (MalformedInput), for EC2
"Error codes" of its API reference (InvalidParameterValue).
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_BAD = "400 Bad Request"
_INTEGER = re.compile(r"[+-]?\d{1,20}", re.ASCII)
"""Of 64 bits at most; Python does not even read one of thousands of digits."""
_BOOLEANS = ("true", "false", "1", "0")
_NO_NUMBERS = ("NaN", "Infinity", "-Infinity")
"""Floating-point numbers that JSON has only as texts."""
_JAVA = {
    "blob": "java.nio.ByteBuffer",
    "boolean": "java.lang.Boolean",
    "double": "java.lang.Double",
    "float": "java.lang.Float",
    "integer": "java.lang.Integer",
    "long": "java.lang.Long",
    "string": "java.lang.String",
    "timestamp": "java.util.Date",
}
_NOUNS = {
    "boolean": "a boolean",
    "double": "a number",
    "float": "a number",
    "integer": "an integer",
    "long": "an integer",
    "timestamp": "a timestamp in ISO 8601",
}


def require(
    request: ApiRequest, operation: OperationModel, shape: Shape, members: Mapping[str, Any]
) -> None:
    """Raise ApiError for the first value that is not of its member's type."""
    if request.protocol == "json":
        for words in _json_flaws(shape, members, _package(operation)):
            raise ApiError(_BAD, "SerializationException", words)
        return
    for path, member, text in _text_flaws(shape, members):
        noun = _NOUNS[member.type_name]
        if request.protocol == "ec2":
            words = f"Value ({text}) for parameter {path} is invalid. It must be {noun}."
            raise ApiError(_BAD, "InvalidParameterValue", words)
        if member.type_name == "timestamp":
            raise ApiError(_BAD, "MalformedInput", "timestamp must follow ISO8601")
        raise ApiError(_BAD, "MalformedInput", f"Value '{text}' at '{path}' must be {noun}")


def _package(operation: OperationModel) -> str:
    """Where the framework has the service's structures: com.amazonaws.dynamodb.v20120810."""
    metadata = operation.service_model.metadata
    version = str(metadata["apiVersion"]).replace("-", "")
    return f"com.amazonaws.{metadata['endpointPrefix']}.v{version}"


def _json_flaws(shape: Shape, value: Any, package: str, *, is_field: bool = True) -> Iterator[str]:
    """What the framework says of each value that is of another type than its shape."""
    if value is None or getattr(shape, "is_document_type", False):
        return
    words = _json_words(shape, value, package, is_field=is_field)
    if words:
        yield words
    elif isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            given = value.get(member.serialization.get("name", name))
            yield from _json_flaws(member, given, package)
    elif isinstance(shape, ListShape):
        for each in value:
            yield from _json_flaws(shape.member, each, package, is_field=False)
    elif isinstance(shape, MapShape):
        for each in value.values():
            yield from _json_flaws(shape.value, each, package, is_field=False)


def _json_words(shape: Shape, value: Any, package: str, *, is_field: bool) -> str:
    """Empty when the value itself is of the shape's type."""
    if isinstance(value, Mapping):
        is_one = isinstance(shape, StructureShape | MapShape)
        return "" if is_one else "Start of structure or map found where not expected"
    if isinstance(value, list):
        is_one = isinstance(shape, ListShape)
        return "" if is_one else f"Unrecognized collection type {_class(shape, package)}"
    if isinstance(shape, StructureShape | MapShape | ListShape):
        return "Unexpected field type" if is_field else "Unexpected value type in payload"
    return _scalar_words(shape, value)


def _scalar_words(shape: Shape, value: Any) -> str:
    kind = shape.type_name
    if kind == "blob":
        return _blob_words(value)
    is_iso = shape.serialization.get("timestampFormat") == "iso8601"
    if kind in ("string", "character") or (kind == "timestamp" and is_iso):
        return "" if isinstance(value, str) else f"{_token(value)} cannot be converted to String"
    if kind == "boolean":
        if isinstance(value, str):
            return "Unexpected token received from parser"
        return "" if isinstance(value, bool) else f"{_token(value)} cannot be converted to Boolean"
    is_float = kind in ("float", "double")
    if isinstance(value, str) and is_float and value in _NO_NUMBERS:
        return ""
    if not isinstance(value, bool | str) and (is_float or math.isfinite(value)):
        return ""
    is_time = kind == "timestamp"
    to = "milliseconds since epoch" if is_time else _JAVA[kind].rpartition(".")[2]
    return f"{_token(value)} cannot be converted to {to}"


def _blob_words(value: Any) -> str:
    if not isinstance(value, str):
        return "only base-64-encoded strings are convertible to bytes"
    if len(value) % 4:
        found = len(value)
        return f"Base64 encoded length is expected a multiple of 4 bytes but found: {found}"
    try:
        base64.b64decode(value, validate=True)
    except ValueError:
        return "Invalid Base64 character"
    return ""


def _token(value: Any) -> str:
    """As the framework's parser names what it met."""
    if isinstance(value, bool):
        return f"{str(value).upper()}_VALUE"
    if isinstance(value, str):
        return "STRING_VALUE"
    return "DECIMAL_VALUE" if isinstance(value, float) else "NUMBER_VALUE"


def _class(shape: Shape, package: str) -> str:
    if isinstance(shape, MapShape):
        value = _JAVA.get(shape.value.type_name, f"{package}.{shape.value.name}")
        return f"java.util.Map<java.lang.String, {value}>"
    return f"class {_JAVA.get(shape.type_name, f'{package}.{shape.name}')}"


def _text_flaws(shape: Shape, value: Any, path: str = "") -> Iterator[tuple[str, Shape, str]]:
    """Where a text of a query is not what its member holds; the rest has its form by its name."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        for name, given in value.items():
            if name in shape.members:
                yield from _text_flaws(shape.members[name], given, f"{path}.{name}".lstrip("."))
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for number, each in enumerate(value, 1):
            yield from _text_flaws(shape.member, each, f"{path}.{number}")
    elif isinstance(shape, MapShape) and isinstance(value, Mapping):
        for key, each in value.items():
            yield from _text_flaws(shape.value, each, f"{path}.{key}")
    elif isinstance(value, str) and not _is_of(shape.type_name, value):
        yield path, shape, value


def _is_of(kind: str, text: str) -> bool:
    if kind in ("integer", "long"):
        return bool(_INTEGER.fullmatch(text))
    if kind == "boolean":
        return text.lower() in _BOOLEANS
    if kind in ("float", "double"):
        return _is_read(float, text)
    return kind != "timestamp" or _is_read(datetime.fromisoformat, text)


def _is_read(read: Any, text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
