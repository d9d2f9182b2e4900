"""The Chaos Toolkit takes the journals for its own: its checks, its keys, its report."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chaoslib.experiment import ensure_experiment_is_valid, run_experiment
from story import Story

from evidence.claims import judge, parse_claims
from evidence.evidence import Evidence, Interruption, Mark
from evidence.record.run_folder import RunFolder
from evidence.report.chaos_journal import FORM, chaos_journal, write_chaos_journal
from evidence.report.run_record import ScenarioRecord
from evidence.report.verdicts import scenario_result

BEFORE = {"claim": "all is well at first", "during": "before", "is": 0}
AFTER = {"claim": "none fails on the way", "is": 0}
RESTORED = {"claim": "none fails again", "during": "restored", "is": 0}
MUTATION = {"operation": "ec2:StopInstances", "resource": "i-a", "before": {}, "after": {}}
FAULT = Mark("fault", 10, "i-a", "stop it", "start it", (MUTATION,))
OWN_EXPERIMENT = {
    "title": "as the Chaos Toolkit runs it",
    "description": "a probe, an action, a rollback",
    "steady-state-hypothesis": {
        "title": "true is true",
        "probes": [
            {
                "type": "probe",
                "name": "true",
                "tolerance": 0,
                "provider": {"type": "process", "path": "true"},
            }
        ],
    },
    "method": [{"type": "action", "name": "true", "provider": {"type": "process", "path": "true"}}],
    "rollbacks": [
        {"type": "action", "name": "true", "provider": {"type": "process", "path": "true"}}
    ],
}


def played(evidence: Evidence, *claims: Mapping[str, Any], control: bool = False) -> ScenarioRecord:
    written = [{"measure": "count", "where": {"kind": "error"}, **claim} for claim in claims]
    verdicts = [judge(claim, evidence) for claim in parse_claims(written)]
    result = scenario_result(
        evidence, verdicts, hypothesis="It holds", objective=0.99, negative_control=control
    )
    return ScenarioRecord(result, evidence)


def rich(**given: Any) -> Evidence:
    tale = Story(settled=20, repair=24, restored=26).traffic(0, 30, ["i-a", "i-b"]).evidence()
    changed: Evidence = replace(tale, marks=(FAULT, *tale.marks), **given)
    return changed


def journal_of(evidence: Evidence, *claims: Mapping[str, Any], control: bool = False) -> Any:
    journal = chaos_journal(played(evidence, *claims, control=control), node="here")
    return json.loads(json.dumps(journal))


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH with something of the name that plays scenarios."""
    (tmp_path / "ansible-playbook").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("control", [True, False])
def test_the_toolkit_finds_the_experiment_valid(control: bool) -> None:
    journal = journal_of(rich(), BEFORE, AFTER, RESTORED, control=control)
    ensure_experiment_is_valid(journal["experiment"])
    assert journal["chaoslib-version"] == FORM


def test_the_journal_has_what_the_toolkits_own_have() -> None:
    theirs = run_experiment(OWN_EXPERIMENT)
    ours = journal_of(rich(), BEFORE, AFTER)
    assert set(theirs) == set(ours)
    assert set(theirs["steady_states"]) == set(ours["steady_states"])
    for part in ("before", "after"):
        [their_state], our_state = [theirs["steady_states"][part]], ours["steady_states"][part]
        assert set(their_state) == set(our_state)
        assert set(their_state["probes"][0]) == set(our_state["probes"][0])
    for part in ("run", "rollbacks"):
        assert set(theirs[part][0]) == set(ours[part][0])


def test_faults_and_their_repair_are_actions_with_what_they_changed() -> None:
    journal = journal_of(rich(), AFTER)
    fault, observed = journal["run"]
    assert (fault["activity"]["name"], fault["duration"]) == ("stop it", 10)
    assert fault["output"]["mutations"] == [MUTATION]
    assert observed["output"]["requests"] == 48
    [repair] = journal["rollbacks"]
    assert (repair["activity"]["name"], repair["duration"]) == ("start it", 2)
    assert repair["status"] == "succeeded"


