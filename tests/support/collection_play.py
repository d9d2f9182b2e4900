"""Plays one integration target of a collection against a local AWS of its own.

As ansible-test does: the target is a role within its collection, the variables are those that a
cloud-config-aws.ini has. Other than there a failed task does not end the target, so that one
cause is counted where it shows, and the rest is tried too (a `rescue` is therefore not entered).
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from collection_targets import TARGETS, Target
from counted_tasks import Counts, count
from local_aws_command import LocalAws
from process_tree import all_processes_below

BIN = Path(sys.executable).parent
PLUGINS = Path(__file__).parents[1] / "collections" / "callback_plugins"
_LOOK_SECONDS = 0.2
_PLAYED = (0, 2)
"""The statuses with which Ansible ends when the play was played: nothing failed, or a task did."""
_OTHERS = ("AWS_", "ANSIBLE_")


class StoppedError(Exception):
    """The suite was told to end before the target did."""


@dataclass(frozen=True)
class Bounds:
    """When a play is to end early: after so many seconds, or when the event is set."""

    seconds: float
    stop: threading.Event = field(default_factory=threading.Event)


def play(target: Target, installed: Path, folder: Path, bounds: Bounds) -> Counts:
    """Play the target in this empty folder; its output is in `output.log` there.

    `installed` is the collection's folder in the environment: its modules are played, with the
    checkout's tests. Whatever ends it, nothing of it runs on afterwards. Raises StoppedError.
    """
    tree = _collection_tree(target, installed, folder)
    local_aws = LocalAws(folder / "home")
    local_aws.start()
    try:
        return _ansible(target, tree, folder, local_aws, bounds)
    finally:
        local_aws.stop()


def _plays(folder: Path, target: Target, variables: Mapping[str, str]) -> list[dict[str, Any]]:
    """The target's own plays, or one around its role: each goes on after a failure."""
    own = folder / "main.yml"
    role = {"name": f"Play {target}", "hosts": "testhost", "roles": [target.name]}
    plays: list[dict[str, Any]] = yaml.safe_load(own.read_text()) if own.exists() else [role]
    for each in plays:
        if "hosts" in each:
            each |= {"ignore_errors": True, "vars": each.get("vars", {}) | variables}
    return plays


def _variables(running: Mapping[str, str]) -> dict[str, str]:
    """Those of a cloud-config-aws.ini, with prefixes of this run alone, as ansible-test has them.

    The image is one that the local AWS has, instead of the newest Fedora of that day.
    """
    return {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "aws_access_key": running["access_key_id"],
        "aws_region": running["region"],
        "aws_secret_key": running["secret_access_key"],
        "ec2_ami_name": "amzn-ami-hvm-2017.09.1.*",
        "ec2_ami_owner_id": "137112412989",
        "resource_prefix": f"ansible-test-{secrets.randbelow(10**8):08d}",
        "tiny_prefix": secrets.token_hex(6),
    }


def _collection_tree(target: Target, installed: Path, folder: Path) -> Path:
    """A folder for ANSIBLE_COLLECTIONS_PATH: the installed collection, with the checkout's tests.

    Ansible takes a role's modules from the collection whose folder it is in.
    """
    namespace, name = target.collection.split(".")
    collection = folder / "ansible_collections" / namespace / name
    collection.mkdir(parents=True)
    for entry in installed.iterdir():
        (collection / entry.name).symlink_to(entry)
    shutil.copytree(target.folder.parent, collection / TARGETS)
    return collection


def _ansible(
    target: Target, tree: Path, folder: Path, local_aws: LocalAws, bounds: Bounds
) -> Counts:
    role = tree / TARGETS / target.name
    inventory, playbook, counted = role / "inventory", role / "counted.yml", folder / "tasks.jsonl"
    playbook.write_text(json.dumps(_plays(role, target, _variables(local_aws.running))))
    for path in (counted, folder / "ansible.cfg"):
        path.touch()
    hosts = inventory if inventory.exists() else "testhost,"
    with (folder / "output.log").open("w") as output:
        process = subprocess.Popen(
            [BIN / "ansible-playbook", "-v", "-i", hosts, playbook],
            cwd=role,
            env=_environment(folder, role.parent, counted, local_aws),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            in_time = _ended(process, bounds)
        finally:
            _end(process)
    counts = count(counted.read_text().splitlines(), None if in_time else bounds.seconds)
    if in_time and process.returncode not in _PLAYED:
        ended = f"ansible-playbook ended with status {process.returncode}"
        return replace(counts, first_failure=counts.first_failure or ended)
    return counts


def _environment(folder: Path, roles: Path, counted: Path, local_aws: LocalAws) -> dict[str, str]:
    """The caller's, without what would reach a play although it is meant for others."""
    callers = {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS)}
    return {
        **callers,
        **local_aws.client_environment,
        # Tests that were written for an older Ansible have conditions that are no booleans.
        "ANSIBLE_ALLOW_BROKEN_CONDITIONALS": "True",
        "ANSIBLE_CALLBACK_PLUGINS": str(PLUGINS),
        "ANSIBLE_CALLBACKS_ENABLED": "counted_tasks",
        "ANSIBLE_COLLECTIONS_PATH": str(folder),
        "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
        "ANSIBLE_DEBUG_BOTOCORE_LOGS": "True",  # tests read which API calls a module made
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_RETRY_FILES_ENABLED": "0",
        "ANSIBLE_ROLES_PATH": str(roles),
        "COUNTED_TASKS": str(counted),
    }


def _ended(process: subprocess.Popen[bytes], bounds: Bounds) -> bool:
    """Whether it ended by itself, within its time. Raises StoppedError."""
    ends_at = time.monotonic() + bounds.seconds
    while time.monotonic() < ends_at:
        if bounds.stop.is_set():
            raise StoppedError
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK_SECONDS)
            return True
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End Ansible and all that it started: its workers have sessions of their own."""
    stopped = {process.pid}
    if process.poll() is None:
        process.send_signal(signal.SIGSTOP)
        while started := all_processes_below(process.pid) - stopped:
            _signal(started, signal.SIGSTOP)  # who is stopped starts no more
            stopped |= started
        _signal(stopped, signal.SIGKILL)
    process.wait()


def _signal(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
