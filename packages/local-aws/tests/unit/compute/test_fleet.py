"""Instances as real processes: first boot, reboot, and end."""

from __future__ import annotations

import json
import textwrap
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from fleet_driver import (
    ID,
    ONE,
    SERVER,
    UNIT,
    Console,
    MakeCompute,
    ask,
    boot,
    instance,
    user_data,
    wait_for,
)

from local_aws.compute import fleet, unit_process
from local_aws.compute.fleet import Compute
from local_aws.compute.unit_process import SHUTDOWN_GRACE_SECONDS
from local_aws.contract.desired_state import Instance
from local_aws.host import ports
from local_aws.host.processes import ProcessIdentity


def test_what_ec2_has_forgotten_is_removed_and_what_it_shows_stays(
    compute: Compute, state_directory: Path
) -> None:
    two = instance(2)
    boot(compute, ONE, two)
    folders = state_directory / "instances"
    (folders / "i-of-a-loaded-state").mkdir()
    known = frozenset({ID, two.instance_id})

    compute.forget_all_but(known)
    assert {entry.name for entry in folders.iterdir()} == known

    compute.reconcile([two])  # ONE is terminated, and shown for an hour
    compute.forget_all_but(known)
    assert (folders / ID / "console.log").exists()

    only_two = frozenset({two.instance_id})
    wait_for(lambda: compute.forget_all_but(only_two) or not (folders / ID).exists())
    assert {entry.name for entry in folders.iterdir()} == only_two
    assert compute.facts()[two.instance_id].alive
    assert ID not in compute.ports()


def test_only_a_terminated_instance_gives_its_ports_back(compute: Compute) -> None:
    two = instance(2)
    boot(compute, ONE, two)
    before = compute.ports()
    compute.reconcile([])  # ONE is terminated, the other one stopped
    living = frozenset({two.instance_id})
    wait_for(lambda: compute.give_back_ports(living) or ID not in compute.ports())
    assert compute.ports() == {two.instance_id: before[two.instance_id]}
    assert before[ID] not in ports._in_use
    boot(compute, two)
    assert compute.facts()[two.instance_id].port == before[two.instance_id]


