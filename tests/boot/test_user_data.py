"""The rendered user data, run by the real cloud-init and systemd on a machine of its own.

Around it is a local AWS: what it asks, signs and may do, and whether its target is healthy, is so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from local_aws_command import eventually, get
from project_yaml import ROOT
from real_boot import RealBoot

pytestmark = pytest.mark.timeout(300)

Prepare = Callable[..., RealBoot]
BOOT_SECONDS = 120.0
SERVER = "/etc/systemd/system/recommendation-server.service"
SIGNAL = "/etc/systemd/system/recommendation-server-signal.service"
STATIC_ITEM = json.loads((ROOT / "files/recommendation_server/static_item.json").read_text())


def first_signal(boot: RealBoot) -> str:
    eventually(lambda: boot.signals, BOOT_SECONDS)
    return boot.signals[0]


def reply(boot: RealBoot) -> str:
    """What the load balancer answers: "real", "static" or a status that is none of both."""
    status, body = get(boot.url)
    if status != 200:
        return str(status)
    return "static" if json.loads(body)["Title"] == STATIC_ITEM["Title"] else "real"


def test_a_first_boot_serves_and_says_so(prepare: Prepare) -> None:
    boot = prepare()
    boot.machine.boot()
    assert first_signal(boot) == "SUCCESS"
    eventually(lambda: boot.stack["StackStatus"] == "CREATE_COMPLETE")
    eventually(lambda: reply(boot) == "real")
    assert boot.machine.run("cloud-init", "status", "--wait").strip() == "status: done"
    assert boot.machine.run("cloud-init", "schema", "--system").startswith("Valid cloud-config")
    assert boot.machine.run("systemctl", "--failed", "--quiet") == ""
    assert boot.machine.run("systemd-analyze", "verify", SERVER, SIGNAL) == ""
    exposure = boot.machine.run("systemd-analyze", "security", "recommendation-server.service")
    assert float(re.findall(r"Overall exposure level .*: ([\d.]+)", exposure)[0]) <= 2.5


def test_a_reboot_fetches_nothing_and_signals_nothing(prepare: Prepare) -> None:
    boot = prepare()
    boot.machine.boot()
    assert first_signal(boot) == "SUCCESS"
    boot.machine.power_off()
    before = len(boot.surroundings.calls)
    boot.machine.boot()
    eventually(lambda: reply(boot) == "real", BOOT_SECONDS)
    boot.machine.run("cloud-init", "status", "--wait")
    asked = {call.action for call in boot.surroundings.calls[before:]}
    assert asked == {"GetParameters", "GetItem"}


def test_without_its_role_a_reboot_serves_the_static_reply(prepare: Prepare) -> None:
    boot = prepare()
    boot.machine.boot()
    assert first_signal(boot) == "SUCCESS"
    eventually(lambda: reply(boot) == "real")
    boot.take_role()
    boot.machine.power_off()
    before = len(boot.surroundings.calls)
    boot.machine.boot()
    eventually(lambda: reply(boot) == "static", BOOT_SECONDS)
    assert boot.surroundings.calls[before:] == []


def test_an_archive_that_is_missing_is_a_failure_that_is_told(prepare: Prepare) -> None:
    boot = prepare(stored=None)
    boot.machine.boot()
    assert first_signal(boot) == "FAILURE"
    assert "first boot failed: download: An error occurred (NoSuchKey)" in boot.machine.console


def test_an_archive_with_another_digest_never_runs(prepare: Prepare) -> None:
    boot = prepare(stored=b"another program")
    boot.machine.boot()
    assert first_signal(boot) == "FAILURE"
    assert "first boot failed: digest: what was fetched has SHA-256 " in boot.machine.console
    assert reply(boot) == "502"


def test_a_port_that_another_program_has_is_a_failure_that_is_told(prepare: Prepare) -> None:
    boot = prepare()
    boot.occupy_port()
    boot.machine.boot()
    assert first_signal(boot) == "FAILURE"
    said = "first boot failed: unit: the server does not answer at port 80: "
    assert said in boot.machine.console
