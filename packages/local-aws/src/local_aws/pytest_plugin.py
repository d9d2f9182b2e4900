"""Fixtures for tests that need an AWS. pytest finds them by itself once local-aws is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from local_aws.state.state_directory import Running, StateDirectory

_COMMAND = [sys.executable, "-P", "-m", "local_aws.cli"]


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A local AWS on a free port, with a home of its own; it ends with the test session.

    `local_aws.environment()` points any AWS client, also that of a child process, at it.
    """
    state = StateDirectory(tmp_path_factory.mktemp("local-aws"))
    environment = {**os.environ, "LOCAL_AWS_HOME": str(state.path)}
    subprocess.run([*_COMMAND, "start", "--port", "0"], env=environment, check=True)
    try:
        running = state.read_running()
        assert running is not None  # noqa: S101 - it has just said that it runs
        yield running
    finally:
        subprocess.run([*_COMMAND, "stop"], env=environment, check=True)


@pytest.fixture
def aws_environment(local_aws: Running, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """During this test boto3, and what else reads the environment, talks to the local AWS."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    variables = local_aws.environment()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    import boto3  # not before a test needs it: every pytest of this environment loads this module

    # boto3.client() goes by what it found when it was called first.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return variables
