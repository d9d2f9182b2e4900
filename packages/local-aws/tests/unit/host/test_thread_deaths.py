"""A thread that dies in a daemon is named in its log, and the daemon ends in order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from local_aws.state import mark

PROGRAM = """
import sys, threading
from local_aws import daemon, daemon_process
from local_aws.daemon_settings import DaemonSettings
from local_aws.state.state_directory import StateDirectory

serve = daemon.Daemon.serve
doomed = threading.Event()

def serving(self, with_process):
    threading.Thread(target=lambda: doomed.wait() and 1 / 0, name="doomed").start()
    threading.Timer(0.5, doomed.set).start()
    serve(self, with_process)

daemon.Daemon.serve = serving
lock = StateDirectory.default().own()
settings = DaemonSettings(port=0, region="us-east-1").to_json()
sys.argv[1:] = ["--settings", settings, "--lock-descriptor", str(lock)]
daemon_process.main()
"""


def test_the_daemon_names_a_thread_that_dies_and_ends(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "LOCAL_AWS_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "serving at http://127.0.0.1" in ended.stderr
    assert "the thread doomed died: the local AWS ends" in ended.stderr
    assert "ZeroDivisionError" in ended.stderr
    assert {entry.name for entry in home.iterdir()} <= {"daemon.log", "lock", mark.NAME}
