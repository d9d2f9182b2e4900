"""The package as others install it: nothing but itself and what its pyproject.toml names."""

from __future__ import annotations

import os
import subprocess
import venv
from pathlib import Path

import pytest

# Sixty packages are installed, and most of that is the network's time.
pytestmark = pytest.mark.timeout(900)

PACKAGE = Path(__file__).parents[1]
PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")

USE = """
import json, subprocess, sys
from pathlib import Path
import boto3
command = Path(sys.executable).with_name("local-aws")
variables = json.loads(subprocess.check_output([command, "env", "--json"]))
sts = boto3.client(
    "sts",
    endpoint_url=variables["AWS_ENDPOINT_URL"],
    aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
    aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
    region_name=variables["AWS_DEFAULT_REGION"],
)
print(sts.get_caller_identity()["Account"])
"""
TEST = """
import boto3

def test_queue(aws_environment):
    url = boto3.client("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody="one")

def test_session(local_aws):
    assert local_aws.endpoint.startswith("http://127.0.0.1:")
"""


class Environment:
    """A virtual environment, and what a command in it says."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder / "venv", with_pip=True, symlinks=True)
        self._bin = folder / "venv" / "bin"
        self._folder = folder
        # What this run's own environment says about Python must not reach the other one.
        self._variables = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
        } | {"LOCAL_AWS_HOME": str(folder / "home")}

    def run(self, program: str, *arguments: str, status: int = 0) -> str:
        ended = self.ended(program, *arguments)
        assert ended.returncode == status, f"{program} {arguments}: {ended.stdout}"
        return ended.stdout

    def ended(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._bin / program, *arguments],
            cwd=self._folder,
            env=self._variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Skips where no package index is reached, as without a network."""
    environment = Environment(tmp_path_factory.mktemp("alone"))
    looked_up = environment.ended(
        "python", *PIP, "--retries", "0", "--timeout", "15", "download", "--no-deps", "hatchling"
    )
    if looked_up.returncode:
        pytest.skip(f"no package index is reached: {looked_up.stdout.strip().splitlines()[-1]}")
    environment.run("python", *PIP, "install", str(PACKAGE))
    return environment


def test_it_starts_answers_and_stops(environment: Environment) -> None:
    assert (
        environment.run("python", "-m", "pip", "check").strip() == "No broken requirements found."
    )
    assert "local AWS runs at http://127.0.0.1:" in environment.run(
        "local-aws", "start", "--port", "0"
    )
    try:
        assert environment.run("python", "-c", USE).strip() == "123456789012"
    finally:
        assert environment.run("local-aws", "stop") == "local AWS stopped\n"


def test_pytest_finds_its_fixtures(environment: Environment, tmp_path: Path) -> None:
    environment.run("python", *PIP, "install", "pytest")
    file = tmp_path / "test_with_an_aws.py"
    file.write_text(TEST)
    said = environment.run("python", "-m", "pytest", "-p", "no:cacheprovider", str(file))
    assert "2 passed" in said
