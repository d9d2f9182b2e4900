"""Runs a module as Ansible does: its own `main()`, real arguments, a real AWS API on loopback."""

import contextlib
import functools
import io
import json
import runpy
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from ansible.errors import AnsibleActionFail
from ansible.module_utils.testing import patch_module_args
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import connection_loader
from ansible.template import Templar
from botocore.loaders import create_loader

from local_aws.host.ports import free_port

START_SECONDS = 60
ROOT = Path(__file__).resolve().parents[3]
LIBRARY = ROOT / "library"
ACTION_PLUGINS = ROOT / "action_plugins"

Result = dict[str, Any]
RunModule = Callable[..., Result]
Client = Callable[[str], Any]


@pytest.fixture(scope="session")
def endpoint_url() -> Iterator[str]:
    """moto as it is, in a process of its own: other tests correct the one in this process."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_listening(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def wait_until_listening(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"moto did not listen on port {port} within {START_SECONDS} s")


@pytest.fixture(scope="session", autouse=True)
def shared_api_models() -> Iterator[None]:
    """One loader for all sessions: each client would read EC2's API model for half a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", functools.cache(create_loader))
        yield


@pytest.fixture(scope="session")
def aws(endpoint_url: str) -> Client:
    """boto3 clients of the test's AWS: `aws("ec2")`."""
    session = boto3.Session("tester", "unused-by-moto", region_name="us-east-1")
    return functools.partial(session.client, endpoint_url=endpoint_url)


@pytest.fixture(scope="module", autouse=True)
def environment(endpoint_url: str) -> Iterator[None]:
    """Points the modules at the test's AWS."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", endpoint_url)
        patch.setenv("AWS_ACCESS_KEY_ID", "tester")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "unused-by-moto")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.delenv("AWS_PROFILE", raising=False)
        patch.delenv("AWS_SESSION_TOKEN", raising=False)
        yield


@pytest.fixture(scope="session")
def run_module() -> RunModule:
    """Run a module, or the action plugin that does its work, and return the task's result.

    In this process: starting Python and importing boto3 for each call would take most of the time.
    """

    def run(name: str, check: bool = False, **options: Any) -> Result:
        if (ACTION_PLUGINS / f"{name}.py").exists():
            return run_action(name, check, options)
        return run_main(name, check, options)

    return run


def run_main(name: str, check: bool, options: dict[str, Any]) -> Result:
    """Run a module's file as `__main__` and return what it prints."""
    arguments = options | {"_ansible_check_mode": check, "_ansible_diff": True}
    printed = io.StringIO()
    with (
        patch_module_args(arguments),
        contextlib.redirect_stdout(printed),
        contextlib.suppress(SystemExit),
    ):
        runpy.run_path(str(LIBRARY / f"{name}.py"), run_name="__main__")
    return json.loads(printed.getvalue())


def run_action(name: str, check: bool, options: dict[str, Any]) -> Result:
    """Run an action plugin on a task, as ansible-playbook's worker does."""
    loader, context = DataLoader(), PlayContext()
    task = Task.load({"action": name, "args": options, "check_mode": check}, loader=loader)
    plugin = runpy.run_path(str(ACTION_PLUGINS / f"{name}.py"))["ActionModule"](
        task=task,
        connection=connection_loader.get("local", context),
        play_context=context,
        loader=loader,
        templar=Templar(loader),
        shared_loader_obj=None,
    )
    try:
        return plugin.run(task_vars={"inventory_hostname": "localhost"})
    except AnsibleActionFail as error:
        return {"failed": True, "msg": str(error)}
