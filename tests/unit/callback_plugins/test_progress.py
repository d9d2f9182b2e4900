"""What the terminal shows while an observation goes on."""

from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from evidence.record.journal import append_lines
from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import create_run


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (
            {"event": "awaiting", "claims": ["it is up", "it is quick"]},
            "       7 s  waiting until: it is up; it is quick",
        ),
        (
            {
                "event": "progress",
                "replies": {"real": 24, "error": 1},
                "targets": {"healthy": 2, "draining": 1},
            },
            "       7 s  96% real, 4% error; targets: 2 healthy, 1 draining",
        ),
        (
            {"event": "progress", "replies": {"error": 3}, "targets": {}},
            "       7 s  100% error; targets: none",
        ),
        ({"event": "progress", "replies": {}, "targets": {}}, None),
        ({"event": "mark", "mark": "fault"}, None),
    ],
)
def test_lines(plugin: ModuleType, entry: dict[str, Any], text: str | None) -> None:
    assert plugin.line(entry, 7.2) == text


def test_the_run_that_a_task_has_begun_is_shown_and_each_line_once(
    plugin: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shown = plugin.CallbackModule()
    for owner, claim in (("other", "theirs"), ("me", "ours")):
        folder = create_run(ProcessIdentity(1, owner), tmp_path)
        append_lines(folder.journal, [{"event": "awaiting", "claims": [claim]}])
        shown.show_news()
    shown.v2_runner_on_ok(SimpleNamespace(result={"changed": False}))
    shown.v2_runner_on_ok(SimpleNamespace(result={"run_folder": str(folder.path)}))
    shown.show_news()
    shown.show_news()
    assert capfd.readouterr().out == "       0 s  waiting until: ours\n"


def test_an_entry_that_is_half_written_is_shown_once_it_is_whole(
    plugin: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shown = plugin.CallbackModule()
    folder = create_run(ProcessIdentity(1, "me"), tmp_path)
    shown.v2_runner_on_ok(SimpleNamespace(result={"run_folder": str(folder.path)}))
    with folder.journal.open("a", buffering=1) as journal:
        journal.write('{"event": "awaiting", ')
        journal.flush()
        shown.show_news()
        journal.write('"claims": ["ours"]}\n')
    shown.show_news()
    assert capfd.readouterr().out == "       0 s  waiting until: ours\n"