def test_more_instances_are_launched_than_there_are_ports(
    compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three at a time, each with a port of its own and one of its metadata service."""
    there = [ports.free_port() for _ in range(6)]
    monkeypatch.setattr(ports, "_CANDIDATES", there)
    monkeypatch.setattr(ports, "_in_use", set())
    monkeypatch.setattr(ports, "_given_back", {})
    for number in range(1, 10, 3):
        launched = [instance(each) for each in range(number, number + 3)]
        boot(compute, *launched)
        assert all(fact.alive for fact in compute.facts().values())
        compute.reconcile([])
        wait_for(lambda: compute.give_back_ports(frozenset()) or not compute.ports())


def test_reconcile_does_not_wait(compute: Compute) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)"
    started = time.monotonic()
    compute.reconcile([instance(user_data=user_data(program=deaf))])
    compute.reconcile([])
    compute.reconcile([ONE])
    assert time.monotonic() - started < 0.5


def test_reboot_keeps_disk_and_port_and_starts_what_is_enabled(
    compute: Compute, console: Console
) -> None:
    boot(compute, ONE)
    first = wait_for(lambda: ask(compute))
    changed = replace(ONE, boots=2, user_data=user_data(program="raise SystemExit('not again')"))
    boot(compute, changed)
    second = wait_for(lambda: ask(compute))
    assert (first["boots"], second["boots"]) == (1, 2)
    assert first["environment"] == second["environment"]
    assert first["pid"] != second["pid"]
    assert console().count("kernel: boot") == 2


def test_alive_throughout_a_reboot(compute: Compute, console: Console) -> None:
    """A reboot must not look like a death to Auto Scaling, however long one unit takes to end."""
    slow = """
import signal, time
signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.3), exit()))
print("slow is ready", flush=True)
time.sleep(60)
"""
    oneshot = "[Service]\nType=oneshot\nExecStart=/usr/bin/python3 /opt/slow.py\n"
    config = {
        "write_files": [
            {"path": "/opt/web/server.py", "content": SERVER},
            {"path": "/opt/slow.py", "content": slow},
            {"path": "/etc/systemd/system/web.service", "content": UNIT},
            {"path": "/etc/systemd/system/slow.service", "content": oneshot},
        ],
        "runcmd": ["systemctl enable --now slow web"],
    }
    busy = instance(user_data=f"#cloud-config\n{json.dumps(config)}".encode())
    boot(compute, busy)
    wait_for(lambda: ask(compute) and "slow is ready" in console())
    compute.reconcile([replace(busy, boots=2)])
    seen = []
    wait_for(lambda: seen.append(compute.facts()[ID]) or seen[-1].boots == 2)
    assert any(fact.pid is None for fact in seen)
    assert all(fact.alive for fact in seen)


def test_terminated_instance_leaves_no_process_and_its_log_stays(
    compute: Compute, console: Console
) -> None:
    forks = textwrap.dedent("""
        import subprocess, sys, os, time
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        print("child", child.pid, flush=True)
        time.sleep(60)
    """)
    boot(compute, instance(user_data=user_data(program=forks)))
    child = wait_for(lambda: "child " in console() and console().split("child ")[1])
    child = ProcessIdentity.of(int(child.split()[0]))
    main = ProcessIdentity.of(compute.facts()[ID].pid)
    compute.reconcile([])
    assert compute.facts() == {}
    assert compute.addresses() == {}
    assert Path(compute.consoles()[ID]).read_text() == console()
    wait_for(lambda: not main.is_running() and not child.is_running())
    wait_for(lambda: "shut down" in console())


def test_terminated_instance_has_no_metadata_service(compute: Compute) -> None:
    boot(compute, ONE)
    seen = wait_for(lambda: ask(compute))
    port = int(seen["environment"]["AWS_EC2_METADATA_SERVICE_ENDPOINT"].rpartition(":")[2])
    assert not ports.is_free(port)
    compute.reconcile([])
    wait_for(lambda: ports.is_free(port))


def test_stopped_instance_starts_again_on_its_disk_and_port(compute: Compute) -> None:
    boot(compute, ONE)
    wait_for(lambda: ask(compute))
    port = compute.addresses()[ID]
    compute.reconcile([])
    boot(compute, replace(ONE, boots=2))
    assert compute.addresses()[ID] == port
    assert wait_for(lambda: ask(compute))["boots"] == 2


def test_changed_tags_reach_the_metadata_without_a_reboot(compute: Compute) -> None:
    boot(compute, ONE)
    seen = wait_for(lambda: ask(compute))
    endpoint = seen["environment"]["AWS_EC2_METADATA_SERVICE_ENDPOINT"]
    tagged = replace(ONE, tags={"Name": "web"}, metadata_tags_enabled=True)
    compute.reconcile([tagged])
    compute.reconcile([replace(tagged, tags={"Name": "other"})])
    request = urllib.request.Request(f"{endpoint}/latest/api/token", method="PUT")
    request.add_header("X-aws-ec2-metadata-token-ttl-seconds", "60")
    token = urllib.request.urlopen(request).read().decode()
    request = urllib.request.Request(f"{endpoint}/latest/meta-data/tags/instance/Name")
    request.add_header("X-aws-ec2-metadata-token", token)
    assert urllib.request.urlopen(request).read() == b"other"
    assert ask(compute)["pid"] == seen["pid"]


def test_all_instances_shut_down_at_the_same_time(
    compute: Compute, state_directory: Path, console: Console
) -> None:
    slow = (
        "import signal, time\nsignal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.5), exit()))\n"
    )
    slow += "print('ready', flush=True)\ntime.sleep(60)"
    instances = [instance(n, user_data=user_data(program=slow)) for n in range(1, 7)]
    boot(compute, *instances)
    for one in instances:
        wait_for(lambda i=one: "ready" in console(i.instance_id))
    started = time.monotonic()
    compute.shut_down()
    assert time.monotonic() - started < 2.5  # not six times half a second and more
    assert list((state_directory / "processes").iterdir()) == []


@pytest.mark.parametrize("meanwhile", [(), (ONE,)], ids=["while it shuts down", "while it runs"])
def test_power_off_does_not_wait_for_a_program(
    compute: Compute, state_directory: Path, console: Console, meanwhile: tuple[Instance, ...]
) -> None:
    deaf = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    deaf += "print('ready', flush=True)\ntime.sleep(60)"
    boot(compute, instance(user_data=user_data(program=deaf)))
    wait_for(lambda: "ready" in console())
    compute.reconcile(meanwhile)
    started = time.monotonic()
    compute.power_off()
    assert time.monotonic() - started < SHUTDOWN_GRACE_SECONDS / 2
    assert list((state_directory / "processes").iterdir()) == []


@pytest.mark.parametrize(("unit", "ended"), [("TimeoutStopSec=30\n", True), ("", False)])
def test_a_unit_has_the_time_to_end_that_it_sets(
    compute: Compute,
    console: Console,
    unit: str,
    ended: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unit_process, "SHUTDOWN_GRACE_SECONDS", 0.2)
    program = """
