"""Whether the XML document of a request is as the schema of its operation has it. Pure.

The schema is botocore's model. An element that the model does not know is let through: a client may
be newer than the model.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from xml.etree import ElementTree

from botocore.model import ListShape, OperationModel, Shape, StringShape, StructureShape

_WHOLE_NUMBERS = ("integer", "long")
_TRUTHS = frozenset({"true", "false", "TRUE", "FALSE"})


def document_of(operation: OperationModel) -> StructureShape | None:
    """The shape of its requests' body, if that is a document."""
    shape = operation.input_shape
    if not isinstance(shape, StructureShape):
        return None
    payload = shape.serialization.get("payload")
    if payload is None:  # the members themselves are the document
        return shape if "name" in shape.serialization else None
    document = shape.members[payload]
    return document if isinstance(document, StructureShape) else None


def root_of(body: bytes) -> ElementTree.Element | None:
    """None for what is no XML, or declares a type of its own, as no schema of AWS's does."""
    if b"<!DOCTYPE" in body:
        return None
    try:
        return ElementTree.fromstring(body)  # noqa: S314 - it declares no entities
    except ElementTree.ParseError:
        return None


def texts_in(element: ElementTree.Element) -> dict[str, str]:
    """The text of each element in it, by its name."""
    return {_name(each): each.text or "" for each in element}


def problem(
    shape: StructureShape, root: ElementTree.Element, never_empty: Collection[str] = ()
) -> str | None:
    """What the schema does not allow, in the words of the parser that AWS's errors show (Xerces).

    `never_empty` are structures that say something, though the schema requires no member of them.
    """
    if _name(root) != shape.serialization["name"]:
        return f"cvc-elt.1.a: Cannot find the declaration of element '{_name(root)}'."
    return next(_Schema(never_empty).problems(shape, root), None)


class _Schema:
    def __init__(self, never_empty: Collection[str]) -> None:
        self._never_empty = never_empty

    def problems(self, shape: Shape, element: ElementTree.Element) -> Iterator[str]:
        if shape.name in self._never_empty and not len(element):
            yield _incomplete(element, next(iter(shape.members)))
        if isinstance(shape, StructureShape):
            for name, member in shape.members.items():
                if "location" not in member.serialization:
                    yield from self._of_member(shape, name, member, element)
        elif isinstance(shape, ListShape):
            item = shape.member.serialization.get("name", "member")
            for each in _children(element, item):
                yield from self.problems(shape.member, each)
        else:
            yield from _of_text(shape, element.text or "")

    def _of_member(
        self, shape: StructureShape, name: str, member: Shape, element: ElementTree.Element
    ) -> Iterator[str]:
        named = member.serialization.get("name", name)
        is_required = name in shape.required_members
        if member.serialization.get("xmlAttribute"):
            text = _attribute(element, named.rpartition(":")[2])
            if text is not None:
                yield from _of_text(member, text)
            elif is_required:
                yield _incomplete(element, named)
            return
        found = list(_children(element, named))
        is_flat = isinstance(member, ListShape) and member.serialization.get("flattened")
        if not found and is_required:
            yield _incomplete(element, named)
        elif len(found) > 1 and not is_flat:
            yield (
                "cvc-complex-type.2.4.d: Invalid content was found starting with element "
                f"'{named}'. No child element is expected at this point."
            )
        for each in found:
            yield from self.problems(member.member if is_flat else member, each)


def _incomplete(element: ElementTree.Element, missing: str) -> str:
    return (
        f"cvc-complex-type.2.4.b: The content of element '{_name(element)}' is not complete. "
        f"One of '{{{missing}}}' is expected."
    )


def _of_text(shape: Shape, text: str) -> Iterator[str]:
    is_number = shape.type_name in _WHOLE_NUMBERS
    if (is_number and not text.strip().removeprefix("-").isdecimal()) or (
        shape.type_name == "boolean" and text.strip() not in _TRUTHS
    ):
        yield f"cvc-datatype-valid.1.2.1: '{text}' is not a valid value for '{shape.type_name}'."
    elif isinstance(shape, StringShape) and shape.enum and text not in shape.enum:
        yield (
            f"cvc-enumeration-valid: Value '{text}' is not facet-valid with respect to enumeration "
            f"'[{', '.join(shape.enum)}]'. It must be a value from the enumeration."
        )


def _children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (each for each in element if _name(each) == name)


def _attribute(element: ElementTree.Element, name: str) -> str | None:
    found = (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name)
    return next(found, None)


def _name(element: ElementTree.Element) -> str:
    """Without its namespace, which clients may leave out."""
    return element.tag.rpartition("}")[2]
