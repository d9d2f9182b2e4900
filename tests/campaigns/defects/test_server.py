"""The server with one defect at a time, deployed as an update; first without one, to compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from campaign import Figures
from checkout import OwnCheckout
from defect_bench import FEW_REQUESTS, DefectBench, skip_if_too_busy
from defects import Defect, Finding

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def bench(checkout: OwnCheckout, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DefectBench]:
    with DefectBench(checkout, tmp_path_factory.mktemp("a bench") / "home") as bench:
        bench.deploy()
        yield bench


def test_without_a_defect_each_scenario_passes(
    scenario: str, bench: DefectBench, tabulate: Callable[[str, str, Finding], None]
) -> None:
    finding = bench.play(scenario, *FEW_REQUESTS)
    tabulate("none", scenario, finding)
    skip_if_too_busy(finding)
    assert finding.outcome == "survived"


def test_its_scenario_refutes_the_defect(
    server_defect: Defect,
    bench: DefectBench,
    checkout: OwnCheckout,
    tabulate: Callable[[str, str, Finding], None],
    figures: Figures,
) -> None:
    with checkout.having(server_defect):
        bench.deploy(server_defect)
        finding = bench.examine(server_defect)
    tabulate(server_defect.name, server_defect.scenario, finding)
    figures.count(finding.outcome)
    skip_if_too_busy(finding)
    assert finding.outcome == "refuted"
