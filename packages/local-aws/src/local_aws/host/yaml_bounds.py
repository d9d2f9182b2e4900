"""How much a YAML text from outside may hold, checked before anything is built from it.

A kilobyte with aliases of aliases stands for any number of nodes, and a reader follows brackets by
recursion. libyaml reads events without either.
"""

from __future__ import annotations

import yaml

try:  # ten times as fast
    from yaml import CLoader as EventLoader
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML was built without libyaml
    from yaml import Loader as EventLoader  # type: ignore[assignment]
    from yaml import SafeLoader  # type: ignore[assignment]

__all__ = ["DEEPEST", "SafeLoader", "YamlAliasError", "YamlBoundsError", "require_bounded"]

DEEPEST = 100
"""Levels of nesting. It is ours: neither AWS nor cloud-init documents one."""

_MOST_NODES = 100_000


class YamlBoundsError(ValueError):
    """A text that would grow out of bounds; the message is one line."""


class YamlAliasError(YamlBoundsError):
    """A text with an alias where none is allowed."""


def require_bounded(text: str, *, aliases: bool) -> None:
    """Check the depth of a text, and how many nodes its aliases stand for.

    Raises YamlBoundsError; YamlAliasError when `aliases` says that there may be none. Raises
    yaml.YAMLError for what is not YAML.
    """
    measure = _Measure()
    for event in yaml.parse(text, Loader=EventLoader):
        if isinstance(event, yaml.AliasEvent) and not aliases:
            raise YamlAliasError("it has an alias")
        measure.add(event)


class _Measure:
    """Depth and size of what the events so far stand for."""

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}  # of each anchor, in nodes
        self._opened: list[tuple[str | None, int]] = []  # collections: anchor, nodes before it
        self._nodes = 0
        self._repeated = 0

    def add(self, event: yaml.Event) -> None:
        """Raises YamlBoundsError."""
        match event:
            case yaml.AliasEvent():
                self._repeat(str(event.anchor))
            case yaml.CollectionStartEvent():
                self._opened.append((event.anchor, self._nodes))
                self._nodes += 1
                if len(self._opened) > DEEPEST:
                    raise YamlBoundsError(f"it is nested more than {DEEPEST} levels deep")
            case yaml.CollectionEndEvent():
                anchor, before = self._opened.pop()
                if anchor:
                    self._sizes[anchor] = self._nodes - before
            case yaml.ScalarEvent():
                self._nodes += 1
                if event.anchor:
                    self._sizes[event.anchor] = 1

    def _repeat(self, anchor: str) -> None:
        if anchor not in self._sizes:
            raise YamlBoundsError(f"the alias *{anchor} stands for nothing, or for its own part")
        self._nodes += self._sizes[anchor]
        self._repeated += self._sizes[anchor]
        if self._repeated > _MOST_NODES:
            raise YamlBoundsError(f"its aliases stand for more than {_MOST_NODES:,} nodes")
