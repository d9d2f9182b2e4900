"""Documents in S3's requests that its schema does not allow: AWS refuses them before it acts.

Source: "Error responses" in the S3 API Reference (MalformedXML, MalformedACLError,
MissingRequestBodyError) and botocore's model, which has the schema. An element that the model does
not know is let through: a client may be newer than the model.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from botocore.model import ListShape, OperationModel, Shape, StringShape, StructureShape

from local_aws.control_plane import api_operation
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest

_OFTEN_EMPTY = frozenset({"CreateBucket", "PutBucketAcl", "PutObjectAcl"})
"""Operations that need no document."""
_OF_ONE_RULE = frozenset({"OwnershipControls", "ServerSideEncryptionConfiguration"})
"""Documents that AWS takes with one rule only, though the schema has a list of them."""
_NEVER_EMPTY = frozenset(
    {"DefaultRetention", "NoncurrentVersionTransition", "ObjectLockRule", "Transition"}
)
"""Structures that say something, though the schema requires no member of them."""
_WHOLE_NUMBERS = ("integer", "long")
_TRUTHS = frozenset({"true", "false", "TRUE", "FALSE"})


def require_valid(request: ApiRequest) -> None:
    """Raise ApiError for a document that is missing, cut off, or not as the schema has it."""
    if not request.changes_something:
        return
    operation = api_operation.of(request)
    shape = operation and _document_of(operation)
    if operation is None or shape is None or _is_in_chunks(request):
        return
    if not request.body:
        if operation.name not in _OFTEN_EMPTY:
            raise ApiError("400 Bad Request", "MissingRequestBodyError", "Request Body is empty")
    elif not _is_allowed(shape, request.body):
        raise ApiError(
            "400 Bad Request",
            "MalformedACLError" if shape.name == "AccessControlPolicy" else "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published "
            "schema",
        )


def _document_of(operation: OperationModel) -> StructureShape | None:
    """The shape of its body, if that is a document."""
    shape = operation.input_shape
    if not isinstance(shape, StructureShape):
        return None
    payload = shape.serialization.get("payload")
    if payload is None:  # the members themselves are the document
        return shape if "name" in shape.serialization else None
    document = shape.members[payload]
    return document if isinstance(document, StructureShape) else None


def _is_in_chunks(request: ApiRequest) -> bool:
    return "aws-chunked" in request.headers.get("content-encoding", "")


def _is_allowed(shape: StructureShape, body: bytes) -> bool:
    if b"<!DOCTYPE" in body:  # no schema of S3 has one
        return False
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - it declares no entities
    except ElementTree.ParseError:
        return False
    if shape.name in _OF_ONE_RULE and len(root) != 1:
        return False
    return _name(root) == shape.serialization["name"] and _fits(shape, root)


def _fits(shape: Shape, element: ElementTree.Element) -> bool:
    if shape.name in _NEVER_EMPTY and not len(element):
        return False
    if isinstance(shape, StructureShape):
        return all(
            _has_member(shape, name, member, element)
            for name, member in shape.members.items()
            if "location" not in member.serialization
        )
    if isinstance(shape, ListShape):
        item = shape.member.serialization.get("name", "member")
        return all(_fits(shape.member, each) for each in _children(element, item))
    return _is_text_of(shape, element.text or "")


def _has_member(
    shape: StructureShape, name: str, member: Shape, element: ElementTree.Element
) -> bool:
    named = member.serialization.get("name", name)
    is_required = name in shape.required_members
    if member.serialization.get("xmlAttribute"):
        text = _attribute(element, named.rpartition(":")[2])
        return not is_required if text is None else _is_text_of(member, text)
    found = list(_children(element, named))
    if not found:
        return not is_required
    if isinstance(member, ListShape) and member.serialization.get("flattened"):
        return all(_fits(member.member, each) for each in found)
    return len(found) == 1 and _fits(member, found[0])


def _is_text_of(shape: Shape, text: str) -> bool:
    if shape.type_name in _WHOLE_NUMBERS:
        return text.strip().removeprefix("-").isdecimal()
    if shape.type_name == "boolean":
        return text.strip() in _TRUTHS
    return not (isinstance(shape, StringShape) and shape.enum) or text in shape.enum


def _children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (each for each in element if _name(each) == name)


def _attribute(element: ElementTree.Element, name: str) -> str | None:
    found = (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name)
    return next(found, None)


def _name(element: ElementTree.Element) -> str:
    """Without its namespace, which clients may leave out."""
    return element.tag.rpartition("}")[2]
