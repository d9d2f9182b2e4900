"""What DynamoDB says of an expression before it looks at any item; moto mostly looks at the item.

Source: "Condition and filter expressions, operators, and functions", "Update expressions" and
"Reserved words" in the Amazon DynamoDB Developer Guide; answers of the real DynamoDB, and the
order of its checks, as they have been recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Any

from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from local_aws.control_plane.dynamodb import expression_parser
from local_aws.control_plane.dynamodb.expression_parser import (
    Action,
    Call,
    Operand,
    Path,
    UnreadableError,
    Value,
    calls_in,
    leaves_in,
)

_OF_CONDITIONS = {
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
    "size": 1,
}
_OF_UPDATES = {"if_not_exists": 2, "list_append": 2}
"""Functions, and how many operands they have."""

_MOST_IN = 100
"""The values that one IN can have."""
_OF_KEYS = ("AND", "=", "<", "<=", ">", ">=", "BETWEEN", "begins_with")
_ORDERED = ("<", "<=", ">", ">=", "BETWEEN")
_ONLY_PATHS = ("attribute_exists", "attribute_not_exists", "if_not_exists")
_TYPES = ("B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M")
_OPERAND_TYPES = {
    "begins_with": ("S", "B"),
    "attribute_type": ("S",),
    "list_append": ("L",),
    "size": ("S", "B", "SS", "NS", "BS", "L", "M"),
    "+": ("N",),
    "-": ("N",),
    **dict.fromkeys(_ORDERED, ("S", "N", "B")),
}
"""The types of values that an operator or function takes; others take all."""

_ADDED = ("N", "SS", "NS", "BS")
_DELETED = ("SS", "NS", "BS")
_LONG_NAMES = {
    "S": "STRING",
    "N": "NUMBER",
    "B": "BINARY",
    "NULL": "NULL",
    "BOOL": "BOOLEAN",
    "L": "LIST",
    "M": "MAP",
}


@dataclass
class Scope:
    """What a request defines for its expressions, and what of it they have used."""

    names: Mapping[str, str]
    values: Mapping[str, Mapping[str, Any]]
    used: set[str] = field(default_factory=set)

    def type_of(self, operand: Operand) -> str | None:
        """A value's type, such as "S"; None of what only the item decides."""
        if isinstance(operand, Value):
            return next(iter(self.values.get(operand.name, ())), None)
        if isinstance(operand, Call) and operand.name == "size":
            return "N"
        return None

    def resolved(self, path: Path) -> tuple[str | int, ...]:
        parts = (
            self.names.get(each, each) if isinstance(each, str) else each for each in path.parts
        )
        return tuple(parts)


def flaw_of(kind: str, text: str, scope: Scope) -> str | None:
    """What is wrong with an expression, such as a FilterExpression; notes in `scope` what it uses.

    None also of an expression that does not follow the grammar: moto names the token.
    """
    if not text.strip():
        return "The expression can not be empty;"
    try:
        flaws = _CHECKS.get(kind, _condition_flaws)(kind, text, scope)
        return next(flaws, None)
    except UnreadableError:
        return None


def key_flaw_of(text: str) -> str | None:
    """The operator or function of a key condition that it cannot have."""
    try:
        calls = list(calls_in(expression_parser.condition(text).tree))
    except UnreadableError:
        return None
    wrong = next((each.name for each in calls if each.name not in _OF_KEYS), None)
    return wrong and f"Invalid operator used in KeyConditionExpression: {wrong}"


def _condition_flaws(kind: str, text: str, scope: Scope) -> Iterator[str]:
    read = expression_parser.condition(text)
    calls = list(calls_in(read.tree))
    if read.has_redundant_parentheses:
        yield "The expression has redundant parentheses;"
    yield from _function_flaws(calls, _OF_CONDITIONS, _OF_UPDATES, kind)
    yield from _misused(read.tree)
    yield from _reserved(leaves_in(read.tree))
    yield from _undefined(leaves_in(read.tree), scope)
    for call in calls:
        yield from _count_flaws(call, _OF_CONDITIONS)
        if call.name == "IN" and len(call.operands) > _MOST_IN + 1:
            yield (
                "The IN operator is provided with too many operands; number of operands: "
                f"{len(call.operands) - 1}"
            )
        yield from _distinct_flaws(call, scope)
        yield from _type_flaws(call, scope)
        yield from _between_flaws(call, scope)


