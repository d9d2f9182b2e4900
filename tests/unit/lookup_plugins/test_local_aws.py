"""The playbooks find the local AWS where the command does: it is the command that they run."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_aws_command import LocalAws
from typed_playbook import typed

from local_aws import versions

ROOT = Path(__file__).parents[3]
PLAY = """
- hosts: service
  gather_facts: false
  tasks:
    - ansible.builtin.copy:
        content: "{{ {'environment': aws_environment, 'versions': backend_versions} | to_json }}"
        dest: "{{ found }}"
"""


@pytest.fixture(scope="module")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """One whose folder is the default one of a user."""
    local_aws = LocalAws(tmp_path_factory.mktemp("user") / ".local-aws")
    local_aws.start()
    yield local_aws
    local_aws.stop()


def what_a_play_finds(folder: Path, **environment: str | None) -> dict[str, dict[str, str]]:
    """`environment` of the caller, with None for a variable that is not set."""
    play, found = folder / "play.yml", folder / "found.json"
    play.write_text(PLAY)
    variables = os.environ | {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")} | environment
    done = typed(
        *(play, "-i", ROOT / "inventory" / "local", "-e", f"found={found}"),
        folder=folder,
        environment={name: value for name, value in variables.items() if value is not None},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answer: dict[str, dict[str, str]] = json.loads(found.read_text())
    return answer


@pytest.mark.parametrize(
    "caller",
    [
        {"LOCAL_AWS_HOME": "{home}", "HOME": "/"},
        {"LOCAL_AWS_HOME": ".local-aws", "HOME": "/"},
        {"LOCAL_AWS_HOME": "~/.local-aws", "HOME": "{home.parent}"},
        {"LOCAL_AWS_HOME": "", "HOME": "{home.parent}"},
        {"LOCAL_AWS_HOME": None, "HOME": "{home.parent}"},
    ],
    ids=["absolute", "relative", "tilde", "empty", "default"],
)
def test_a_play_finds_what_the_command_finds(
    caller: dict[str, str | None], local_aws: LocalAws
) -> None:
    environment = {
        name: value and value.format(home=local_aws.home) for name, value in caller.items()
    }
    running = local_aws.running

    found = what_a_play_finds(local_aws.home.parent, **environment)

    assert found["environment"]["AWS_ENDPOINT_URL"] == running["endpoint"]
    assert found["environment"]["AWS_SECRET_ACCESS_KEY"] == running["secret_access_key"]
    assert found["environment"]["AWS_REGION"] == running["region"]
    assert found["versions"] == versions.installed()


def test_a_play_finds_nothing_where_none_runs(tmp_path: Path) -> None:
    found = what_a_play_finds(tmp_path, LOCAL_AWS_HOME=str(tmp_path / "none"))

    assert found["environment"]["AWS_ENDPOINT_URL"] == ""
    assert not (tmp_path / "none").exists()


def test_the_command_shows_its_versions(local_aws: LocalAws) -> None:
    said = local_aws.run("--version")
    assert dict(line.split() for line in said.splitlines()) == versions.installed()
