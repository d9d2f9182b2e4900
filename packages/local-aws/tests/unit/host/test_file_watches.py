"""Whether inotify instances are left. A user's limit is everybody's, so a process's own is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from local_aws.host import file_watches

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a limit")

_WITH_FEW_DESCRIPTORS = """
import resource
from local_aws.host import file_watches
resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
print(file_watches.shortage(40))
print(file_watches.shortage(1))
"""


def test_a_few_more_are_free_and_stay_free() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert file_watches.shortage(2) is None
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_cannot_be_had_is_said_with_what_to_do() -> None:
    said = subprocess.run(
        [sys.executable, "-c", _WITH_FEW_DESCRIPTORS], capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert said[0].startswith("Envoy needs 40 inotify instances more")
    assert said[0].endswith("allow more (sysctl fs.inotify.max_user_instances)")
    assert said[1] == "None"
