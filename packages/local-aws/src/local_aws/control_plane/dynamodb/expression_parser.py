"""What an expression of DynamoDB says, as a tree; what it means is not looked at here.

Source: "Using expressions in DynamoDB" in the Amazon DynamoDB Developer Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r"\s*([:#]?\w+|<>|<=|>=|[=<>()\[\],.+-])", re.ASCII)
_COMPARATORS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_SECTIONS = frozenset({"SET", "REMOVE", "ADD", "DELETE"})


class UnreadableError(Exception):
    """The expression does not follow the grammar."""


@dataclass(frozen=True)
class Path:
    """A document path: names, also placeholders such as "#n", and indexes of lists."""

    parts: tuple[str | int, ...]


@dataclass(frozen=True)
class Value:
    """A placeholder such as ":v"."""

    name: str


@dataclass(frozen=True)
class Call:
    """A function, comparator or operator ("BETWEEN", "IN", "AND", "OR", "NOT") and its operands."""

    name: str
    operands: tuple[Operand, ...]
    is_function: bool = False


Operand = Path | Value | Call


@dataclass(frozen=True)
class Condition:
    """A condition, filter or key condition."""

    tree: Call
    has_redundant_parentheses: bool


@dataclass(frozen=True)
class Action:
    """What an update does at a path; `section` is SET, REMOVE, ADD or DELETE."""

    section: str
    path: Path
    value: Operand | None


@dataclass(frozen=True)
class Update:
    """All actions, and the sections in their order, which may come twice."""

    sections: tuple[str, ...]
    actions: tuple[Action, ...]


def condition(text: str) -> Condition:
    """Raises UnreadableError."""
    reader = _Reader(text)
    tree = reader.either()
    reader.require_end()
    if not isinstance(tree, Call):
        raise UnreadableError(text)
    return Condition(tree, reader.has_redundant_parentheses)


def projection(text: str) -> tuple[Path, ...]:
    """Raises UnreadableError."""
    reader = _Reader(text)
    paths = [reader.path()]
    while reader.takes(","):
        paths.append(reader.path())
    reader.require_end()
    return tuple(paths)


def update(text: str) -> Update:
    """Raises UnreadableError."""
    reader = _Reader(text)
    sections: list[str] = []
    actions: list[Action] = []
    while not sections or reader.peek():
        section = reader.take().upper()
        if section not in _SECTIONS:
            raise UnreadableError(text)
        sections.append(section)
        actions.append(reader.action(section))
        while reader.takes(","):
            actions.append(reader.action(section))
    return Update(tuple(sections), tuple(actions))


def calls_in(operand: Operand) -> Iterator[Call]:
    """Each call in a tree, those in its operands first."""
    if isinstance(operand, Call):
        for each in operand.operands:
            yield from calls_in(each)
        yield operand


def leaves_in(operand: Operand) -> Iterator[Path | Value]:
    """Each path and value in a tree, from left to right."""
    if isinstance(operand, Call):
        for each in operand.operands:
            yield from leaves_in(each)
    else:
        yield operand


class _Reader:
    """Reads one expression from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._at = 0
        self._enclosed: Operand | None = None
        self.has_redundant_parentheses = False

    def peek(self, ahead: int = 0) -> str:
        """The next token; "" at the end."""
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self._at += 1
        return token

    def takes(self, *tokens: str) -> str:
        """The next token if it is one of these, in capital letters; else ""."""
        return self.take().upper() if self.peek().upper() in tokens else ""

    def require(self, token: str) -> None:
        if not self.takes(token):
            raise UnreadableError(self._text)

    def require_end(self) -> None:
        if self.peek():
            raise UnreadableError(self._text)

    def either(self) -> Operand:
        first = self._both()
        return Call("OR", (first, self.either())) if self.takes("OR") else first

    def _both(self) -> Operand:
        first = self._not()
        return Call("AND", (first, self._both())) if self.takes("AND") else first

    def _not(self) -> Operand:
        return Call("NOT", (self._not(),)) if self.takes("NOT") else self._comparison()

    def _comparison(self) -> Operand:
        first = self._operand()
        comparator = self.takes(*_COMPARATORS, "BETWEEN", "IN")
        if comparator == "BETWEEN":
            lower = self._operand()
            self.require("AND")
            return Call("BETWEEN", (first, lower, self._operand()))
        if comparator == "IN":
            return Call("IN", (first, *self._arguments()))
        return Call(comparator, (first, self._operand())) if comparator else first

    def _operand(self) -> Operand:
        """A path, value or function, or a whole condition in parentheses."""
        if not self.takes("("):
            return self._simple()
        inner = self.either()
        self.require(")")
        self.has_redundant_parentheses |= inner is self._enclosed
        self._enclosed = inner
        return inner

    def _simple(self) -> Operand:
        if self.peek().startswith(":"):
            return Value(self.take())
        if self.peek(1) == "(" and self.peek()[:1].isalpha():
            return Call(self.take(), self._arguments(), is_function=True)
        return self.path()

    def _arguments(self) -> tuple[Operand, ...]:
        self.require("(")
        arguments = [self._operand()]
        while self.takes(","):
            arguments.append(self._operand())
        self.require(")")
        return tuple(arguments)

    def path(self) -> Path:
        parts: list[str | int] = [self._name()]
        while self.peek() in (".", "["):
            if self.takes("."):
                parts.append(self._name())
                continue
            self.require("[")
            index = self.take()
            if not index.isdecimal():
                raise UnreadableError(self._text)
            parts.append(int(index))
            self.require("]")
        return Path(tuple(parts))

    def _name(self) -> str:
        token = self.take()
        if not (token[:1].isalpha() or token[:1] in ("_", "#")):
            raise UnreadableError(self._text)
        return token

    def action(self, section: str) -> Action:
        """An action of an update; a value of SET may be a sum or a difference."""
        path = self.path()
        if section == "REMOVE":
            return Action(section, path, None)
        if section != "SET":
            return Action(section, path, self._simple())
        self.require("=")
        value = self._sum()
        return Action(section, path, value)

    def _sum(self) -> Operand:
        first = self._term()
        sign = self.takes("+", "-")
        return Call(sign, (first, self._term())) if sign else first

    def _term(self) -> Operand:
        if not self.takes("("):
            return self._simple()
        inner = self._sum()
        self.require(")")
        return inner


def _tokens(text: str) -> list[str]:
    tokens, at, text = [], 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise UnreadableError(text)
        tokens.append(match[1])
        at = match.end()
    return tokens
