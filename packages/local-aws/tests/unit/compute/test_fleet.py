"""Instances as real processes: first boot, reboot, restart, end, and what they get to know."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local_aws.compute.disk import Disk
from local_aws.compute.fleet import Compute
from local_aws.compute.unit_process import SHUTDOWN_GRACE_SECONDS
from local_aws.contract.desired_state import Instance
from local_aws.host import ports
from local_aws.host.process_table import ProcessTable
from local_aws.host.processes import ProcessIdentity
from local_aws.metadata.service import MetadataService

Console = Callable[..., str]

SERVER = """
import http.server, json, os, pathlib, sys

state = pathlib.Path(os.environ["STATE_DIRECTORY"]) / "boots"
state.write_text(str(int(state.read_text() if state.exists() else 0) + 1))

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        facts = {"environment": dict(os.environ), "boots": int(state.read_text()),
                 "arguments": sys.argv[1:], "directory": os.getcwd(), "pid": os.getpid()}
        body = json.dumps(facts).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.path == "/exit":
            self.wfile.flush()
            os._exit(3)

address = os.environ["LISTEN_ADDRESS"], int(os.environ["PORT"])
http.server.HTTPServer(address, Handler).serve_forever()
"""
UNIT = """
[Service]
ExecStart=/opt/web/bin/python /opt/web/server.py /opt/web/server.py
StateDirectory=web
WorkingDirectory=/opt/web
Environment=PORT=80 GREETING=hello
Restart=always
RestartSec=100ms
"""


def user_data(
    unit: str = UNIT, program: str = SERVER, runcmd: str = "systemctl enable --now web"
) -> bytes:
    files = {"/opt/web/server.py": program, "/etc/systemd/system/web.service": unit}
    entries = [{"path": path, "content": content} for path, content in files.items()]
    return ("#cloud-config\n" + json.dumps({"write_files": entries, "runcmd": [runcmd]})).encode()


def instance(number: int = 1, **changes: Any) -> Instance:
    values = {
        "instance_id": f"i-{number:017x}",
        "region": "eu-west-1",
        "availability_zone": "eu-west-1a",
        "private_ip": f"172.31.0.{number}",
        "image_id": "ami-1",
        "instance_type": "t3.micro",
        "user_data": user_data(),
        "boots": 1,
    }
    return Instance(**(values | changes))


ONE = instance()
ID = ONE.instance_id


@pytest.fixture
def state_directory(tmp_path: Path) -> Path:
    return tmp_path / "local aws"


@pytest.fixture
def console(state_directory: Path) -> Console:
    """The console log of an instance as it is now."""
    folder = state_directory / "instances"

    def read(instance_id: str = ID) -> str:
        path = folder / instance_id / "console.log"
        return path.read_text() if path.exists() else ""

    return read


@pytest.fixture
def compute(state_directory: Path) -> Iterator[Compute]:
    metadata = MetadataService(lambda _: None)
    image = [sys.executable, "-c", SERVER, "the image's"]
    compute = Compute(state_directory, "http://127.0.0.1:4566", metadata, image)
    yield compute
    compute.power_off()
    metadata.stop()


def wait_for(condition: Callable[[], Any], seconds: float = 10) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.01)
    raise AssertionError(f"not true within {seconds} s")


def ask(compute: Compute, instance_id: str = ID, path: str = "/") -> dict[str, Any] | None:
    host, port = compute.addresses()[instance_id]
    try:
        with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return None


def boot(compute: Compute, *instances: Instance) -> None:
    compute.reconcile(instances)
    for one in instances:
        wait_for(lambda i=one: (f := compute.facts().get(i.instance_id)) and f.boots == i.boots)


def test_code_of_the_user_data_runs_and_knows_only_its_own(
    compute: Compute, state_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "the user's own")
    monkeypatch.setenv("AWS_PROFILE", "the user's own")
    boot(compute, ONE)
    seen = wait_for(lambda: ask(compute))
    root = state_directory / "instances" / ID / "root"
    endpoint = seen["environment"].pop("AWS_EC2_METADATA_SERVICE_ENDPOINT")
    assert endpoint.startswith("http://127.0.0.1:")
    assert seen["environment"] == {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(root / "root"),
        "TMPDIR": str(root / "tmp"),
        "PORT": str(compute.addresses()[ID][1]),
        "LISTEN_ADDRESS": "127.0.0.1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "GREETING": "hello",
        "STATE_DIRECTORY": str(root / "var/lib/web"),
    }
    assert seen["arguments"] == [str(root / "opt/web/server.py")]
    assert seen["directory"] == str(root / "opt/web")


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


def test_unit_that_is_started_but_not_enabled_does_not_survive_a_reboot(compute: Compute) -> None:
    started = instance(user_data=user_data(runcmd="systemctl start web"))
    boot(compute, started)
    wait_for(lambda: ask(compute))
    boot(compute, replace(started, boots=2))
    assert ask(compute) is None
    assert compute.facts()[ID].pid is None


def test_killed_service_is_started_again(compute: Compute, console: Console) -> None:
    boot(compute, ONE)
    before = wait_for(lambda: ask(compute))["pid"]
    os.kill(before, signal.SIGKILL)
    after = wait_for(lambda: (seen := ask(compute)) and seen["pid"] != before and seen["pid"])
    assert compute.facts()[ID].pid == after
    assert compute.facts()[ID].alive
    assert "web.service: ended by signal 9" in console()


def test_service_that_is_not_restarted_leaves_the_instance_dead(
    compute: Compute, console: Console
) -> None:
    mortal = instance(user_data=user_data(unit=UNIT.replace("always", "no")))
    boot(compute, mortal)
    wait_for(lambda: ask(compute, path="/exit"))
    wait_for(lambda: not compute.facts()[ID].alive)
    assert "web.service: ended with status 3" in console()


def test_service_that_cannot_live_is_given_up(compute: Compute, console: Console) -> None:
    """As systemd does: five starts within ten seconds are enough."""
    hasty = UNIT.replace("100ms", "1ms")
    boot(compute, instance(user_data=user_data(unit=hasty, program="raise SystemExit(1)")))
    wait_for(lambda: not compute.facts()[ID].alive)
    assert console().count("web.service: started") == 5
    assert "start request repeated too quickly" in console()


def test_oneshot_runs_after_the_service_and_its_end_is_no_death(
    compute: Compute, console: Console
) -> None:
    config = {
        "write_files": [
            {"path": "/opt/web/server.py", "content": SERVER},
            {"path": "/opt/say.py", "content": "print('said', flush=True)"},
            {"path": "/etc/systemd/system/web.service", "content": UNIT},
            {
                "path": "/etc/systemd/system/say.service",
                "content": "[Unit]\nAfter=web.service\n[Service]\nType=oneshot\n"
                "ExecStart=/usr/bin/python3 /opt/say.py\n",
            },
        ],
        "runcmd": ["systemctl enable --now say web"],
    }
    boot(compute, instance(user_data=f"#cloud-config\n{json.dumps(config)}".encode()))
    log = wait_for(lambda: (c := console()) and "say.service: ended with status 0" in c and c)
    assert log.index("web.service: started") < log.index("say.service: started") < log.index("said")
    assert compute.facts()[ID].alive
    assert compute.facts()[ID].pid == wait_for(lambda: ask(compute))["pid"]


def test_shell_script_is_not_run_but_the_images_program_is(
    compute: Compute, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    boot(compute, instance(user_data=f"#!/bin/bash\ntouch '{trace}'\n".encode()))
    seen = wait_for(lambda: ask(compute))
    assert seen["arguments"] == ["the image's"]
    assert not trace.exists()
    boot(compute, instance(user_data=b"#!/bin/bash\n", boots=2))
    assert wait_for(lambda: ask(compute))["boots"] == 2
    assert not trace.exists()


def test_without_an_image_program_such_an_instance_runs_nothing_and_says_so(
    state_directory: Path, console: Console
) -> None:
    metadata = MetadataService(lambda _: None)
    compute = Compute(state_directory, "http://127.0.0.1:4566", metadata)
    try:
        boot(compute, instance(user_data=b"#!/bin/bash\n"))
        assert "nothing runs" in console()
        assert "local-aws start --image-program" in console()
        assert compute.facts()[ID].pid is None
        assert compute.facts()[ID].alive
    finally:
        compute.power_off()
        metadata.stop()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (b"#cloud-config\nwrite_files: 1", "cloud-init: failed: write_files is not a list"),
        (b"#cloud-config\nruncmd: [systemctl start web]", "web.service: there is no such unit"),
        (user_data(unit=UNIT.replace("/opt/web/bin/python", "/bin/sh")), "/bin/sh is neither"),
        (user_data(unit=UNIT.replace("=/opt/web\n", "=/nowhere\n")), "/nowhere' does not exist"),
    ],
)
def test_wrong_user_data_is_in_the_console_log(
    compute: Compute, wrong: bytes, says: str, console: Console
) -> None:
    boot(compute, instance(user_data=wrong))
    wait_for(lambda: says in console())
    assert ask(compute) is None
    # As on EC2 the instance runs, without a service; replacing it would not help.
    assert compute.facts()[ID].alive


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


def fact(compute: Compute, number: int = 1) -> Any:
    return compute.facts().get(instance(number).instance_id)


def full_disk(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_machine_that_cannot_boot_says_so(
    compute: Compute, monkeypatch: pytest.MonkeyPatch, console: Console
) -> None:
    monkeypatch.setattr(Disk, "write", full_disk)
    compute.reconcile([instance()])

    assert wait_for(lambda: fact(compute) and fact(compute).failure) == "No space left on device"
    assert "cloud-init: failed: No space left on device" in console()
    compute.reconcile([])
    compute.shut_down()
    assert not compute.facts()


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (
            BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"),
            "web.service: Resource",
        ),
        (MemoryError("none"), "web.service: MemoryError: none"),
        (RuntimeError("nobody expects"), "web.service: RuntimeError: nobody expects"),
    ],
)
def test_a_unit_that_the_machine_cannot_run_says_so(
    compute: Compute,
    monkeypatch: pytest.MonkeyPatch,
    console: Console,
    error: Exception,
    failure: str,
) -> None:
    def start(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(ProcessTable, "start", start)
    compute.reconcile([instance()])

    assert failure in wait_for(lambda: fact(compute) and fact(compute).failure)
    assert failure in console().replace("failed: ", "")


def test_one_instance_that_cannot_be_started_stops_no_other(
    compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve = MetadataService.serve

    def serve_all_but_the_first(self: MetadataService, wanted: Instance) -> None:
        if wanted.instance_id == instance(1).instance_id:
            raise OSError(errno.EMFILE, "Too many open files")
        serve(self, wanted)

    monkeypatch.setattr(MetadataService, "serve", serve_all_but_the_first)
    compute.reconcile([instance(1), instance(2)])

    assert fact(compute, 1).failure == "Too many open files"
    assert wait_for(lambda: fact(compute, 2) and fact(compute, 2).pid)
    compute.reconcile([instance(2)])
    assert fact(compute, 1) is None


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
