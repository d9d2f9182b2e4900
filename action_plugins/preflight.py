# GNU General Public License v3.0+ (see LICENSE)
"""Check everything before a play touches the service; library/preflight.py documents it.

What is checked belongs to ansible-playbook's own process: its variables, its environment, its
terminal, its lock. What AWS knows is read by the module service_preflight, in one call. What both
mean is decided in src/safeguards/.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.errors import (
    AnsibleActionFail,
    AnsiblePromptInterrupt,
    AnsiblePromptNoninteractive,
)
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from evidence.record.processes import ProcessIdentity
from safeguards import consent, scenarios, variables
from safeguards.environment import aws_refusal, local_refusal, two_regions_refusal
from safeguards.failed_lookup import lookup_refusal
from safeguards.lock_takeover import taken_over
from safeguards.operator_lock import OperatorLock
from safeguards.plan import Intended, plan
from safeguards.play_variables import PlayVariables
from safeguards.playbook_command import playbook_command
from safeguards.preflight_fact import fact_of, still_holds
from safeguards.purposes import PURPOSES, Purpose, purpose_of, refusal, selection_refusal
from safeguards.refusal import RefusedError, refuse
from safeguards.scenarios import ScenarioError

ROOT = Path(__file__).resolve().parents[1]
ROLES = ROOT / "roles"
VARIABLES_OF_ROLES = (
    *(ROLES / "service_stack/defaults/main.yml", ROLES / "service_stack/vars/main.yml"),
    ROLES / "observation/defaults/main.yml",
)
"""Those that the preflight needs."""
SCENARIO_PLAYBOOK = ROOT / "scenario.yml"

# An answer comes at once or not at all: a wrong region, a proxy, a network that drops all.
CLIENT = {"connect_timeout": 2, "read_timeout": 10, "retries": {"max_attempts": 1}}

SPECIFICATION: dict[str, Any] = {
    "argument_spec": {
        "playbook": {"type": "str", "required": True, "choices": sorted(PURPOSES)},
    }
}

Result = dict[str, Any]


def check_values(values: PlayVariables, purpose: Purpose) -> None:
    runs_directory = Path(str(values["observation_runs_directory"]))
    options = variables.role_options(ROLES)
    rules = variables.rules_of(options, str(values["backend"]), runs_directory)
    rules = {name: rule for name, rule in rules.items() if rule}
    if purpose.playbook == "demo":
        del rules["aws_region"]  # The local AWS of a demonstration does not exist yet.
    refuse("\n".join(variables.wrong_values(values.given(rules), rules)))


def check_servers(values: PlayVariables) -> None:
    """Only the server and the region that the inventory means get any call."""
    region, environment = values["aws_region"], values["aws_environment"]
    is_local = values["backend"] == "local"
    refuse(
        local_refusal(os.environ, environment) if is_local else aws_refusal(os.environ, profile())
    )
    refuse(two_regions_refusal(region, environment))
    if not is_local:
        refuse(consent.region_refusal(region, values["allowed_regions"] or []))


def profile() -> Mapping[str, object]:
    """The profile in use, as botocore reads it; empty when it cannot be: the module says why."""
    # It takes a while, and a local play needs none.
    import botocore.session
    from botocore.exceptions import BotoCoreError

    try:
        scoped: Mapping[str, object] = botocore.session.Session().get_scoped_config()
    except BotoCoreError:
        return {}
    return scoped


def intended(values: PlayVariables, purpose: Purpose) -> Intended:
    return Intended(
        backend=values["backend"],
        region=values["aws_region"],
        endpoint=values["aws_environment"].get("AWS_ENDPOINT_URL", ""),
        instance_type=values["service_stack_instance_type"],
        parameters=wanted_parameters(values) if purpose.playbook == "deploy" else {},
    )


def wanted_parameters(values: PlayVariables) -> dict[str, str]:
    """The stack's parameters that a deployment sets, as far as they stand in variables."""
    wanted = values["service_stack_first_settings"] | values["service_stack_given_parameters"]
    # Where these two are not given, AWS or the stack knows them (service_stack/tasks/wanted.yml).
    for name, variable in (
        ("LaunchTemplateVersion", "service_stack_release"),
        ("ExternalCidr", "service_stack_external_cidr"),
    ):
        if values[variable]:
            wanted[name] = values[variable]
    return {name: str(value) for name, value in wanted.items()}


