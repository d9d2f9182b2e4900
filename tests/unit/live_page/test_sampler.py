"""One sampler looks, goes on whatever it finds, and ends when there is nothing left to look at."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from watched_service import INSTANCES, LiveService, RecordedRun

from live_page import sampler
from live_page.commands import Commands
from live_page.configuration import PageConfig
from live_page.facts import Facts
from live_page.sampler import Sampler
from live_page.server import plans

SECONDS = 20
Look = Callable[..., "Looking"]


class Looking:
    """A sampler, with the states that it has published."""

    def __init__(self, config: PageConfig) -> None:
        self._changed = threading.Condition()
        self._states: list[dict[str, Any]] = []
        self.ended = threading.Event()
        self.sampler = Sampler(config, plans(config), Commands(config, []), self._publish)
        self.sampler.start(self.ended.set)

    def _publish(self, state: str) -> None:
        with self._changed:
            self._states.append(json.loads(state))
            self._changed.notify_all()

    def until(self, holds: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """The first state from now on of which this holds."""
        with self._changed:
            del self._states[:-1]
            found = self._changed.wait_for(
                lambda: next((each for each in self._states if holds(each)), None), SECONDS
            )
        assert found, self._states[-1:]
        return found


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> LiveService:
    service = LiveService()
    monkeypatch.setattr(sampler, "Api", service.api)
    monkeypatch.setattr(sampler.samplers, "samplers", service.samplers)
    return service


@pytest.fixture
def look(config: PageConfig, tmp_path: Path) -> Iterator[Look]:
    looking = []

    def begin(**changes: Any) -> Looking:
        looking.append(Looking(replace(config, runs_directory=str(tmp_path), **changes)))
        return looking[-1]

    yield begin
    for each in looking:
        each.sampler.stop()


def states(state: dict[str, Any]) -> list[str]:
    return [each["state"] for zone in state["zones"] for each in zone["instances"]]


def test_between_runs_it_samples_itself_and_beside_an_observer_it_reads(
    service: LiveService, look: Look, tmp_path: Path
) -> None:
    looking = look()
    looking.until(lambda state: states(state) == ["healthy"] * 3)
    run = RecordedRun(tmp_path, "healthy")
    run.samples(service)
    looking.until(lambda state: state["scenario"] and state["scenario"]["is_going_on"])
    asked = service.sampled
    service.states = dict.fromkeys(INSTANCES, ("unhealthy", "Target.Timeout", None))
    run.samples(service)
    state = looking.until(lambda state: states(state) == ["unhealthy"] * 3)
    assert state["health"]["is_fail_open"]
    assert state["commands"]["is_playing"]
    assert service.sampled - asked <= 1  # one that had begun before the observer was there


def test_a_line_that_nobody_can_read_does_not_end_it(
    service: LiveService, look: Look, tmp_path: Path
) -> None:
    run = RecordedRun(tmp_path, "healthy")
    with run.folder.samples.open("a") as file:
        file.write('{"sample": "of another version"}\n')
    run.samples(service)
    looking = look()
    looking.until(lambda state: states(state) == ["healthy"] * 3)


def test_a_request_that_nobody_can_read_is_left_out_of_how_the_claims_stand(
    service: LiveService, look: Look, tmp_path: Path
) -> None:
    def stand(state: dict[str, Any], kind: str) -> list[str]:
        run.goes_on(service, kind)
        return [each["state"] for each in state["scenario"]["claims"]] if state["scenario"] else []

    run = RecordedRun(tmp_path, "healthy")
    run.mark("steady")
    run.mark("settled")
    run.replies(1)
    looking = look()
    looking.until(lambda state: "held so far" in stand(state, "real"))
    with run.folder.requests.open("a") as file:
        file.write('{"scenario": "healthy"}\n')
    looking.until(lambda state: "refuted so far" in stand(state, "error"))


@pytest.mark.parametrize("backend", ["local", "aws"])
def test_it_ends_when_the_stack_is_deleted(
    service: LiveService, look: Look, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    monkeypatch.setattr(sampler, "ABANDONED_SECONDS", 0.5)
    looking = look(backend=backend)
    looking.until(lambda state: state["stack"]["status"] == "CREATE_COMPLETE")
    assert not looking.ended.is_set()
    service.facts = Facts(0.0)
    assert looking.ended.wait(SECONDS)


def test_two_things_that_cannot_be_read_are_logged_once_each(
    config: PageConfig, caplog: pytest.LogCaptureFixture
) -> None:
    looking = Sampler(config, {}, Commands(config, []), print)
    for _ in range(3):
        for what in ("the record", "AWS"):
            with looking._going_on(what):
                raise ValueError(f"{what} is of another version")
    assert [record.getMessage() for record in caplog.records] == [
        "the record could not be read",
        "AWS could not be read",
    ]
