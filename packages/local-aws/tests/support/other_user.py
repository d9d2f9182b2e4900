"""Programs that run as another user of this machine: nobody."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

NOBODY = 65_534

needs_root = pytest.mark.skipif(
    os.getuid() != 0 or sys.platform != "linux",
    reason="only root on Linux can start a program as another user whom the kernel reports",
)

# This Python may be in a folder that nobody else can read: what is needed is imported before.
_BECOME_NOBODY = f"""
import encodings.idna, http.client, os, socket, sys, urllib.error, urllib.parse, urllib.request
os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})
"""


def run_as_nobody(code: str, *arguments: str) -> str:
    """What a Python program prints."""
    return subprocess.run(
        [sys.executable, "-I", "-c", _BECOME_NOBODY + code, *arguments],
        env={},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
