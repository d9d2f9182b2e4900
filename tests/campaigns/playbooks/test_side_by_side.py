"""Two local AWSs, one checkout: scenarios are played on both at once, and neither is disturbed."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from workplace import COMMAND_SECONDS, Workplace

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(900)]

SCENARIO = ("ansible-playbook", "scenario.yml", "--tags", "healthy,static-response")


def test_two_runs_in_one_checkout_both_pass(
    workplace: Workplace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Workplace(tmp_path_factory.mktemp("another work place"))
    for each in (workplace, other):
        each.run("local-aws", "stop")
    try:
        for each in (workplace, other):
            each.deploy()
        terminals = [each.type(*SCENARIO) for each in (workplace, other)]
        try:
            with ThreadPoolExecutor(2) as readers:  # a terminal that nobody reads stands still
                ends = list(readers.map(lambda each: each.ended(2 * COMMAND_SECONDS), terminals))
        finally:
            for terminal in terminals:
                terminal.close()
    finally:
        other.run("local-aws", "stop")

    assert ends == [0, 0], "\n".join(terminal.shown for terminal in terminals)
    folders = set()
    for terminal in terminals:
        shown = re.sub(r"\s+", " ", terminal.shown)
        [folder] = re.findall(r"Report: (\S+)/report\.html", shown)
        run = json.loads((Path(folder) / "run.json").read_text())
        assert run["owner"]["pid"] == terminal.process.pid
        verdicts = json.loads((Path(folder) / "verdicts.json").read_text())
        assert [each["passed"] for each in verdicts["scenarios"]] == [True, True]
        folders.add(folder)
    assert len(folders) == 2