import signal, time
signal.signal(signal.SIGTERM, lambda *_: (time.sleep(1), print("drained", flush=True), exit()))
print("ready", flush=True)
time.sleep(60)
"""
    text = f"[Service]\nExecStart=/usr/bin/python3 /opt/web/server.py\n{unit}"
    boot(compute, instance(user_data=user_data(text, program)))
    wait_for(lambda: "ready" in console())
    compute.shut_down()
    assert ("drained" in console()) == ended


@pytest.mark.parametrize(
    "unit", ["Restart=always\nRestartSec=infinity\n", "TimeoutStopSec=9999y\n"]
)
def test_long_waits_do_not_hold_up_the_end(compute: Compute, unit: str, console: Console) -> None:
    program = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(0.2)"
    text = f"[Service]\nExecStart=/usr/bin/python3 /opt/web/server.py\n{unit}"
    compute.reconcile([instance(user_data=user_data(text, program))])
    wait_for(lambda: "ended with status 0" in console())
    started = time.monotonic()
    compute.shut_down()
    assert time.monotonic() - started < 5


def test_a_slow_machine_runs_before_its_programs_do(
    make_compute: MakeCompute, console: Console
) -> None:
    compute = make_compute(boot_seconds=0.5)
    begun = time.monotonic()
    compute.reconcile([ONE])
    fact = wait_for(lambda: compute.facts().get(ID))
    assert (fact.boots, fact.alive, fact.pid) == (1, True, None)
    wait_for(lambda: ask(compute))
    assert time.monotonic() - begun >= 0.5
    compute.reconcile([replace(ONE, boots=2)])
    wait_for(lambda: compute.facts()[ID].boots == 2)
    assert compute.facts()[ID].pid is None
    assert console().count("kernel: boot") == 1


def test_a_slow_machine_that_is_not_wanted_any_more_ends_at_once(
    make_compute: MakeCompute,
) -> None:
    compute = make_compute(boot_seconds=60)
    compute.reconcile([ONE])
    wait_for(lambda: compute.facts().get(ID))
    begun = time.monotonic()
    compute.shut_down()
    assert time.monotonic() - begun < 5


def test_instances_that_do_not_shut_down_in_time_are_named(
    compute: Compute, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their disks are not at rest: whoever copies them must know."""
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    deaf += "print('ready', flush=True)\ntime.sleep(60)"
    boot(compute, instance(user_data=user_data(program=deaf)))
    wait_for(lambda: "ready" in console())
    monkeypatch.setattr(fleet, "_SHUTDOWN_SECONDS", 0.2)
    with pytest.raises(TimeoutError, match=f"^{ID} did not shut down within 0.2 s$"):
        compute.shut_down()
