"""CAMPAIGN=full runs the long form; CAMPAIGN_SEED=n repeats a run whose seed was printed."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest
from server_process import Server, Stub, aws_stub

FULL = os.environ.get("CAMPAIGN") == "full"


@pytest.fixture(scope="session")
def full() -> bool:
    return FULL


@pytest.fixture(scope="session")
def seed() -> int:
    number = int(os.environ.get("CAMPAIGN_SEED", random.randrange(1 << 32)))
    print(f"CAMPAIGN_SEED={number}")  # noqa: T201 - pytest shows it with a failure
    return number


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with aws_stub() as running:
        yield running


@pytest.fixture(scope="module")
def server(stub: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    environment = stub.environment() | {"RECOMMENDATION_ITEM_CACHE_SECONDS": "0"}
    with Server(tmp_path_factory.mktemp("server"), environment) as running:
        yield running
