"""What the tests of the installed command share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from local_aws_command import LocalAws


@pytest.fixture
def local_aws(tmp_path: Path) -> Iterator[LocalAws]:
    """Not started; stopped after the test."""
    local_aws = LocalAws(tmp_path / "a home")
    yield local_aws
    local_aws.stop()
