"""What all of its tests share."""

from collections.abc import Callable

import pytest
from story import Story


@pytest.fixture
def story() -> Callable[..., Story]:
    return Story
