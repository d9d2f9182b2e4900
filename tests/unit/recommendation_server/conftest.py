"""Real servers next to a real (if obliging) stub, shared by the tests of one module."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from server_process import Server, Stub, aws_stub

Serve = Callable[..., Server]


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with aws_stub() as running:
        yield running


@pytest.fixture(scope="module")
def serve(stub: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Gives a server with these settings; equal settings give the same server.

    Each has SSM parameters of its own, so no test waits for a server to notice a change. They read
    an item for each request, so that a change of the stub shows at once.
    """
    servers: dict[tuple[str, ...], Server] = {}
    parameters: dict[str, str] = {}
    with contextlib.ExitStack() as running:

        def serve(
            table: str = "recommendations", failure: str = "none", health: str = "shallow"
        ) -> Server:
            settings = (table, failure, health)
            if settings not in servers:
                names = [f"{len(servers)}-{name}" for name in ("table", "failure", "health")]
                parameters.update(zip(names, settings, strict=True))
                stub.behave(parameters=parameters)
                environment = stub.environment() | {
                    "RECOMMENDATION_TABLE_PARAMETER": names[0],
                    "RECOMMENDATION_FAILURE_RESPONSE_PARAMETER": names[1],
                    "RECOMMENDATION_HEALTH_CHECK_PARAMETER": names[2],
                    "RECOMMENDATION_RELEASE": "1.2.3",
                    "RECOMMENDATION_ITEM_CACHE_SECONDS": "0",
                }
                server = Server(tmp_path_factory.mktemp("server"), environment)
                servers[settings] = running.enter_context(server)
            return servers[settings]

        yield serve


@pytest.fixture
def server(serve: Serve) -> Server:
    return serve()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path
