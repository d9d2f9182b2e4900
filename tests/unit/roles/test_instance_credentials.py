"""Which instance loses its credentials: the one given, or else one that the role chooses."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from typed_playbook import typed

ROLE = Path(__file__).parents[3] / "roles/instance_credentials"
FOUND = {
    "instance_credentials_without": "{{ without }}",
    "__instance_credentials_with": "{{ ['i-1', 'i-2', 'i-3'] | reject('in', without) }}",
}
"""What EC2 would answer."""
CHOOSE = {
    "ansible.builtin.include_role": {"name": "instance_credentials", "tasks_from": "chosen"},
}
SHOW = {
    "ansible.builtin.debug": {
        "msg": "chosen={{ instance_credentials_victim }} lost={{ __instance_credentials_lost }}."
    }
}
ALL_RESTORED = {
    "ansible.builtin.set_fact": {"without": [], "instance_credentials_complete": True},
}


def chosen(folder: Path, tasks: list[Any], **variables: Any) -> list[tuple[str, str]]:
    """(the instance, whether it has no credentials) for each SHOW among the tasks."""
    role = folder / "roles/instance_credentials"
    shutil.copytree(ROLE, role)
    found = [{"name": "Find", "ansible.builtin.set_fact": FOUND}]
    (role / "tasks/instances.yml").write_text(yaml.safe_dump(found))
    known = {"service_stack_outputs": {"AutoScalingGroup": "group"}, **variables}
    play = {"hosts": "localhost", "gather_facts": False, "vars": known, "tasks": tasks}
    (folder / "play.yml").write_text(json.dumps([play]))
    environment = {**os.environ, "ANSIBLE_NOCOLOR": "1"}
    played = typed("play.yml", folder=folder, environment=environment)
    assert played.returncode == 0, played.stdout + played.stderr
    return re.findall(r"chosen=(\S*) lost=(\w+)\.", played.stdout)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"without": []}, ("i-1", "False")),
        ({"without": ["i-3"]}, ("i-3", "True")),
        ({"without": [], "instance_credentials_victim": "i-2"}, ("i-2", "False")),
        ({"without": ["i-2"], "instance_credentials_victim": "i-2"}, ("i-2", "True")),
    ],
)
def test_it_is_the_one_given_or_else_the_one_without_or_else_the_first(
    given: dict[str, Any], expected: tuple[str, str], tmp_path: Path
) -> None:
    assert chosen(tmp_path, [CHOOSE, SHOW], **given) == [expected]


def test_one_that_was_chosen_stays_so_until_all_are_restored(tmp_path: Path) -> None:
    others = {"ansible.builtin.set_fact": {"without": ["i-2"]}}
    tasks = [CHOOSE, SHOW, others, CHOOSE, SHOW, ALL_RESTORED, others, CHOOSE, SHOW]

    seen = chosen(tmp_path, tasks, without=["i-3"])

    assert seen == [("i-3", "True"), ("i-3", "True"), ("i-2", "True")]


def test_one_that_is_given_stays_so_when_all_are_restored(tmp_path: Path) -> None:
    tasks = [CHOOSE, SHOW, ALL_RESTORED, CHOOSE, SHOW]

    seen = chosen(tmp_path, tasks, without=["i-2"], instance_credentials_victim="i-2")

    assert seen == [("i-2", "True"), ("i-2", "False")]