def _update_flaws(kind: str, text: str, scope: Scope) -> Iterator[str]:
    read = expression_parser.update(text)
    values = [action.value for action in read.actions if action.value is not None]
    calls = [call for value in values for call in calls_in(value)]
    leaves = [leaf for action in read.actions for leaf in (action.path, *_of_value(action))]
    yield from _reserved(leaves)
    yield from _function_flaws(calls, _OF_UPDATES, _OF_CONDITIONS, kind)
    for section in read.sections:
        if read.sections.count(section) > 1:
            yield f'The "{section}" section can only be used once in an update expression;'
    yield from _undefined(leaves, scope)
    yield from _overlaps((action.path for action in read.actions), scope)
    for action in read.actions:
        yield from _section_flaws(action, scope)
    for call in calls:
        yield from _count_flaws(call, _OF_UPDATES)
        yield from _type_flaws(call, scope)


def _projection_flaws(_kind: str, text: str, scope: Scope) -> Iterator[str]:
    paths = expression_parser.projection(text)
    yield from _reserved(paths)
    yield from _undefined(paths, scope)
    yield from _overlaps(paths, scope)


def _key_flaws(_kind: str, text: str, scope: Scope) -> Iterator[str]:
    """moto has checks of its own for key conditions; here is noted what they use."""
    leaves = list(leaves_in(expression_parser.condition(text).tree))
    yield from _undefined(leaves, scope)


_CHECKS: Mapping[str, Callable[[str, str, Scope], Iterator[str]]] = {
    "UpdateExpression": _update_flaws,
    "ProjectionExpression": _projection_flaws,
    "KeyConditionExpression": _key_flaws,
}


def _of_value(action: Action) -> Iterable[Path | Value]:
    return () if action.value is None else leaves_in(action.value)


def _function_flaws(
    calls: Iterable[Call], known: Mapping[str, int], elsewhere: Mapping[str, int], kind: str
) -> Iterator[str]:
    for call in calls:
        if call.is_function and call.name not in known:
            word = kind.removesuffix("Expression").lower()
            article = "an" if word == "update" else "a"
            refused = f"The function is not allowed in {article} {word} expression"
            words = refused if call.name in elsewhere else "Invalid function name"
            yield f"{words}; function: {call.name}"


def _misused(tree: Call) -> Iterator[str]:
    """Only size is an operand; all other functions are conditions, and size is none."""
    words = "The function is not allowed to be used this way in an expression; function: "
    for call in calls_in(tree):
        is_connective = call.name in ("AND", "OR", "NOT")
        for operand in call.operands:
            match operand:
                case Call(name, _, True) if (name == "size") == is_connective:
                    yield f"{words}{name}"
    if tree.is_function and tree.name == "size":
        yield f"{words}size"


def _reserved(leaves: Iterable[Path | Value]) -> Iterator[str]:
    words = ReservedKeywords.get_reserved_keywords()
    for leaf in leaves:
        for part in leaf.parts if isinstance(leaf, Path) else ():
            if isinstance(part, str) and part.upper() in words:
                yield f"Attribute name is a reserved keyword; reserved keyword: {part}"


def _undefined(leaves: Iterable[Path | Value], scope: Scope) -> Iterator[str]:
    for leaf in leaves:
        if isinstance(leaf, Value):
            scope.used.add(leaf.name)
            if leaf.name not in scope.values:
                yield (
                    "An expression attribute value used in expression is not defined; "
                    f"attribute value: {leaf.name}"
                )
            continue
        for part in leaf.parts:
            if isinstance(part, str) and part.startswith("#"):
                scope.used.add(part)
                if part not in scope.names:
                    yield (
                        "An expression attribute name used in the document path is not defined; "
                        f"attribute name: {part}"
                    )


