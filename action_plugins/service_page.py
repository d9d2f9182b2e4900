# GNU General Public License v3.0+ (see LICENSE)
"""Serve a live page of a service in the background; library/service_page.py documents it.

Its buttons start playbooks with this command line's inventory and variables, which are known here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ansible import context
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from evidence.observe.reply_shape import ReplyShape
from live_page import running
from live_page.configuration import PageConfig
from safeguards import consent
from safeguards.playbook_command import playbook_command

ROOT = Path(__file__).resolve().parents[1]

SPECIFICATION: dict[str, Any] = {
    "argument_spec": {
        "state": {"type": "str", "required": True, "choices": ["started", "stopped"]},
        "runs_directory": {"type": "path", "required": True},
        "stack_name": {"type": "str", "required": True},
        "region": {"type": "str"},
        "backend": {"type": "str", "choices": ["local", "aws"]},
        "account": {"type": "str"},
        "confirm": {"type": "str", "default": ""},
        "port": {"type": "int", "default": 0},
        "home": {"type": "str", "default": ""},
        "reply_shape": {"type": "dict", "default": {}},
    },
    "required_if": [("state", "started", ("region", "backend", "account"))],
}

Result = dict[str, Any]


def command(host: str) -> tuple[str, ...]:
    """How a playbook is typed for one host with this command line's inventory and variables."""
    words = [str(Path(sys.executable).with_name("ansible-playbook"))]
    for inventory in context.CLIARGS.get("inventory") or ():
        words += ["-i", str(inventory)]
    for given in context.CLIARGS.get("extra_vars") or ():
        words += ["-e", str(given)]
    return (*words, "--limit", host)


def read_only(backend: str, account: str, confirm: str) -> str:
    """Why the page has no buttons; empty when it has. Raises ValueError for another account."""
    if backend == "local":
        return ""
    if not confirm:
        return "This page is read-only. For buttons, start it with: " + playbook_command(
            "watch.yml", f"-e confirm={account}"
        )
    refusal = consent.confirmation_refusal(account, confirm)
    if refusal:
        raise ValueError(refusal)
    return ""


class ActionModule(ActionBase):  # type: ignore[misc]
    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> Result:
        super().run(tmp, task_vars)
        _, options = self.validate_argument_spec(**SPECIFICATION)
        directory = Path(options["runs_directory"])
        is_started = options["state"] == "started"
        try:
            if is_started:
                return self._started(options, str((task_vars or {})["inventory_hostname"]))
            if self._task.check_mode:
                page = running.served(directory, options["stack_name"])
                is_running = page is not None and page.is_running
                return {"changed": is_running, "address": "", "read_only": ""}
            was_running = running.stop(directory, options["stack_name"])
        except (running.LivePageError, ValueError, OSError) as error:
            raise AnsibleActionFail(str(error)) from None
        return {"changed": was_running, "address": "", "read_only": ""}

    def _started(self, options: dict[str, Any], host: str) -> Result:
        environment: dict[str, str] = {}
        self._compute_environment_string(environment)
        if options["home"]:
            environment["LOCAL_AWS_HOME"] = options["home"]
        config = PageConfig(
            stack_name=options["stack_name"],
            region=options["region"],
            backend=options["backend"],
            endpoint=environment.get("AWS_ENDPOINT_URL", ""),
            checkout=str(ROOT),
            runs_directory=options["runs_directory"],
            port=options["port"],
            token="",
            command=command(host),
            read_only=read_only(options["backend"], options["account"], options["confirm"]),
            reply_shape=ReplyShape.from_dict(options["reply_shape"]),
        )
        if self._task.check_mode:
            changed = running.would_start(config)
            return {"changed": changed, "address": "", "read_only": config.read_only}
        changed, page = running.start(config, environment)
        return {
            "changed": changed,
            "address": page.config.address,
            "read_only": page.config.read_only,
        }
