# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
name: command_line
type: aggregate
short_description: Refuse a command line that would do nothing, or something else than it says
description:
  - Ansible ends well, with nothing done, when a tag names no play or the inventory has no host. It
    reads no variable that is misspelt. Each of these is an error here, before anything is played.
  - C(--start-at-task) and C(--step) are refused, since every task rests on those before it.
  - A value given with -e is a value. One that holds a template would be evaluated by Ansible, with
    all that its lookups can do, so it is refused.
  - With C(-e plan=true) or C(--check) only the preflight is played, which shows the plan.
author:
  - The contributors of this project
"""

import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

from ansible import context
from ansible.inventory.host import Host
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.playbook.play import Play
from ansible.plugins.callback import CallbackBase
from ansible.utils.display import Display
from ansible.vars.manager import VariableManager

from safeguards import variables
from safeguards.playbook_command import playbook_command
from safeguards.played_hosts import hosts_of
from safeguards.selection import wrong_tags

ROOT = Path(__file__).resolve().parents[1]
LOOK_AT = "Look at --limit, and at the inventory ({})"
NEEDED = ("aws_environment", "aws_region", "backend")
"""What each inventory of this project sets, in its group_vars/."""
LEFT_OUT = (
    "{} would leave out the preflight, which checks what is changed, and a scenario's steady "
    "state, without which its fault proves nothing. Play one scenario with: {} --tags <its name>; "
    "after an interruption: {}"
)
LEAVING_OUT = {"start_at_task": "--start-at-task", "step": "--step"}
"""Ansible's options that play a part of a playbook, by the name that it keeps them under."""
REFUSED = 4
"""The status Ansible itself ends with when a command line cannot be read."""
UNNAMED = "_raw_params"
"""What Ansible calls those words after -e that are no name=value."""


def extra_variables(play: Play) -> dict[str, Any]:
    given: dict[str, Any] = play.get_variable_manager().extra_vars
    return given


def inventory_variables(manager: VariableManager, hosts: list[Host]) -> set[str]:
    """The names of all variables of these hosts, with those of the files in group_vars/.

    Ansible reads these files only when a host's variables are asked for, and adds its own variables
    to them; none of those is nearly one of ours.
    """
    return {name for host in hosts for name in manager.get_vars(host=host)}


def incomplete_inventory(play: Play, given: Collection[str]) -> str | None:
    """Why the play's hosts cannot be played on: the inventory is another project's, or a folder of
    inventories; `given` are the names after -e."""
    manager = play.get_variable_manager()
    for host in hosts_of(play):
        missing = sorted(set(NEEDED) - manager.get_vars(host=host).keys() - set(given))
        if missing:
            sources = ", ".join(context.CLIARGS["inventory"] or ())
            return (
                f"The inventory {sources} does not set {', '.join(missing)} for {host}. Name one "
                "that does, with its folder: -i inventory/local, or -i inventory/aws"
            )
    return None


def wrong_variables(given: dict[str, Any], inventory: set[str]) -> list[str]:
    """One line for each -e that nothing reads or that is a template, and each misspelt variable."""
    known = variables.rules_of(variables.role_options(ROOT / "roles"), backend="local").keys()
    problems = []
    if UNNAMED in given:
        problems.append(
            f"-e {variables.shown(given[UNNAMED])} is no setting; name=value is expected, in "
            "quotes where the value has blanks"
        )
    problems += variables.unknown_names(given.keys() - {UNNAMED}, known)
    problems += variables.misspelt_names(inventory, known)
    problems += [
        f"{name} is {variables.shown(value)}; a value is expected, and that is a template"
        for name, value in given.items()
        if not name.startswith("ansible_") and variables.templates_in(value)
    ]
    return problems


def is_plan(given: dict[str, Any]) -> bool:
    """Whether nothing may be changed. What is no truth value at all is refused by the preflight."""
    return bool(context.CLIARGS["check"] or boolean(given.get("plan", False), strict=False))


def only_preflight(plays: list[Play]) -> list[Play]:
    return [play for play in plays if "preflight_playbook" in play.vars][:1] or plays


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "command_line"
    CALLBACK_NEEDS_ENABLED = False

    def v2_playbook_on_start(self, playbook: Any) -> None:
        # A playbook of somebody else's may call its variables what it likes.
        if not Path(playbook._basedir).resolve().is_relative_to(ROOT):
            return
        plays = playbook.get_plays()
        given = extra_variables(plays[0])
        problems = self._problems(plays, given)
        if problems:
            for problem in problems:
                Display().error(problem, wrap_text=False)
            sys.exit(REFUSED)
        if is_plan(given):
            # Ansible has no way to end a whole playbook well; it reads this list after this call.
            playbook._entries = only_preflight(plays)

    def _problems(self, plays: list[Play], given: dict[str, Any]) -> list[str]:
        for name, option in LEAVING_OUT.items():
            if context.CLIARGS.get(name):
                again = (playbook_command(each) for each in ("scenario.yml", "recover.yml"))
                return [LEFT_OUT.format(option, *again)]
        for play in plays:
            if not hosts_of(play):
                sources = ", ".join(context.CLIARGS["inventory"] or ())
                return [
                    f"No host is in the inventory's group {play.hosts!r}. {LOOK_AT.format(sources)}"
                ]
            if "preflight_playbook" in play.vars:
                incomplete = incomplete_inventory(play, given)
                if incomplete:
                    return [incomplete]
        tags = wrong_tags(
            context.CLIARGS["tags"],
            context.CLIARGS["skip_tags"],
            [frozenset(play.tags) for play in plays],
        )
        manager = plays[0].get_variable_manager()
        names = inventory_variables(manager, manager._inventory.get_hosts("all"))
        return ([tags] if tags else []) + wrong_variables(given, names - given.keys())
