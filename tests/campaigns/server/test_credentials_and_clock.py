"""Credentials that rotate or expire, and a wall clock that jumps, while the server serves."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from server_process import FILES, Server, Stub, wait_until

pytestmark = pytest.mark.campaign

SHIFTED_CLOCK = Path(__file__).parents[2] / "support" / "shifted_clock"
DAY_SECONDS = 86_400


@pytest.fixture(autouse=True)
def as_it_was(stub: Stub) -> None:
    stub.behave(
        imds="ok",
        access_key_id="ASIAFIRST",
        accepted_access_key_ids=["ASIAFIRST"],
        dynamodb="ok",
    )


def uncached(stub: Stub) -> dict[str, str]:
    return stub.environment() | {"RECOMMENDATION_ITEM_CACHE_SECONDS": "0"}


def shifted(stub: Stub, offset: Path) -> dict[str, str]:
    """An environment whose wall clock is off by the seconds in the file `offset`."""
    offset.write_text("0")
    return uncached(stub) | {
        "PYTHONPATH": f"{FILES}:{SHIFTED_CLOCK}",
        "CLOCK_OFFSET_FILE": str(offset),
    }


def test_rotated_credentials_are_followed_without_a_failed_request(
    stub: Stub, tmp_path: Path
) -> None:
    offset = tmp_path / "offset"
    statuses: list[int] = []
    done = threading.Event()
    with Server(tmp_path, shifted(stub, offset)) as server:

        def user() -> None:
            while not done.is_set():
                statuses.append(server.get("/").status)

        thread = threading.Thread(target=user)
        thread.start()
        stub.behave(access_key_id="ASIASECOND", accepted_access_key_ids=["ASIAFIRST", "ASIASECOND"])
        offset.write_text(str(21_600 - 600))  # ten minutes before the first ones expire
        before = stub.calls()["GetParameters"]
        wait_until(lambda: stub.calls()["GetParameters"] >= before + 2)
        stub.behave(accepted_access_key_ids=["ASIASECOND"])
        count = len(statuses)
        wait_until(lambda: len(statuses) > count + 200)
        done.set()
        thread.join(10)
    assert set(statuses) == {200}


def test_expired_credentials_are_a_refusal_until_there_are_new_ones(
    stub: Stub, tmp_path: Path
) -> None:
    with Server(tmp_path, uncached(stub)) as server:
        assert server.get("/").status == 200
        stub.behave(imds="5xx", accepted_access_key_ids=["ASIASECOND"])
        assert server.get("/").json["error"].endswith(": ExpiredTokenException")
        assert server.get("/healthcheck?depth=shallow").status == 200
        assert server.get("/healthcheck?depth=deep").status == 503
        assert server.get("/status").json["breaker"] == "closed"
        stub.behave(imds="ok", access_key_id="ASIASECOND")
        assert wait_until(lambda: server.get("/").status == 200) < 2.5


@pytest.mark.parametrize("jump_seconds", [DAY_SECONDS, -DAY_SECONDS])
def test_the_clock_jumps(stub: Stub, tmp_path: Path, jump_seconds: int) -> None:
    offset = tmp_path / "offset"
    with Server(tmp_path, shifted(stub, offset)) as server:
        assert server.get("/").status == 200
        offset.write_text(str(jump_seconds))
        before = stub.calls()["GetParameters"]
        took = wait_until(lambda: stub.calls()["GetParameters"] >= before + 3)
        assert took > 1.5, "a jump must not make it ask more often"
        assert {server.get("/").status for _ in range(50)} == {200}
        status = server.get("/status").json
        assert 0 <= status["settings_age_seconds"] < 2.5
        assert status["settings_error"] is None
        stub.behave(dynamodb="reset")
        wait_until(
            lambda: server.get("/status").json["breaker"] == "open" or server.get("/") is None
        )
        stub.behave(dynamodb="ok")
        assert wait_until(lambda: server.get("/").status == 200) < 2.5
