"""Requires=: the required unit is started, too, and a unit whose required one failed is not."""

from __future__ import annotations

import json

from fleet_driver import SERVER, UNIT, Console, ask, boot, instance, wait_for

from local_aws.compute.fleet import Compute

PREPARE = """
[Service]
Type=oneshot
ExecStart=/usr/bin/python3 /opt/prepare.py
"""
REQUIRING = f"""
[Unit]
Requires=prepare.service
After=prepare.service
{UNIT}
"""


def user_data(program: str) -> bytes:
    files = {
        "/opt/prepare.py": program,
        "/opt/web/server.py": SERVER,
        "/etc/systemd/system/prepare.service": PREPARE,
        "/etc/systemd/system/web.service": REQUIRING,
    }
    entries = [{"path": path, "content": content} for path, content in files.items()]
    document = {"write_files": entries, "runcmd": ["systemctl enable --now web"]}
    return ("#cloud-config\n" + json.dumps(document)).encode()


def test_what_a_unit_requires_is_started_before_it(compute: Compute, console: Console) -> None:
    boot(compute, instance(user_data=user_data("print('prepared')")))
    wait_for(lambda: ask(compute))
    said = console()
    assert said.index("prepared") < said.index("web.service: started")


def test_a_unit_does_not_start_when_what_it_requires_failed(
    compute: Compute, console: Console
) -> None:
    boot(compute, instance(user_data=user_data("raise SystemExit('no')")))
    line = "Dependency failed for web.service: prepare.service"
    wait_for(lambda: line in console())
    assert "web.service: started" not in console()