class ActionModule(ActionBase):  # type: ignore[misc]
    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> Result:
        super().run(tmp, task_vars)
        _, options = self.validate_argument_spec(**SPECIFICATION)
        self._task_vars = task_vars or {}
        self._values = PlayVariables(
            self._templar, self._loader, self._task_vars, VARIABLES_OF_ROLES
        )
        self._purpose = purpose_of(
            options["playbook"], expired_only=self._values.is_true("expired_only")
        )
        try:
            return self._checked()
        except (RefusedError, ProcessLookupError) as error:
            raise AnsibleActionFail(str(error)) from None

    def _checked(self) -> Result:
        values, purpose = self._values, self._purpose
        check_values(values, purpose)
        refuse(selection_refusal(purpose, self._task_vars["ansible_play_hosts_all"]))
        if not purpose.needs_aws:
            return {"changed": False, "lines": []}
        only_plan = self._task.check_mode or values.is_true("plan")
        chosen = self._scenarios()  # in any case, since it finds what is misspelt in one
        shown = chosen if only_plan else []
        if purpose.playbook == "demo":
            return {"changed": False, "lines": [f"will: {purpose.will}", *shown]}
        # A task is played by a fork of the ansible-playbook that it belongs to.
        process = ProcessIdentity.of_parent()
        before = values["preflight"] or {}
        if before and still_holds(before, process, purpose.playbook):
            fact = {**before, "playbook": purpose.playbook}
            return {"changed": False, "lines": [], "preflight": fact}
        return self._looked_up(process, only_plan, shown)

    def _scenarios(self) -> list[str]:
        """The scenarios that are going to be played, in lines."""
        if self._purpose.playbook not in ("scenario", "demo"):
            return []
        run_tags, skip_tags = (
            self._task_vars[name] for name in ("ansible_run_tags", "ansible_skip_tags")
        )
        try:
            chosen = scenarios.chosen(SCENARIO_PLAYBOOK, run_tags, skip_tags)
        except ScenarioError as error:
            raise RefusedError(f"playbooks/scenarios: {error}") from error
        return scenarios.listed(chosen, int(self._values["observation_repeats"]))

    def _looked_up(
        self, process: ProcessIdentity, only_plan: bool, scenario_lines: Sequence[str]
    ) -> Result:
        """All that needs AWS: who calls, the stack, the operator's lock."""
        values, purpose = self._values, self._purpose
        check_servers(values)
        lock = None
        if purpose.mutates and not only_plan:
            lock = OperatorLock.of(process, f"{purpose.playbook}.yml", datetime.now(UTC))
        found = self._found(lock, [str(values["confirm"])])
        made = plan(
            purpose,
            found,
            intended(values, purpose),
            only_plan=only_plan,
            sweep=self._own_stacks() if only_plan and purpose.every_stack else None,
        )
        lines = [*made.lines, *scenario_lines]
        if lock is not None:
            said, found = self._hold(lock, found, lines)
            lines += said
        return {
            "changed": only_plan and made.changes,
            "lines": lines,
            "compares": made.compares,
            "preflight": fact_of(
                purpose, found, values["backend"], values["aws_region"], lock, only_plan=only_plan
            ),
        }

    def _own_stacks(self) -> Result:
        """Every stack of this project in the account and the region, as the module finds them."""
        listed: Result = self._execute_module(
            module_name="own_stacks", module_args={"aws_config": CLIENT}, task_vars=self._task_vars
        )
        if listed.get("failed"):
            raise RefusedError(str(listed.get("msg", "the stacks cannot be listed")))
        return listed

    def _found(
        self, lock: OperatorLock | None, confirmed: list[str], replaces_version: int | None = None
    ) -> Result:
        """What the module finds. It takes the lock, too, in an account that was confirmed."""
        values, backend = self._values, self._values["backend"]
        is_local = backend == "local"
        allowed = [str(each) for each in values["allowed_accounts"] or []]
        arguments: Result = {
            "stack_name": values["service_stack_name"],
            "adopt": values["service_stack_adopt"],
            "aws_config": CLIENT,
        }
        if lock is not None:
            arguments["lock"] = {
                "value": lock.to_json(),
                "owners": sorted(self._purpose.owners),
                "accounts": None if is_local else sorted(set(allowed) & set(confirmed)),
                "replaces_version": replaces_version,
            }
        found: Result = self._execute_module(
            module_name="service_preflight", module_args=arguments, task_vars=self._task_vars
        )
        if found.get("failed"):
            refuse(lookup_refusal(found, backend, values["aws_region"], playbook_command()))
        if not is_local:
            refuse(consent.account_refusal(found["caller"]["account"], allowed))
        refuse(refusal(self._purpose, found, playbook_command()))
        return found

    def _hold(
        self, lock: OperatorLock, found: Result, shown: list[str]
    ) -> tuple[list[str], Result]:
        """Hold the lock from now on; return what must be said about it, and what is found then."""
        account = found["caller"]["account"]
        if self._values["backend"] == "aws" and str(self._values["confirm"]) != account:
            refuse(consent.confirmation_refusal(account, self._confirmation(account, shown)))
            found = self._found(lock, [account])
        return taken_over(
            found,
            lock,
            datetime.now(UTC),
            lambda version: self._found(lock, [account], replaces_version=version),
        )

    def _confirmation(self, account: str, shown: list[str]) -> str:
        """What was given with -e, or is typed now; empty where nobody can type."""
        given = str(self._values["confirm"])
        if given:
            return given
        question = f"Type the account's number ({account}) to go on, anything else to stop: "
        try:
            answer: bytes = Display().prompt_until("\n".join([*shown, question]))
        except AnsiblePromptNoninteractive:
            return ""
        except AnsiblePromptInterrupt:  # the key is a letter there, and no signal
            return "Ctrl-C"
        return answer.decode(errors="replace").strip() or "nothing"
