"""A scenario on a terminal is told by its phases, while it is played and in the end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from terminal import ROOT
from terminal_screen import TerminalScreen
from workplace import COMMAND_SECONDS, Workplace

from evidence.record.run_folder import run_of

STORY = {"ANSIBLE_STDOUT_CALLBACK": "story", "TERM": "xterm-256color"}
PHASES = ("given", "steady state", "fault", "effect", "restored", "held", r"held \d of \d")


@pytest.mark.usefixtures("deployed")
def test_a_scenario_is_told_while_it_is_played_and_all_results_are_kept(home: Path) -> None:
    terminal = Workplace(home, STORY).type(
        # Whatever else runs here, it is told of a service that holds; and the effect is watched
        # until the latest 100 replies, which the bar shows, are all of it. It may be there before
        # anyone waits for it, so what is sure to be awaited is that watching.
        *("ansible-playbook", "scenario.yml", "--tags", "static-response"),
        *("-e", '{"observation_latency": [], "observation_effect_seconds": 4}'),
    )
    try:
        terminal.until("waiting until: 200 more replies", COMMAND_SECONDS)
        assert terminal.ended(COMMAND_SECONDS) == 0, terminal.shown
    finally:
        terminal.close()
    screen = TerminalScreen(terminal.shown)
    assert "waiting until" not in screen.text
    assert screen.widest <= 80
    _, _, told = screen.text.partition("static-response  ")
    assert told.split()[0] == "When"
    found = [re.search(rf"^     {phase}  ", told, re.MULTILINE) for phase in PHASES]
    places = [match and match.start() for match in found]
    assert None not in places, screen.text
    assert places == sorted(places)
    assert "▓" * 20 + " 100% static, 3 healthy" in told

    run = run_of(terminal.identity, ROOT / "runs")
    assert run is not None
    log = (run.path / "ansible.log").read_text()
    assert "TASK [observation : Wait for the effect]" in log
    assert "every reply is static" in log
