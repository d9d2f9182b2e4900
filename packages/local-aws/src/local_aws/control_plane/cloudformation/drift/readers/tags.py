"""Tags that users gave: AWS's own are in no template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def given(tags: Iterable[Mapping[str, Any]], *more: str) -> list[dict[str, Any]]:
    """As the Tags property has them, with these members besides Key and Value."""
    return [
        {name: tag.get(name) for name in ("Key", "Value", *more)}
        for tag in tags
        if not tag["Key"].startswith("aws:")
    ]
