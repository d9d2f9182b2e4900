"""One copy of the checkout for all defects; what became of each is printed as a table at the end.

`CAMPAIGN=full` examines both lists, otherwise the first two defects of the server and the first one
of the local AWS.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from campaign import FULL
from checkout import OwnCheckout
from defects import Finding, read_defects

_HERE = Path(__file__).parent
OF_SERVER = read_defects(_HERE / "server.toml")[: None if FULL else 2]
OF_LOCAL_AWS = read_defects(_HERE / "local_aws.toml")[: None if FULL else 1]
SCENARIOS = sorted({defect.scenario for defect in (*OF_SERVER, *OF_LOCAL_AWS)})
_CASES = {
    "scenario": SCENARIOS,
    "server_defect": OF_SERVER,
    "local_aws_defect": OF_LOCAL_AWS,
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name in _CASES.keys() & set(metafunc.fixturenames):
        metafunc.parametrize(name, _CASES[name], ids=str)


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> OwnCheckout:
    return OwnCheckout(tmp_path_factory.mktemp("defects") / "checkout")


@pytest.fixture
def tabulate(
    record_property: Callable[[str, object], None],
) -> Callable[[str, str, Finding], None]:
    """Takes the defect's name, its scenario and what that found, for the table at the end."""

    def tabulated(name: str, scenario: str, finding: Finding) -> None:
        record_property("row", (name, scenario, finding))

    return tabulated


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    played = [
        (*dict(report.user_properties)["row"], report.duration)
        for report in (
            *terminalreporter.getreports("passed"),
            *terminalreporter.getreports("failed"),
        )
        if report.when == "call" and "row" in dict(report.user_properties)
    ]
    if not played:
        return
    terminalreporter.section("defects, each with the scenario that must refute it")
    for name, scenario, finding, seconds in played:
        terminalreporter.write_line(f"{finding.outcome:9}{seconds:5.0f} s  {scenario:20}{name}")
        for claim in finding.claims:
            terminalreporter.write_line(f"{'':18}{claim}")
