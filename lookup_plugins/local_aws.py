# GNU General Public License v3.0+ (see LICENSE)
"""What the command `local-aws` says, for variables."""

from __future__ import annotations

DOCUMENTATION = r"""
name: local_aws
author: The contributors of this project
short_description: What the command local-aws says
description:
  - Runs the C(local-aws) that was installed beside the Python that runs Ansible.
  - An answer is kept for the rest of the process, and for what it forks.
options:
  _terms:
    description:
      - V(env) gives the variables that point a client at the local AWS, V({}) when it does not run.
      - V(versions) gives the version of each thing that it is made of, by name.
    choices: [env, versions]
    required: true
  home:
    description: Its state folder, as E(LOCAL_AWS_HOME) would name it.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Talk to the local AWS
  amazon.aws.ec2_vpc_net_info:
  environment: "{{ lookup('local_aws', 'env') }}"
"""

RETURN = r"""
_raw:
  description: One dictionary for each term.
  type: list
  elements: dict
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

_COMMAND = Path(sys.executable).with_name("local-aws")
_NOT_NOW = 1

_answers: dict[tuple[str, str], dict[str, str]] = {}


class LookupModule(LookupBase):  # type: ignore[misc]
    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **options: Any
    ) -> list[Any]:
        self.set_options(var_options=variables, direct=options)
        home = self.get_option("home")
        return [_answer(term, home) for term in terms]


def _answer(term: str, home: str) -> dict[str, str]:
    if (term, home) not in _answers:
        answer = {"env": _environment, "versions": _versions}[term](home)
        if not answer:
            return {}  # it may be started later
        _answers[term, home] = answer
    return _answers[term, home]


def _environment(home: str) -> dict[str, str]:
    done = _run("env", "--json", home=home)
    return {} if done.returncode == _NOT_NOW else json.loads(_output(done))


def _versions(home: str) -> dict[str, str]:
    return dict(line.split() for line in _output(_run("--version", home=home)).splitlines())


def _run(*words: str, home: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            [_COMMAND, *words],
            env=os.environ | {"LOCAL_AWS_HOME": home},
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise AnsibleLookupError(
            f"{_COMMAND} cannot be run ({error.strerror}): make setup"
        ) from error


def _output(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode:
        raise AnsibleLookupError(done.stderr.strip())
    return done.stdout
