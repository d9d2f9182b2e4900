"""A deployed service, for those who come with another environment than who deployed it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from workplace import Workplace


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The state folder of a local AWS that serves."""
    workplace = Workplace(tmp_path_factory.mktemp("a work place") / "home")
    workplace.deploy()
    yield workplace.home
    workplace.run("local-aws", "stop")
