"""As many requests are seen as README.md says that each "no request failed" is said of."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import ROOT, Terminal
from workplace import COMMAND_SECONDS

from evidence.record.run_folder import RunFolder
from evidence.report.verdicts import read_results

PROMISED = 3_000
FAILED = {"measure": "count", "where": {"kind": "error"}, "during": ["all"]}


@pytest.mark.parametrize("scenario", ["deep-health-checks", "replace-instance"])
@pytest.mark.usefixtures("deployed")
def test_that_no_request_failed_is_said_of_3000(scenario: str, home: Path) -> None:
    assert f"said of {PROMISED:,} requests or more" in (ROOT / "README.md").read_text()

    terminal = Terminal(
        *("ansible-playbook", "scenario.yml", "--tags", scenario),
        environment={"LOCAL_AWS_HOME": str(home)},
    )
    try:
        assert terminal.ended(COMMAND_SECONDS) == 0, terminal.shown
    finally:
        terminal.close()

    [result] = read_results(RunFolder((ROOT / "runs/latest").resolve()).verdicts)
    seen = [
        claim["proportion"]["of"]
        for claim in result["claims"]
        if claim["definition"].items() >= FAILED.items()
    ]
    assert seen, "nothing is claimed of all requests"
    assert min(seen) >= PROMISED
