"""Wire the control plane to something else for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from local_aws.control_plane import wiring


@contextmanager
def wired(**changes: Any) -> Iterator[None]:
    """Change members of Wiring; afterwards all is as it was."""
    before = wiring.current()
    wiring.connect(replace(before, **changes))
    try:
        yield
    finally:
        wiring.connect(before)
