"""What an instance of the service does when it boots again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

BOOT_SECONDS = 60


@pytest.mark.usefixtures("deployed")
def test_it_serves_again_and_signals_nobody(aws, home: Path):
    """Nobody waits for a signal then, and without credentials the attempt would take minutes."""
    ec2 = aws("ec2")
    running = {"Name": "instance-state-name", "Values": ["running"]}
    reservations = ec2.describe_instances(Filters=[running])["Reservations"]
    instance = reservations[0]["Instances"][0]["InstanceId"]
    console = home / "instances" / instance / "console.log"
    served = console.read_text().count('"event": "serving"')

    ec2.reboot_instances(InstanceIds=[instance])

    deadline = time.monotonic() + BOOT_SECONDS
    while (text := console.read_text()).count('"event": "serving"') == served:
        assert time.monotonic() < deadline, text
        time.sleep(0.1)
    assert text.count("recommendation-server.service: started with pid") == served + 1
    assert text.count("recommendation-server-signal.service: started with pid") == 1
