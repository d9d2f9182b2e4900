"""How a playbook is typed for the same hosts as those of this command line, for messages."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from ansible import constants, context


def playbook_command(*words: str) -> str:
    """`words` are the playbook and its options: `deploy.yml`, `-e confirm=...`."""
    typed = ["ansible-playbook"]
    inventories = list(context.CLIARGS.get("inventory") or [])
    default, origin = constants.config.get_config_value_and_origin("DEFAULT_HOST_LIST")
    # One from the environment may be gone when the command is typed.
    if inventories != list(default) or str(origin).startswith("env:"):
        typed += [f"-i {shlex.quote(_from_here(each))}" for each in inventories]
    if context.CLIARGS.get("subset"):
        typed.append(f"--limit {shlex.quote(context.CLIARGS['subset'])}")
    return " ".join([*typed, *words])


def typed_command() -> str:
    """The command line as it was typed, with all its options."""
    return shlex.join(["ansible-playbook", *sys.argv[1:]])


def _from_here(inventory: str) -> str:
    """Ansible makes a path of an inventory absolute; below this folder it is typed without that."""
    path, here = Path(inventory), Path.cwd()
    return os.path.relpath(path, here) if path.is_relative_to(here) else inventory
