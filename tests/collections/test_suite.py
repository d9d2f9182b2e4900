"""The suite, with small targets of ours in place of the collections' own."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from collection_targets import TARGETS
from local_aws_command import eventually
from process_tree import all_processes_below
from terminal import Terminal

ROOT = Path(__file__).parents[2]
SUITE = str(Path(__file__).with_name("suite.py"))
PROBE = {"amazon.aws.iam_role_info": {"name": "no-such-role"}}


@pytest.fixture
def checkouts(tmp_path: Path) -> Path:
    return tmp_path / "checkouts"


def target(checkouts: Path, name: str, tasks: list[dict[str, Any]], **files: str) -> None:
    folder = checkouts / "amazon.aws" / TARGETS / name
    (folder / "tasks").mkdir(parents=True)
    (folder / "tasks/main.yml").write_text(yaml.safe_dump(tasks))
    for path, text in files.items():
        (folder / path).write_text(text)


def hang(marker: Path) -> dict[str, Any]:
    """A task that makes the marker, and then does not end."""
    return {"name": "Hang", "ansible.builtin.shell": f"touch {marker} && sleep 600"}


def suite(checkouts: Path, tmp_path: Path, *words: str) -> Terminal:
    kept = os.path.relpath(tmp_path / "kept", ROOT)  # relative to where the suite is started
    command = ("python", SUITE, str(checkouts), *words, "--keep", kept)
    return Terminal(*command, environment={})


def test_tasks_are_counted_and_a_failure_does_not_end_the_target(
    checkouts: Path, tmp_path: Path
) -> None:
    keys = {"access_key": "{{ aws_access_key }}", "secret_key": "{{ aws_secret_key }}"}
    defaults = {"group/aws": {**keys, "region": "{{ aws_region }}"}}
    tasks: list[dict[str, Any]] = [
        {"name": "Read", **PROBE},
        # A short name is that of the collection whose target it is.
        {"name": "Read by a short name", "iam_role_info": {"name": "none"}},
        {"name": "Fail", "amazon.aws.sts_assume_role": {"role_arn": "x", "role_session_name": "y"}},
        {"name": "Fail as expected", "ansible.builtin.fail": None, "ignore_errors": True},
        {"name": "Be skipped", "community.aws.acm_certificate_info": None, "when": "false"},
        {"name": "Say so", "ansible.builtin.fail": {"msg": "is not emulated by the local AWS"}},
        {"name": "Look at the prefix", "ansible.builtin.assert": {"that": "resource_prefix"}},
    ]
    block = [{"module_defaults": defaults, "block": tasks}]
    target(checkouts, "small", block)
    target(checkouts, "scripted", [], **{"runme.sh": "exit 1\n"})

    terminal = suite(checkouts, tmp_path, "small", "scripted")
    try:
        status = terminal.ended(120)
    finally:
        terminal.close()

    assert status == 1, terminal.shown
    table = (tmp_path / "kept/table.md").read_text()
    small, scripted = (line for line in table.splitlines() if line.startswith("| amazon.aws"))
    assert [cell.strip() for cell in small.split("|")[2:5]] == ["4", "6", "1"]
    assert "small : Fail: " in small
    assert "not run: it has its own script" in scripted
    assert "2 of 2: " in terminal.shown
    lines = (tmp_path / "kept/amazon.aws/small/tasks.jsonl").read_text().splitlines()
    assert [json.loads(line)["expected"] for line in lines] == [*[False] * 3, True, False, False]


def test_a_target_that_hangs_is_cut_off(checkouts: Path, tmp_path: Path) -> None:
    target(checkouts, "hangs", [hang(tmp_path / "hangs")])

    terminal = suite(checkouts, tmp_path, "hangs", "--limit", "5")
    try:
        assert terminal.ended(120) == 1
    finally:
        terminal.close()

    assert "cut off after 5 s" in (tmp_path / "kept/table.md").read_text()


def test_ctrl_c_ends_everything(checkouts: Path, tmp_path: Path) -> None:
    markers = [tmp_path / name for name in ("first", "second")]
    for marker in markers:
        target(checkouts, marker.name, [{"name": "Read", **PROBE}, hang(marker)])
    terminal = suite(checkouts, tmp_path, "first", "second")
    try:
        eventually(lambda: all(marker.exists() for marker in markers), 200)
        running = all_processes_below(terminal.process.pid)
        terminal.ctrl_c()
        assert terminal.ended(60) == 130
    finally:
        terminal.close()
    assert "everything that was started has ended" in terminal.shown
    assert len(running) >= 6  # each target's Ansible, its worker and the hanging command
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in running), 10)
    for marker in markers:
        assert not (tmp_path / f"kept/amazon.aws/{marker.name}/home/running.json").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [((), "name the folder with the checkouts"), (("{tmp}",), "holds neither amazon.aws/")],
)
def test_without_checkouts_one_line_says_what_to_do(
    words: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    given = [word.format(tmp=tmp_path) for word in words]
    terminal = Terminal("python", SUITE, *given, environment={})
    try:
        assert terminal.ended(60) == 1
    finally:
        terminal.close()
    [line] = terminal.shown.splitlines()
    assert line.startswith("collections-suite: ")
    assert message in line