def test_an_action_is_a_play_of_its_scenario() -> None:
    command = {"command": "ansible-playbook -i inventory/aws scenario.yml"}
    provider = journal_of(rich(settings=command), AFTER)["run"][0]["activity"]["provider"]
    assert provider["arguments"] == "-i inventory/aws scenario.yml --tags tale"
    provider = journal_of(rich(), AFTER)["run"][0]["activity"]["provider"]
    assert provider["arguments"] == ""


def test_a_fault_that_was_kept_has_no_rollback() -> None:
    journal = journal_of(replace(rich(), marks=(FAULT, Mark("settled", 20))), AFTER)
    assert journal["rollbacks"] == journal["experiment"]["rollbacks"] == []


def test_a_service_that_was_not_restored_is_a_rollback_that_failed() -> None:
    marks = (FAULT, Mark("settled", 20), Mark("repair", 24))
    [repair] = journal_of(replace(rich(), marks=marks), AFTER)["rollbacks"]
    assert (repair["status"], repair["duration"]) == ("failed", 6)


def test_claims_about_the_time_before_the_fault_are_the_state_before() -> None:
    states = journal_of(rich(), BEFORE, AFTER, RESTORED)["steady_states"]
    names = {
        part: [probe["activity"]["name"] for probe in states[part]["probes"]]
        for part in ("before", "after")
    }
    assert names == {
        "before": ["all is well at first"],
        "after": ["none fails on the way", "none fails again"],
    }
    [probe] = states["before"]["probes"]
    assert probe["start"] == "1970-01-01T00:00:00+00:00"
    assert probe["duration"] == 10
    assert probe["output"] == "0, 0 of 20: below 14% (95%)"


@pytest.mark.parametrize(
    ("given", "claim", "status", "deviated"),
    [
        ({}, AFTER, "completed", False),
        ({}, {**AFTER, "is": 1}, "completed", True),
        ({"missed": 3}, AFTER, "failed", False),
        ({"interruption": Interruption("stopped", "by me")}, AFTER, "interrupted", False),
        ({"interruption": Interruption("aborted", "it fails")}, AFTER, "aborted", False),
        ({"interruption": Interruption("died", "it is gone")}, AFTER, "failed", False),
    ],
)
def test_what_became_of_a_scenario(
    given: dict[str, Any], claim: dict[str, Any], status: str, deviated: bool
) -> None:
    journal = journal_of(rich(**given), claim)
    assert (journal["status"], journal["deviated"]) == (status, deviated)
    [probe] = journal["steady_states"]["after"]["probes"]
    assert probe["tolerance_met"] == (status == "completed" and not deviated)
    assert ("exception" in probe) == (status != "completed")


def test_each_scenario_has_a_file_of_its_own(tmp_path: Path) -> None:
    for control in (False, True):
        scenario = played(rich(), AFTER, control=control)
        write_chaos_journal(RunFolder(tmp_path), scenario.result, scenario.evidence)
    files = sorted(RunFolder(tmp_path).chaos_journals.iterdir())
    assert [file.name for file in files] == ["tale-control.json", "tale.json"]
    assert json.loads(files[0].read_text())["experiment"]["tags"] == ["negative control"]


def test_the_toolkits_report_shows_the_claims(tmp_path: Path) -> None:
    chaos = shutil.which("chaos")
    asked = chaos and subprocess.run([chaos, "report", "--help"], check=False, cwd=tmp_path)
    if chaos is None or asked.returncode:
        pytest.skip("no `chaos report` here (chaostoolkit, chaostoolkit-reporting, pandoc, cairo)")
    journals = []
    for control in (False, True):
        scenario = played(rich(), BEFORE, {**AFTER, "is": 1}, RESTORED, control=control)
        write_chaos_journal(RunFolder(tmp_path), scenario.result, scenario.evidence)
        journals.append(RunFolder(tmp_path).chaos_journals / f"{scenario.anchor}.json")
    written = tmp_path / "report.html"
    command = [chaos, "report", "--export-format=html5", *map(str, journals), str(written)]
    subprocess.run(command, check=True, cwd=tmp_path)
    shown = written.read_text()
    for text in ("It holds", "stop it", "none fails again", "negative control", "StopInstances"):
        assert text in shown
