from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs

from server_process import FILES, Server, Stub

PROGRAM = (sys.executable, "-m", "recommendation_server")


def test_signals_success_once_the_server_is_healthy(stub: Stub, server: Server, home: Path) -> None:
    done = subprocess.run(
        (*PROGRAM, "signal", "--stack", "demo", "--resource", "Group"),
        env={
            "PYTHONPATH": str(FILES),
            "HOME": str(home),
            "PORT": str(server.port),
            **stub.environment(),
        },
        check=True,
        timeout=30,
        capture_output=True,
    )
    (call,) = [parse_qs(call) for call in stub.calls() if call.startswith("Action=")]
    assert {name: value for name, (value,) in call.items() if name != "Version"} == {
        "Action": "SignalResource",
        "StackName": "demo",
        "LogicalResourceId": "Group",
        "UniqueId": "i-0123456789abcdef0",
        "Status": "SUCCESS",
    }
    assert b'"status": "SUCCESS"' in done.stdout