def _count_flaws(call: Call, known: Mapping[str, int]) -> Iterator[str]:
    if call.is_function and len(call.operands) != known.get(call.name):
        yield (
            "Incorrect number of operands for operator or function; operator or function: "
            f"{call.name}, number of operands: {len(call.operands)}"
        )


def _distinct_flaws(call: Call, scope: Scope) -> Iterator[str]:
    match call.operands:
        case (Path() as first, Path() as second) if call.name not in ("AND", "OR"):
            if scope.resolved(first) == scope.resolved(second):
                yield (
                    "The first operand must be distinct from the remaining operands for this "
                    f"operator or function; operator: {call.name}, first operand: "
                    f"{_shown(scope.resolved(first))}"
                )


def _type_flaws(call: Call, scope: Scope) -> Iterator[str]:
    about = f"operator or function: {call.name}"
    if call.name in _ONLY_PATHS and not isinstance(call.operands[0], Path):
        yield f"Operator or function requires a document path; {about}"
    taken = _OPERAND_TYPES.get(call.name, _TYPES)
    looked_at = call.operands[1:] if call.name == "attribute_type" else call.operands
    for operand in looked_at:
        found = scope.type_of(operand)
        if found is not None and found not in taken:
            yield (
                f"Incorrect operand type for operator or function; {about}, operand type: {found}"
            )
    if call.name == "attribute_type" and isinstance(call.operands[1], Value):
        name = scope.values[call.operands[1].name]["S"]
        if name not in _TYPES:
            yield (
                f"Invalid attribute type name found; type: {name}, "
                f"valid types: {{{','.join(_TYPES)}}}"
            )


def _between_flaws(call: Call, scope: Scope) -> Iterator[str]:
    match call:
        case Call("BETWEEN", (_, Value(lower), Value(upper))):
            pass
        case _:
            return
    bounds = [next(iter(scope.values[name].items())) for name in (lower, upper)]
    (lower_type, least), (upper_type, most) = bounds
    shown = (
        f"lower bound operand: AttributeValue: {{{lower_type}:{least}}}, "
        f"upper bound operand: AttributeValue: {{{upper_type}:{most}}}"
    )
    if lower_type != upper_type:
        yield f"The BETWEEN operator requires same data type for lower and upper bounds; {shown}"
    elif _key(lower_type, least) > _key(upper_type, most):
        yield (
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
            f"{shown}"
        )


def _key(kind: str, value: Any) -> Any:
    """By what values of a type are in order: numbers as such, strings by their bytes."""
    if kind == "N":
        return Decimal(value)
    return value if isinstance(value, bytes) else str(value).encode()


def _section_flaws(action: Action, scope: Scope) -> Iterator[str]:
    taken = {"ADD": _ADDED, "DELETE": _DELETED}.get(action.section)
    found = scope.type_of(action.value) if action.value else None
    if taken is not None and found is not None and found not in taken:
        yield (
            "Incorrect operand type for operator or function; operator: "
            f"{action.section}, operand type: {_LONG_NAMES[found]}"
        )


def _overlaps(paths: Iterable[Path], scope: Scope) -> Iterator[str]:
    """Overlapping paths come before those that need both a list and a map."""
    pairs = list(combinations([scope.resolved(path) for path in paths], 2))
    for word in ("overlap", "conflict"):
        for first, second in pairs:
            if _relation(first, second) == word:
                yield (
                    f"Two document paths {word} with each other; must remove or rewrite one of "
                    f"these paths; path one: {_shown(first)}, path two: {_shown(second)}"
                )


def _relation(first: tuple[str | int, ...], second: tuple[str | int, ...]) -> str | None:
    for one, other in zip(first, second, strict=False):
        if type(one) is not type(other):
            return "conflict"
        if one != other:
            return None
    return "overlap"


def _shown(parts: tuple[str | int, ...]) -> str:
    return f"[{', '.join(f'[{part}]' if isinstance(part, int) else part for part in parts)}]"
