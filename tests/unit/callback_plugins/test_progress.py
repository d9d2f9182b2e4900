"""What the terminal shows while an observation goes on."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from evidence.journal import append_lines
from evidence.run_folder import create_run
from local_aws.processes import ProcessIdentity

PLUGIN = Path(__file__).parents[3] / "callback_plugins/progress.py"


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("progress", PLUGIN)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "RUNS_DIRECTORY", tmp_path)
    return module


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


def test_only_this_playbooks_run_is_shown_and_each_line_once(
    plugin: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    me = ProcessIdentity.of(os.getpid())
    assert me is not None
    shown = plugin.CallbackModule()
    for owner, claim in ((ProcessIdentity(1, "other"), "theirs"), (me, "ours")):
        journal = create_run(owner, tmp_path).journal
        append_lines(journal, [{"event": "awaiting", "claims": [claim]}])
        shown.show_news()
        shown.show_news()
    assert capfd.readouterr().out == "       0 s  waiting until: ours\n"
