"""Whatever arrives, the server neither crashes nor hangs, nor answers 500, and goes on serving."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from http_fuzz import Outcome, Requests, fuzz
from server_process import Server, ask

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(1800)]


def assert_held(outcome: Outcome) -> None:
    assert not outcome.bad, (outcome.statuses, outcome.bad[:5])


def test_directly(server: Server, seed: int, full: bool) -> None:
    def canary() -> None:
        assert ask(server.port, "/").status == 200

    requests = Requests(seed).take(15_000 if full else 2_000)
    outcome = asyncio.run(fuzz(server.port, requests, canary))
    assert_held(outcome)
    assert server.process.poll() is None
    assert not [line for line in server.log() if "traceback" in line]
    assert server.rss_mib() < 90


def test_through_the_load_balancer(service: Any, seed: int, full: bool) -> None:
    def canary() -> None:
        assert ask(service.port, "/").status == 200

    requests = Requests(seed + 1).take(50_000 if full else 2_000)
    outcome = asyncio.run(fuzz(service.port, requests, canary))
    assert_held(outcome)
    assert service.states() == {"healthy"}
    for server in service.servers:
        assert server.process.poll() is None
        assert not [line for line in server.log() if "traceback" in line]
