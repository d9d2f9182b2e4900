"""A secret that shows is found, wherever it is."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from canaries import Canaries, settled

SLEEP = "input()"


@pytest.fixture
def canaries(tmp_path: Path) -> Canaries:
    return Canaries(tmp_path / "home")


def test_in_what_is_printed_and_written(canaries: Canaries, tmp_path: Path) -> None:
    secret = canaries.plant("a secret")
    assert canaries.in_text(f"the key is {secret}.") == ["a secret"]
    assert canaries.in_text("the key is ***") == []
    log = tmp_path / "run" / "journal.jsonl"
    log.parent.mkdir()
    log.write_text(f'{{"key": "{secret}"}}\n')
    assert canaries.in_files(tmp_path / "run") == [f"{log}: a secret"]


@pytest.mark.parametrize("part", ["cmdline", "environ"])
def test_in_the_process_list(canaries: Canaries, part: str) -> None:
    secret = canaries.plant("a secret")
    words = [secret] if part == "cmdline" else []
    environment = {"KEY": secret} if part == "environ" else {}
    with subprocess.Popen(
        [sys.executable, "-c", SLEEP, *words],
        env=os.environ | environment,
        stdin=subprocess.PIPE,
    ) as process:
        (found,) = canaries.in_process_list()
        process.terminate()
    assert found.startswith(f"{part} of ")
    assert found.endswith(": a secret")
    assert canaries.in_process_list() == []


def test_a_process_is_judged_when_it_has_become_another_program(tmp_path: Path) -> None:
    """In the middle of exec its command line is empty, and its environment the new one."""
    process = tmp_path / "1"
    process.mkdir()
    (process / "environ").write_bytes(b"KEY=secret\0")
    (process / "cmdline").write_bytes(b"")
    becoming = threading.Timer(
        0.02, (process / "cmdline").write_bytes, [b"python\0ansible-playbook\0"]
    )
    becoming.start()

    words, shown = settled(process)

    becoming.join()
    assert words == ["python", "ansible-playbook"]
    assert shown["environ"] == b"KEY=secret\0"
