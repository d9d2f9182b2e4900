"""One failed reply of two hundred: a scenario catches it in 99 of 100 runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from campaign import Figures
from checkout import OwnCheckout
from defect_bench import DefectBench, skip_if_too_busy
from defects import chance_of_a_failure, read_defects
from terminal import ROOT

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(1800)]

SHARE = 0.005


def test_it_is_caught_as_often_as_computed(tmp_path: Path, figures: Figures, full: bool) -> None:
    """Computed from the requests that a run saw; measured in as many runs as there is time for."""
    defects = read_defects(ROOT / "tests/campaigns/defects/server.toml")
    [defect] = [each for each in defects if each.share == SHARE]
    checkout = OwnCheckout(tmp_path / "checkout")
    with checkout.having(defect), DefectBench(checkout, tmp_path / "home") as bench:
        bench.deploy(defect)
        played = [bench.examine(defect) for _ in range(20 if full else 1)]
    findings = [finding for finding in played if not finding.machine_was_too_busy]
    if not findings:
        skip_if_too_busy(played[-1])
    fewest = min(finding.requests for finding in findings)
    chance = chance_of_a_failure(SHARE, fewest)
    caught = [finding.outcome for finding in findings].count("refuted")
    figures.add(
        runs=len(findings),
        unjudged=len(played) - len(findings),
        caught=caught,
        fewest_requests=fewest,
        chance_computed=chance,
    )
    assert chance >= 0.99
    assert caught == len(findings)
