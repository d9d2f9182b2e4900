"""The watchdog ends its process whatever the main thread is busy with."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from evidence.record.processes import ProcessIdentity

GRACE_SECONDS = 0.3
BUSY = """
import json, sys
from evidence.observe.watchdog import Watchdog
from evidence.record.processes import ProcessIdentity
watchdog = Watchdog(ProcessIdentity(**json.loads(sys.argv[1])), float(sys.argv[2]))
watchdog.start()
watchdog.on_end(lambda: print("asked to end", flush=True))
print("busy", flush=True)
while True:
    pass
"""


@pytest.fixture
def owner() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.fixture
def busy(owner: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[str]]:
    identity = ProcessIdentity.of(owner.pid)
    assert identity is not None
    about = json.dumps({"pid": identity.pid, "started_at": identity.started_at})
    with subprocess.Popen(
        [sys.executable, "-c", BUSY, about, str(GRACE_SECONDS)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "busy\n"
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(busy: subprocess.Popen[str], number: signal.Signals) -> None:
    os.kill(busy.pid, number)
    assert busy.wait(10) == os.EX_TEMPFAIL
    assert busy.stdout is not None
    assert busy.stdout.read() == "asked to end\n"


def test_its_owners_end_ends_it(
    busy: subprocess.Popen[str], owner: subprocess.Popen[bytes]
) -> None:
    assert busy.poll() is None
    owner.kill()
    owner.wait()
    assert busy.wait(10) == os.EX_TEMPFAIL
