"""The parts of an item that document paths name: projections, and the attributes of an update.

moto reads "l[0]" only at the end of a path, and of one element; it converts each value to Python's
types and back, and returns what differs as the attributes of an update.

Source: "Using projection expressions" in the Amazon DynamoDB Developer Guide; ReturnValues in
API_UpdateItem; answers of the real DynamoDB as users recorded them: the elements of a list close
up, and UPDATED_NEW has what stands at the paths of the update expression afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.responses import DynamoHandler, DynamoResult, ProjectionExpressionParser

from local_aws.control_plane import moto_seams
from local_aws.control_plane.dynamodb import expression_parser
from local_aws.control_plane.dynamodb.expression_parser import Path, UnreadableError

Parts = Sequence[str | int]
"""A document path: names of attributes and of members of maps, and indexes of lists."""
_Wanted = dict[str | int, Any]
"""What is wanted of a value, by name or index; nothing if all of it is."""

_COMPLETE = {"UPDATED_NEW": "ALL_NEW", "UPDATED_OLD": "ALL_OLD"}

_moto_parse = ProjectionExpressionParser.parse


def install() -> None:
    moto_seams.replace(ProjectionExpressionParser, parse=_parse)
    moto_seams.replace(Item, project=_project)
    moto_seams.replace(DynamoHandler, update_item=_with_updated(DynamoHandler.update_item))


def project(attributes: Mapping[str, DynamoType], paths: Iterable[Parts]) -> dict[str, DynamoType]:
    """What stands at these paths; what is not there is left out."""
    wanted: _Wanted = {}
    for path in paths:
        within = wanted
        for part in path:
            within = within.setdefault(part, {})
    return _members(attributes, wanted)


def _members(members: Mapping[str, DynamoType], wanted: _Wanted) -> dict[str, DynamoType]:
    found = {
        name: _part(members[name], inner)
        for name, inner in wanted.items()
        if isinstance(name, str) and name in members
    }
    return {name: part for name, part in found.items() if part is not None}


def _part(value: DynamoType, wanted: _Wanted) -> DynamoType | None:
    """None of a value that has nothing at the paths."""
    if not wanted:
        return value
    if value.is_map():
        members = _members(value.value, wanted)
        return DynamoType({"M": members}) if members else None
    if value.is_list():
        indexes = sorted(each for each in wanted if isinstance(each, int))
        inner = [
            _part(value.value[each], wanted[each]) for each in indexes if each < len(value.value)
        ]
        elements = [each for each in inner if each is not None]
        return DynamoType({"L": elements}) if elements else None
    return None


def _parse(self: ProjectionExpressionParser) -> Any:
    """The paths of the expression; it was checked before, and moto says what it cannot read."""
    if not self.projection_expression:
        return []
    try:
        paths = expression_parser.projection(self.projection_expression)
    except UnreadableError:
        return _moto_parse(self)
    names = self.expression_attribute_names
    used = [part for path in paths for part in path.parts if part in names]
    self.expr_attr_names_found.extend(str(each) for each in used)
    return [_resolved(path, names) for path in paths]


def _resolved(path: Path, names: Mapping[str, str]) -> list[str | int]:
    return [names.get(part, part) if isinstance(part, str) else part for part in path.parts]


def _project(self: Item, projection_expressions: Sequence[Parts]) -> Item:
    attributes = project(self.attrs, projection_expressions)
    return Item(self.hash_key, self.range_key, attributes)


def _with_updated(update: Callable[[DynamoHandler], ActionResult]) -> Any:
    def answer(self: DynamoHandler) -> ActionResult:
        asked = self.body.get("ReturnValues")
        if asked not in _COMPLETE:
            return update(self)
        self.body["ReturnValues"] = _COMPLETE[asked]
        result: Any = update(self).result
        complete = {name: DynamoType(value) for name, value in result.pop("Attributes", {}).items()}
        updated = project(complete, _updated_paths(self.body))
        return DynamoResult({**result, **({"Attributes": updated} if updated else {})})

    return answer


def _updated_paths(request: Mapping[str, Any]) -> list[Parts]:
    expression = request.get("UpdateExpression")
    if expression is None:
        return [[name] for name in request.get("AttributeUpdates") or {}]
    names = request.get("ExpressionAttributeNames") or {}
    actions = expression_parser.update(expression).actions
    return [_resolved(action.path, names) for action in actions]
