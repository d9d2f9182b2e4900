"""The playbooks as a user types them in the repository's root, on a local AWS of the tests' own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from api_recorder import ApiRecorder
from terminal import in_one_line
from workplace import BRIEFLY

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PLAYBOOK_TIMEOUT_SECONDS = 240


@dataclass(frozen=True)
class Run:
    """What a command said and how it ended."""

    status: int
    output: str

    @property
    def said(self) -> str:
        """The output in one line: Ansible breaks long ones."""
        return in_one_line(self.output)

    @property
    def changed(self) -> int:
        """How many tasks changed something, by Ansible's own recap."""
        return sum(int(count) for count in re.findall(r"changed=(\d+)", self.output))


Command = Callable[..., Run]


def run(*command: str, environment: dict[str, str] | None = None, timeout: float = 60) -> Run:
    """Run a command of the virtual environment without the caller's AWS settings."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env={**clean, "ANSIBLE_NOCOLOR": "1", **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Run(done.returncode, done.stdout)


@pytest.fixture(scope="session")
def command_line() -> Command:
    """Any command of the virtual environment; what `run` takes."""
    return run


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state directory of the tests' local AWS."""
    return tmp_path_factory.mktemp("local aws")


@pytest.fixture(scope="session")
def local_aws(home: Path) -> Command:
    """The command `local-aws`, on the tests' own state directory."""

    def command(*arguments: str, timeout: float = 90) -> Run:
        return run(
            "local-aws", *arguments, environment={"LOCAL_AWS_HOME": str(home)}, timeout=timeout
        )

    return command


@pytest.fixture(scope="session")
def playbook(home: Path) -> Command:
    """`ansible-playbook`, on the tests' own local AWS, watching briefly: no bound matters here."""

    def command(*arguments: str, environment: dict[str, str] | None = None) -> Run:
        return run(
            "ansible-playbook",
            *("-e", json.dumps(BRIEFLY)),
            *arguments,
            environment={"LOCAL_AWS_HOME": str(home), **(environment or {})},
            timeout=PLAYBOOK_TIMEOUT_SECONDS,
        )

    return command


@pytest.fixture(scope="session")
def running(local_aws: Command) -> Iterator[dict[str, str]]:
    """A running local AWS; gives the variables that point a client at it."""
    started = local_aws("start", "--port", "0")
    try:
        assert started.status == 0, started.output
        yield json.loads(local_aws("env", "--json").output)
    finally:
        stopped = local_aws("stop")
        assert stopped.status == 0, stopped.output


@pytest.fixture(scope="module")
def recorder(home: Path, running: dict[str, str]) -> Iterator[ApiRecorder]:  # noqa: ARG001 - it runs
    """Between the playbooks and the tests' local AWS: whoever asks where that is gets this."""
    with ApiRecorder(home) as recorder:
        yield recorder


@pytest.fixture(scope="session")
def aws(running: dict[str, str]) -> Callable[..., Any]:
    """Makes boto3 clients of the tests' local AWS, with its own credentials or with others."""
    own = {
        "aws_access_key_id": running["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": running["AWS_SECRET_ACCESS_KEY"],
    }

    def client(service: str, **credentials: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=running["AWS_ENDPOINT_URL"],
            region_name=running["AWS_DEFAULT_REGION"],
            **(credentials or own),
        )

    return client


@pytest.fixture
def deployed(
    running: dict[str, str], aws: Callable[[str], Any], playbook: Command
) -> dict[str, str]:
    """The service, deployed, unless it still is; gives what `running` gives."""
    stacks = aws("cloudformation").describe_stacks()["Stacks"]
    if "resilience-demo" not in {stack["StackName"] for stack in stacks}:
        deployment = playbook("deploy.yml")
        assert deployment.status == 0, deployment.output
    return running
