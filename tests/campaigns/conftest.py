"""Fixtures of every campaign; `CAMPAIGN=full` runs the long form, `CAMPAIGN_SEED=n` repeats one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import campaign
import pytest
from campaign import FULL, SEED, Figures
from workplace import Workplace

_REPORTED: list[str] = []


@pytest.fixture(scope="session")
def full() -> bool:
    return FULL


@pytest.fixture(scope="session")
def seed() -> int:
    return SEED


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Chances of a test's own, so that one test repeats alone as it was among others."""
    return random.Random(f"{SEED} {request.node.nodeid}")  # noqa: S311 - to be repeatable


@pytest.fixture(scope="module")
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    """What the tests of a file measure together; a campaign that fails keeps its figures too."""
    module = request.path
    figures = Figures(f"{module.parent.name}-{module.stem.removeprefix('test_').replace('_', '-')}")
    yield figures
    if figures.measured:
        figures.write()
        _REPORTED.append(str(figures))


@pytest.fixture(scope="session")
def shared_workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """For campaigns that leave the service as they found it, or gone; nothing runs there yet."""
    workplace = Workplace(tmp_path_factory.mktemp("a work place") / "home")
    yield workplace
    workplace.run("local-aws", "stop")


@pytest.fixture
def deployed_workplace(shared_workplace: Workplace) -> Workplace:
    if not shared_workplace.is_deployed:
        shared_workplace.deploy()
    return shared_workplace


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist gives its figures to the process that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = _REPORTED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _REPORTED.extend(getattr(node, "workeroutput", {}).get("figures", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _REPORTED:
        return
    terminalreporter.section(f"campaigns, CAMPAIGN_SEED={SEED}")
    for figures in _REPORTED:
        terminalreporter.write_line(figures)
    terminalreporter.write_line(f"kept in {campaign.FOLDER}")
