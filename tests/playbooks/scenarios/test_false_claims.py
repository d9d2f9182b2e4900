"""A scenario that is not as claimed ends the run, with report and records of what was seen."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

RUNS = Path(__file__).parents[3] / "runs"
FALSE = {"claim": "four targets are healthy", "measure": "healthy_targets", "is": 4}


# The others are about the restored service, and, where the steady state came, about latency.
@pytest.mark.parametrize(
    ("stage", "held"), [("observation_steady", "3 of 4"), ("observation_claims", "6 of 7")]
)
@pytest.mark.usefixtures("deployed")
def test_what_is_not_so_is_on_record_and_in_the_report(stage, held, playbook):
    variables = {stage: [FALSE], "observation_timeout_seconds": 2}
    run = playbook("scenario.yml", "--tags", "healthy", "-e", json.dumps(variables))
    assert run.status != 0
    assert "healthy_targets (all) is 4" in run.output
    assert "Traceback" not in run.output

    folder = (RUNS / "latest").resolve()
    assert "healthy is not as claimed: four targets are healthy (seen: 3 in" in run.output
    assert f"What was seen: {folder}/report.html" in run.output
    assert f"{held} claims held" in (folder / "report.html").read_text()
    suite = ElementTree.parse(folder / "junit.xml").getroot()  # noqa: S314 - ours
    assert suite.attrib["failures"] == "1"
    failure = suite.find("testsuite/testcase[@name='four targets are healthy']/failure")
    assert failure is not None
    assert "seen: 3 in" in failure.attrib["message"]


@pytest.mark.usefixtures("deployed")
def test_an_effect_that_does_not_come_refutes_what_is_claimed_after_it(playbook):
    variables = {
        "observation_settled": [FALSE],
        "observation_claims": [{**FALSE, "during": "after"}],
        "observation_timeout_seconds": 5,
    }
    run = playbook("scenario.yml", "--tags", "healthy", "-e", json.dumps(variables))
    assert run.status != 0
    assert "healthy is not as claimed: four targets are healthy (seen: 3 in" in run.output
