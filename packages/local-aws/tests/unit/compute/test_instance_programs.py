"""What an instance runs, what it gets to know, and what happens when it ends."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from fleet_driver import (
    ID,
    ONE,
    SERVER,
    UNIT,
    Console,
    ask,
    boot,
    instance,
    user_data,
    wait_for,
)

from local_aws.compute.fleet import Compute
from local_aws.metadata.service import MetadataService


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


def test_the_console_names_the_line_that_would_signal(compute: Compute, console: Console) -> None:
    boot(compute, instance(user_data=b"#!/bin/bash\n/opt/aws/bin/cfn-signal -e 0\n"))

    said = "line 2 of the user data is not run here (/opt/aws/bin/cfn-signal -e 0): no signal"
    wait_for(lambda: said in console())


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
