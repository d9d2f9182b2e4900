"""What is said of a task that failed: its error in full, and the last facts before. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from narration.row import Row
from narration.task import Task

_OUTPUT = ("cmd", "rc", "stdout", "stderr", "module_stdout", "module_stderr", "reason", "error")
"""What a module returns beside its message when it failed."""
_HIDDEN = ("changed", "failed", "invocation", "exception", "warnings", "deprecations", "diff")


def rows_of(task: Task, result: Mapping[str, Any], host: str = "") -> list[Row]:
    """The message, whatever else the module says, and the task it is of.

    `host` is named when there are several.
    """
    whose = f"[{host}] " if host else ""
    first, *others = _message(result).split("\n")
    rows = [Row(f"fatal: {whose}{first}", tone="bad"), *(Row(f"  {line}") for line in others)]
    for each in result.get("results") or [result]:
        if isinstance(each, Mapping) and (each.get("failed") or each is result):
            rows += _output(each, of_item=each is not result)
    return [*rows, Row(f"  task: {task.name}", tone="quiet")]


def before(seen: str, mark: str, seconds: float | None) -> list[Row]:
    """The last facts: what was seen at the end, and what had been marked how long before."""
    rows = [Row(f"last seen: {seen}", detail=True)] if seen else []
    if mark and seconds is not None:
        rows.append(Row(f"last mark: {mark}, {seconds:.1f} s before", detail=True))
    return rows


def message(result: Mapping[str, Any]) -> str:
    """The error in one text; of a loop, what its failed items say, each once."""
    items = result.get("results") or ()
    failed = [each for each in items if isinstance(each, Mapping) and each.get("failed")]
    return "; ".join(dict.fromkeys(map(_message, failed))) or _message(result)


def _message(result: Mapping[str, Any]) -> str:
    message = result.get("msg") or result.get("censored") or result.get("output")
    if message:
        return message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
    shown = {name: value for name, value in result.items() if name not in _HIDDEN}
    return json.dumps(shown, ensure_ascii=False, default=str) if shown else "it gave no reason"


def _output(result: Mapping[str, Any], *, of_item: bool) -> list[Row]:
    found: list[tuple[str, Any]] = [(name, result.get(name)) for name in _OUTPUT]
    if of_item:
        found = [("item", result.get("item")), ("msg", result.get("msg")), *found]
    return [
        Row(f"  {name}: {line}" if number == 0 else f"    {line}")
        for name, value in found
        if value not in (None, "", [])
        for number, line in enumerate(_lines(value))
    ]


def _lines(value: Any) -> Sequence[str]:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text.rstrip("\n").split("\n")
