"""CAMPAIGN=full goes through all moments; otherwise one is enough."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from campaign import FULL
from workplace import Workplace


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`case` is each of a module's CASES in turn, the first one alone in the short form."""
    if "case" in metafunc.fixturenames:
        cases = metafunc.module.CASES
        metafunc.parametrize("case", cases if FULL else cases[:1], ids=str)


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """Each test finds what the one before has left: a service that works, or nothing."""
    workplace = Workplace(tmp_path_factory.mktemp("a work place"))
    yield workplace
    workplace.run("local-aws", "stop")
