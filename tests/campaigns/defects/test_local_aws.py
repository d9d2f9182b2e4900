"""The local AWS with one defect at a time, each started and deployed to again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from campaign import Figures
from checkout import OwnCheckout
from defect_bench import DefectBench, skip_if_too_busy
from defects import Defect, Finding

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(600)]


def test_its_scenario_refutes_the_defect(
    local_aws_defect: Defect,
    checkout: OwnCheckout,
    tmp_path: Path,
    tabulate: Callable[[str, str, Finding], None],
    figures: Figures,
) -> None:
    defect = local_aws_defect
    with checkout.having(defect), DefectBench(checkout, tmp_path / "home") as bench:
        bench.deploy(defect)
        finding = bench.examine(defect)
    tabulate(defect.name, defect.scenario, finding)
    figures.count(finding.outcome)
    skip_if_too_busy(finding)
    assert finding.outcome == "refuted"
