"""What a playbook shows: on a terminal, without colours, in a file, and as Ansible itself does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play import Play
from terminal import ROOT, Terminal
from terminal_screen import TerminalScreen

PATIENCE_SECONDS = 120
LONG = "a very long message, " * 40 + "日本語, and \x1b[31man escape"
SLOW = "Wait for something slow"
STORY = {
    "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
    "ANSIBLE_STDOUT_CALLBACK": "story",
    "TERM": "xterm-256color",
}
TASKS: list[dict[str, Any]] = [
    {"name": SLOW, "command": "sleep 1.5"},
    {"name": "Say it", "debug": {"msg": LONG}},
    {"name": "Not needed", "command": "true", "when": False},
    {
        "block": [{"name": "Try", "fail": {"msg": "not yet"}}],
        "rescue": [{"name": "Comfort", "debug": {"msg": "it is well"}}],
    },
    {"name": "Break", "command": "sh -c 'echo out; echo wrong >&2; exit 3'"},
]


@pytest.fixture
def playbook(tmp_path: Path) -> Path:
    path = tmp_path / "play.yml"
    nothing = {"name": "Nothing", "hosts": "localhost", "tags": ["never"], "tasks": TASKS[:1]}
    plays = [nothing, {"name": "A play", "hosts": "localhost", "tasks": TASKS}]
    path.write_text(json.dumps([{**play, "gather_facts": False} for play in plays]))
    return path


def on_terminal(playbook: Path, columns: int, *options: str, **environment: str) -> str:
    terminal = Terminal(
        *("ansible-playbook", *options, str(playbook)),
        environment={**STORY, "COLUMNS": str(columns), **environment},  # xdist sets it
        columns=columns,
    )
    try:
        assert terminal.ended(PATIENCE_SECONDS) == 2
        return terminal.shown
    finally:
        terminal.close()


def in_file(playbook: Path, *options: str, **environment: str) -> str:
    done = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), *options, playbook],
        env={**os.environ, **STORY, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 2, done.stdout
    return done.stdout


def assert_is_told(lines: list[str]) -> None:
    """Each thing once, in order, and nothing of the play that was not chosen."""
    text = " ".join(" ".join(lines).split())
    assert "Callback dispatch" not in text
    for said in ("A play", SLOW, "Say it", "it is well", "Break", "not yet", "Nothing"):
        expected = 0 if said in ("Say it", "not yet", "Nothing") else 1
        assert text.count(said) == expected, (said, text)
    for said in ("fatal: non-zero return code", "rc: 3", "stdout: out", "stderr: wrong"):
        assert [line.strip() for line in lines].count(said) == 1, (said, text)
    assert "an escape" in text
    assert "failed=1 skipped=1 rescued=1" in text


def test_on_a_terminal_lines_are_drawn_again_and_nothing_is_left_of_them(playbook: Path) -> None:
    shown = on_terminal(playbook, 80, ANSIBLE_NOCOLOR="0")
    screen = TerminalScreen(shown)
    assert_is_told(screen.lines)
    assert screen.widest <= 80
    assert screen.unknown == set()
    assert shown.count(SLOW) > 3
    assert "\x1b[1;31m" in shown
    assert "\x1b[31man escape" not in shown


def shown_after_ctrl_c(playbook: Path, *before: dict[str, Any]) -> str:
    wait = {"name": SLOW, "command": "sleep 600"}
    plays = [*before, {"name": "A play", "hosts": "localhost", "tasks": [wait]}]
    playbook.write_text(json.dumps([{**play, "gather_facts": False} for play in plays]))
    terminal = Terminal(*("ansible-playbook", str(playbook)), environment=STORY, columns=80)
    try:
        for _ in range(3):  # it is being played, not only forked
            terminal.until(SLOW, PATIENCE_SECONDS)
        terminal.ctrl_c()
        assert terminal.ended(PATIENCE_SECONDS) != 0
    finally:
        terminal.close()
    return TerminalScreen(terminal.shown).text


def test_ctrl_c_leaves_nothing_of_what_was_drawn(playbook: Path) -> None:
    shown = shown_after_ctrl_c(playbook)
    assert SLOW not in shown
    assert "User interrupted execution" in shown
    assert "Traceback" not in shown
    assert "was interrupted." not in shown


@pytest.mark.parametrize(
    ("purpose", "last"),
    [
        ("deploy", "deploy.yml was interrupted. Finish it with: ansible-playbook {playbook}"),
        ("scenario", "The scenario was interrupted. Restore the service with: ansible-playbook"),
        ("status", None),
    ],
)
def test_ctrl_c_after_the_preflight_of_what_changes_something_says_how_to_go_on(
    purpose: str, last: str | None, playbook: Path
) -> None:
    preflight = {"hosts": "localhost", "vars": {"preflight_playbook": purpose}, "tasks": []}
    shown = "".join(shown_after_ctrl_c(playbook, preflight).split())
    if last is None:
        assert "wasinterrupted." not in shown
    else:
        assert "".join(last.format(playbook=playbook).split()) in shown


@pytest.mark.parametrize("columns", [80, 50])
def test_without_colours_it_is_the_same(playbook: Path, columns: int) -> None:
    shown = on_terminal(playbook, columns, ANSIBLE_NOCOLOR="", NO_COLOR="1")
    screen = TerminalScreen(shown)
    assert_is_told(screen.lines)
    assert screen.widest <= columns, screen.text
    assert "m" not in {part[-1:] for part in shown.split("\x1b[")[1:] if part[:1].isdigit()} - {
        "K",
        "A",
    }


def test_on_a_terminal_that_can_draw_nothing_again_and_in_a_file_each_line_is_written_once(
    playbook: Path,
) -> None:
    for shown in (in_file(playbook), on_terminal(playbook, 80, TERM="dumb")):
        assert "\x1b" not in shown
        assert shown.count(SLOW) == 1
        assert_is_told(shown.splitlines())
    assert len([line for line in in_file(playbook).splitlines() if "long message" in line]) == 1


@pytest.mark.parametrize(
    ("options", "environment"),
    [(["-v"], {}), ([], {"ANSIBLE_STDOUT_CALLBACK": "default"})],
    ids=["verbose", "default"],
)
def test_ansibles_own_output_is_to_be_had(
    playbook: Path, options: list[str], environment: dict[str, str]
) -> None:
    shown = in_file(playbook, *options, **environment)
    assert f"TASK [{SLOW}]" in shown
    assert "PLAY [Nothing]" in shown
    assert "PLAY RECAP" in shown
    assert "fatal: [localhost]: FAILED!" in shown
    assert "Callback dispatch" not in shown


def test_a_failure_is_rescued_by_the_block_around_it_not_by_the_one_it_is_the_rescue_of(
    plugin: ModuleType,
) -> None:
    inner = {"block": [{"debug": {}, "name": "a"}], "rescue": [{"debug": {}, "name": "b"}]}
    outer = {"block": [inner], "rescue": [{"debug": {}, "name": "c"}]}
    alone = {"block": [{"debug": {}, "name": "d"}], "always": [{"debug": {}, "name": "e"}]}
    source = {"hosts": "all", "tasks": [outer, alone, {"debug": {}, "name": "f"}]}
    play = Play.load(source, loader=DataLoader())

    def tasks(blocks: list[Any]) -> Any:
        for each in blocks:
            inside = [getattr(each, part, []) for part in ("block", "rescue", "always")]
            yield from tasks([task for part in inside for task in part] if any(inside) else [])
            if not any(inside):
                yield each

    found = {task.name: plugin.is_rescued(task) for task in tasks(play.tasks)}
    assert found == {"a": True, "b": True, "c": False, "d": False, "e": False, "f": False}
