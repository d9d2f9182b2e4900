"""The variables of a play, templated when they are read: Ansible does that for tasks alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible._internal._templating._engine import TemplateEngine
from ansible.errors import AnsibleError
from ansible.inventory.host import Host
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.playbook.play import Play
from ansible.playbook.task import Task

from safeguards.refusal import RefusedError


class PlayVariables:
    """Those of the play, or else those that `files` of roles set.

    `templar` and `loader` are those of an action plugin, `task_vars` what its task sees.
    """

    def __init__(
        self, templar: Any, loader: Any, task_vars: Mapping[str, Any], files: Iterable[Path]
    ) -> None:
        self._of_play = task_vars
        self._variables: dict[str, Any] = {}
        for file in files:
            # Ansible evaluates no text of a file, unless the file is known to be the project's.
            self._variables |= loader.load_from_file(str(file), trusted_as_template=True)
        self._variables |= task_vars
        self._templar = templar.copy_with_new_env(available_variables=self._variables)

    def __getitem__(self, name: str) -> Any:
        """Its value; empty text when there is no such variable."""
        return self._templar.template(self._variables.get(name, ""))

    def is_true(self, name: str) -> bool:
        return bool(boolean(self[name] or False, strict=False))

    def given(self, names: Iterable[str]) -> dict[str, Any]:
        """Those of the play. Raises RefusedError for one that cannot be templated."""
        found = {}
        for name in names:
            if name in self._of_play:
                try:
                    found[name] = self[name]
                except AnsibleError as error:
                    raise RefusedError(f"{name} cannot be read: {error.message}") from error
        return found


class HostVariables:
    """Those that a host has in a play, or in a task of it: what a callback can read."""

    def __init__(self, play: Play, host: Host, task: Task | None = None) -> None:
        self._variables = play.get_variable_manager().get_vars(play=play, host=host, task=task)
        self._engine = TemplateEngine(loader=play.get_loader(), variables=self._variables)

    def __getitem__(self, name: str) -> Any:
        return self.templated(self._variables[name])

    def templated(self, value: Any) -> Any:
        """An argument of the task, such as its `stack_name`, as the task gets it."""
        return self._engine.template(value)
