"""A test is played again only when the processors were stolen from it, and only once."""

from __future__ import annotations

import pytest

CONFTEST = """
import importlib.util
from evidence.observe.machine import ProcessorTime

ProcessorTime.stolen_share_since = lambda self, earlier: {stolen}
specification = importlib.util.spec_from_file_location("shared", {conftest!r})
shared = importlib.util.module_from_spec(specification)
specification.loader.exec_module(shared)
pytest_runtest_protocol = shared.pytest_runtest_protocol
"""
TESTS = """
import pytest
calls = []

@pytest.fixture
def made():
    return []

def test_fails_once(made):
    made.append(1)
    calls.append(1)
    assert len(made) == 1
    assert len(calls) == 2

def test_fails_always():
    assert False
"""

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(("stolen", "passed", "failed", "again"), [(0.2, 1, 1, 2), (0.01, 0, 2, 0)])
def test_what_fails_is_played_again_only_when_the_processors_were_stolen(
    stolen: float, passed: int, failed: int, again: int, request: pytest.FixtureRequest
) -> None:
    pytester: pytest.Pytester = request.getfixturevalue("pytester")
    shared = request.config.rootpath / "tests" / "conftest.py"
    pytester.makeconftest(CONFTEST.format(stolen=stolen, conftest=str(shared)))
    pytester.makepyfile(TESTS)

    result = pytester.runpytest("-p", "no:cacheprovider", "-p", "no:xdist")

    result.assert_outcomes(passed=passed, failed=failed, warnings=again)
