"""A real server next to a real (if obliging) stub, shared by the tests of one module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from server_process import Server, Stub, aws_stub


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with aws_stub() as running:
        yield running


@pytest.fixture(scope="module")
def server(stub: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Reads an item for each request, so that a change of the stub shows at once."""
    environment = stub.environment() | {
        "RECOMMENDATION_RELEASE": "1.2.3",
        "RECOMMENDATION_ITEM_CACHE_SECONDS": "0",
    }
    with Server(tmp_path_factory.mktemp("server"), environment) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path
