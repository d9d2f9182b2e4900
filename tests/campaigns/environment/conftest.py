"""A deployed service, for those who come with another environment than who deployed it."""

from __future__ import annotations

from pathlib import Path

import pytest
from workplace import Workplace


@pytest.fixture
def deployed(deployed_workplace: Workplace) -> Path:
    """The state folder of its local AWS."""
    return deployed_workplace.home
