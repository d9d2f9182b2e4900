"""A button starts the playbook that a person would type, one at a time."""

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from live_page.commands import Commands, RefusedError, words
from live_page.configuration import PageConfig
from live_page.priority import step_back

SCENARIOS = ["fail-open", "healthy"]
UNTIL_ENDED = (
    "import sys, time, pathlib\n"
    "print(*sys.argv[1:], chr(27) + '[31m', flush=True)\n"
    "while not pathlib.Path('end').exists(): time.sleep(0.02)\n"
    "sys.exit(3)\n"
)


@pytest.fixture
def commands(config: PageConfig, tmp_path: Path) -> Commands:
    """Its playbooks show their arguments, and go on until there is a file `end`."""
    command = (sys.executable, "-c", UNTIL_ENDED)
    return Commands(
        replace(config, checkout=str(tmp_path), runs_directory=str(tmp_path), command=command),
        SCENARIOS,
    )


def ended(commands: Commands, tmp_path: Path) -> None:
    (tmp_path / "end").touch()
    deadline = time.monotonic() + 30
    while commands.shown(is_busy=False)["running"] and time.monotonic() < deadline:
        time.sleep(0.02)


def test_what_each_button_types() -> None:
    assert words("fail-open", SCENARIOS) == ["scenario.yml", "--tags", "fail-open"]
    assert words("restore", SCENARIOS) == ["recover.yml"]
    assert words("stop", SCENARIOS) == ["stop.yml"]
    for wrong in ("", "unknown", "fail-open,healthy", "--version", "../deploy"):
        assert words(wrong, SCENARIOS) is None


def test_one_at_a_time_and_what_it_shows(commands: Commands, tmp_path: Path) -> None:
    commands.start("fail-open", is_busy=False)
    try:
        shown = commands.shown(is_busy=False)
        assert (shown["running"], shown["is_playing"], shown["can_stop"]) == (
            ["fail-open"],
            True,
            True,
        )
        with pytest.raises(RefusedError, match="at work"):
            commands.start("healthy", is_busy=False)
        commands.start("stop", is_busy=False)
        with pytest.raises(RefusedError, match="being stopped already"):
            commands.start("stop", is_busy=False)
    finally:
        ended(commands, tmp_path)
    assert commands.shown(is_busy=False)["last"]["status"] == 3
    output = commands.output()
    assert output.startswith("$ ansible-playbook scenario.yml --tags fail-open\n")
    assert "\nscenario.yml --tags fail-open \\x1b[31m\n" in output
    assert "$ ansible-playbook stop.yml\n" in output
    assert (tmp_path / "live-page-demo.txt").stat().st_mode & 0o777 == 0o600


def test_nothing_is_started_beside_a_run_of_somebody_else(commands: Commands) -> None:
    with pytest.raises(RefusedError, match="at work"):
        commands.start("restore", is_busy=True)
    assert commands.shown(is_busy=True)["can_stop"]


def test_nothing_is_stopped_when_nothing_is_played(commands: Commands) -> None:
    with pytest.raises(RefusedError, match="No scenario is being played"):
        commands.start("stop", is_busy=False)
    with pytest.raises(LookupError):
        commands.start("unknown", is_busy=False)


def test_a_playbook_has_its_own_priority_whoever_starts_it(
    config: PageConfig, tmp_path: Path
) -> None:
    command = (sys.executable, "-c", "import os; print('nice', os.nice(0))")
    commands = Commands(replace(config, runs_directory=str(tmp_path), command=command), SCENARIOS)

    def start() -> int:
        step_back()
        commands.start("healthy", is_busy=False)
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    with ThreadPoolExecutor(1) as viewer:
        lowered = viewer.submit(start).result()
    ended(commands, tmp_path)
    assert f"nice {os.nice(0)}\n" in commands.output()
    assert lowered >= os.nice(0)
