"""A scenario that is not as claimed ends the run, with report and records of what was seen."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

RUNS = Path(__file__).parents[2] / "runs"
FALSE = {"claim": "four targets are healthy", "measure": "healthy_targets", "is": 4}


@pytest.mark.parametrize("stage", ["observation_steady", "observation_claims"])
@pytest.mark.usefixtures("deployed")
def test_what_is_not_so_is_on_record_and_in_the_report(stage, playbook):
    variables = {stage: [FALSE], "observation_timeout_seconds": 2}
    run = playbook("scenario.yml", "--tags", "healthy", "-e", json.dumps(variables))
    assert run.status != 0
    assert "healthy_targets (all) is 4" in run.output
    assert "Traceback" not in run.output

    folder = (RUNS / "latest").resolve()
    assert "healthy is not as claimed: four targets are healthy (seen: 3 in" in run.output
    assert f"What was seen: {folder}/report.html" in run.output
    assert "0 of 1 claims held" in (folder / "report.html").read_text()
    suite = ElementTree.parse(folder / "junit.xml").getroot()  # noqa: S314 - ours
    assert suite.attrib["failures"] == "1"
    failure = suite.find("testsuite/testcase[@name='four targets are healthy']/failure")
    assert failure is not None
    assert "seen: 3 in" in failure.attrib["message"]
