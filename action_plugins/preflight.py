# GNU General Public License v3.0+ (see LICENSE)
"""Check everything before a play touches the service; library/preflight.py documents it.

What is checked belongs to ansible-playbook's own process: its variables, its environment, its
terminal, its lock. What AWS knows is read by the module service_preflight, in one call.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError, AnsiblePromptNoninteractive
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from evidence.record.processes import ProcessIdentity
from safeguards import consent, earlier_preflight, plan, scenarios, variables
from safeguards.clock import clock_refusal
from safeguards.environment import aws_refusal, local_refusal, two_regions_refusal
from safeguards.lock_parameter import parameter_name
from safeguards.operator_lock import LockState, OperatorLock
from safeguards.playbook_command import playbook_command
from safeguards.purposes import PURPOSES, SWEEP, Purpose, not_serving, refusal
from safeguards.scenarios import ScenarioError

ROOT = Path(__file__).resolve().parents[1]
ROLES = ROOT / "roles"
VARIABLES_OF_ROLES = (
    *("service_stack/defaults/main.yml", "service_stack/vars/main.yml"),
    "observation/defaults/main.yml",
)
"""Those that the preflight needs."""
SCENARIO_PLAYBOOK = ROOT / "scenario.yml"

NEED_A_SERVICE = ("scenario", "status")
NEED_NO_AWS = ("report", "unwatch")
START_HINT = {
    True: "Start it with: local-aws start",
    False: "Check AWS_REGION, and your credentials with: aws sts get-caller-identity",
}
# An answer comes at once or not at all: a wrong region, a proxy, a network that drops all.
CLIENT = {"connect_timeout": 2, "read_timeout": 10, "retries": {"max_attempts": 1}}

SPECIFICATION: dict[str, Any] = {
    "argument_spec": {
        "playbook": {"type": "str", "required": True, "choices": sorted(PURPOSES)},
    }
}

Result = dict[str, Any]


class RefusedError(Exception):
    """What the user reads when a play may not go on."""


class Values:
    """The variables of the play, or else those of roles, each templated when it is read."""

    def __init__(self, templar: Any, loader: Any, task_vars: Mapping[str, Any]) -> None:
        self._of_play = task_vars
        self._variables: dict[str, Any] = {}
        for file in VARIABLES_OF_ROLES:
            # Ansible evaluates no text of a file, unless the file is known to be the project's.
            self._variables |= loader.load_from_file(str(ROLES / file), trusted_as_template=True)
        self._variables |= task_vars
        self._templar = templar.copy_with_new_env(available_variables=self._variables)

    def __getitem__(self, name: str) -> Any:
        """Its value; empty text when there is no such variable."""
        return self._templar.template(self._variables.get(name, ""))

    def is_true(self, name: str) -> bool:
        return bool(boolean(self[name] or False, strict=False))

    def given(self, names: Mapping[str, Any]) -> dict[str, Any]:
        """Those that were given. Raises RefusedError for one that cannot be templated."""
        found = {}
        for name in names:
            if name in self._of_play:
                try:
                    found[name] = self[name]
                except AnsibleError as error:
                    raise RefusedError(f"{name} cannot be read: {error.message}") from error
        return found


def check_variables(values: Values, playbook: str) -> None:
    runs_directory = Path(str(values["observation_runs_directory"]))
    options = variables.role_options(ROLES)
    rules = variables.rules_of(options, str(values["backend"]), runs_directory)
    rules = {name: rule for name, rule in rules.items() if rule}
    if playbook == "demo":
        del rules["aws_region"]  # The local AWS of a demonstration does not exist yet.
    problems = variables.wrong_values(values.given(rules), rules)
    if problems:
        raise RefusedError("\n".join(problems))


def check_selection(purpose: Purpose, hosts: list[str]) -> None:
    if purpose.one_stack and len(hosts) != 1:
        names = sorted(hosts)
        raise RefusedError(
            f"The scenarios are played on one stack at a time. The stacks are: {', '.join(names)}. "
            f"Choose one with: --limit {names[0]}"
        )


def server_refusal(backend: str, environment: Mapping[str, str]) -> str | None:
    """Why a play may not go on: only the server that the inventory means may answer."""
    if backend == "local":
        return local_refusal(os.environ, environment)
    return aws_refusal(os.environ, profile())


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


def wanted_parameters(values: Values) -> dict[str, str]:
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


def refuse(reason: str | None) -> None:
    if reason:
        raise RefusedError(reason)


class ActionModule(ActionBase):  # type: ignore[misc]
    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> Result:
        super().run(tmp, task_vars)
        _, options = self.validate_argument_spec(**SPECIFICATION)
        self._task_vars = task_vars or {}
        self._values = Values(self._templar, self._loader, self._task_vars)
        self._playbook = options["playbook"]
        sweeps = self._playbook == "destroy" and self._values.is_true("expired_only")
        self._purpose = SWEEP if sweeps else PURPOSES[self._playbook]
        try:
            return self._checked()
        except (RefusedError, ProcessLookupError) as error:
            raise AnsibleActionFail(str(error)) from error

    def _checked(self) -> Result:
        values, purpose, playbook = self._values, self._purpose, self._playbook
        check_variables(values, playbook)
        check_selection(purpose, self._task_vars["ansible_play_hosts_all"])
        if playbook in NEED_NO_AWS:
            return {"changed": False, "lines": []}
        chosen = self._scenarios()
        only_plan = self._task.check_mode or values.is_true("plan")
        if playbook == "demo":
            return {
                "changed": False,
                "lines": [f"will: {purpose.does}", *(chosen if only_plan else [])],
            }
        # A task is played by a fork of the ansible-playbook that it belongs to.
        process = ProcessIdentity.of_parent()
        before = values["preflight"] or {}
        if before and earlier_preflight.still_holds(before, process, playbook):
            return {"changed": False, "lines": [], "preflight": {**before, "playbook": playbook}}
        return self._looked_up(process, chosen if only_plan else None)

    def _looked_up(self, process: ProcessIdentity, plan_of: list[str] | None) -> Result:
        """All that needs AWS: who calls, the stack, the operator's lock.

        `plan_of` are the chosen scenarios in lines, when only the plan is to be shown.
        """
        only_plan = plan_of is not None
        values, purpose, playbook = self._values, self._purpose, self._playbook
        backend, region = values["backend"], values["aws_region"]
        endpoint = values["aws_environment"].get("AWS_ENDPOINT_URL", "")
        self._require_allowed()
        lock = None
        if purpose.mutates and not only_plan:
            lock = OperatorLock.of(process, f"{playbook}.yml", datetime.now(UTC))
        found = self._found(lock, [str(values["confirm"])])
        self._require_fitting(found)
        compares = only_plan and playbook == "deploy" and plan.converges(found)
        changes = [] if compares else self._changes(found)
        lines = plan.lines(purpose, found, backend, region, endpoint)
        lines += changes and ["changes:", *(f"  {change}" for change in changes)]
        lines += plan.cost(purpose, found, backend, values["service_stack_instance_type"])
        would_change = plan.would_change(playbook, found, changes)
        if only_plan and purpose.every_stack:
            stacks = self._own_stacks()
            lines += plan.swept(stacks)
            would_change = any(stack["expired"] for stack in stacks)
        if plan_of is not None:
            lines += plan_of
        if lock is not None:
            said, found = self._hold(lock, found, lines)
            self._require_fitting(found)  # what it has become by now
            lines += said
        return {
            "changed": only_plan and would_change,
            "lines": lines,
            "compares": compares,
            "preflight": self._fact(found, lock, only_plan=only_plan),
        }

    def _require_allowed(self) -> None:
        """Only the server and the region that are meant get any call."""
        values = self._values
        backend, region = values["backend"], values["aws_region"]
        refuse(server_refusal(backend, values["aws_environment"]))
        refuse(two_regions_refusal(region, values["aws_environment"]))
        if backend == "aws":
            refuse(consent.region_refusal(region, values["allowed_regions"] or []))

    def _fact(self, found: Result, lock: OperatorLock | None, *, only_plan: bool) -> Result:
        """What roles that change something require."""
        return {
            "backend": self._values["backend"],
            "account": found["caller"]["account"],
            "region": self._values["aws_region"],
            "caller": found["caller"]["arn"],
            "stack": {**found["stack"], "ownership": found["ownership"]},
            "resources": found["resources"],
            "instances": found["instances"],
            "playbook": self._playbook,
            "plan": only_plan,
            "lock": lock and asdict(lock),
        }

    def _own_stacks(self) -> list[Mapping[str, Any]]:
        """Every stack of this project in the account and the region."""
        listed: Result = self._execute_module(
            module_name="own_stacks", module_args={"aws_config": CLIENT}, task_vars=self._task_vars
        )
        if listed.get("failed"):
            raise RefusedError(str(listed.get("msg", "the stacks cannot be listed")))
        stacks: list[Mapping[str, Any]] = listed["stacks"]
        return stacks

    def _require_fitting(self, found: Mapping[str, Any]) -> None:
        refuse(refusal(self._purpose, found, playbook_command()))
        if self._playbook in NEED_A_SERVICE:
            refuse(not_serving(found, playbook_command()))

    def _changes(self, found: Mapping[str, Any]) -> list[str]:
        """What a deployment changes, as far as variables and the stack's state say it."""
        if self._playbook != "deploy":
            return []
        if not plan.converges(found):
            return plan.before_convergence(found)
        return plan.differences(wanted_parameters(self._values), found["stack"]["parameters"])

    def _scenarios(self) -> list[str]:
        """The scenarios that are going to be played, in lines."""
        if self._playbook not in ("scenario", "demo"):
            return []
        run_tags, skip_tags = (
            self._task_vars[name] for name in ("ansible_run_tags", "ansible_skip_tags")
        )
        try:
            chosen = scenarios.chosen(SCENARIO_PLAYBOOK, run_tags, skip_tags)
        except ScenarioError as error:
            raise RefusedError(f"playbooks/scenarios: {error}") from error
        repeats = int(self._values["observation_repeats"])
        heading = "scenarios:" if repeats == 1 else f"scenarios, each {repeats} times:"
        return [heading, *(f"  {line}" for each in chosen for line in each.described())]

    def _found(
        self, lock: OperatorLock | None, confirmed: list[str], replaces_version: int | None = None
    ) -> Result:
        """What the module finds. It takes the lock, too, in an account that was confirmed."""
        values, is_local = self._values, self._values["backend"] == "local"
        name = values["service_stack_name"]
        allowed = [str(each) for each in values["allowed_accounts"] or []]
        arguments: Result = {
            "stack_name": name,
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
            refuse(clock_refusal(found.get("clock_ahead_seconds")))
            refuse(consent.permission_refusal(str(found.get("msg", "")), playbook_command()))
            raise RefusedError(
                f"{'The local AWS' if is_local else 'AWS in ' + values['aws_region']} did not "
                f"answer to these credentials ({found.get('msg', 'no reason given')}). "
                + START_HINT[is_local]
            )
        if not is_local:
            refuse(consent.account_refusal(found["caller"]["account"], allowed))
        return found

    def _hold(
        self, lock: OperatorLock, found: Result, shown: list[str]
    ) -> tuple[list[str], Result]:
        """Hold the lock from now on; return what must be said about it, and what is found then."""
        account = found["caller"]["account"]
        if self._values["backend"] == "aws" and str(self._values["confirm"]) != account:
            refuse(consent.confirmation_refusal(account, self._confirmation(account, shown)))
            found = self._found(lock, [account])
        now, said = datetime.now(UTC), list[str]()
        for _ in range(2):
            taken = found["lock"]
            if taken["held"]:
                return said, found
            holder = self._holder(taken["value"])
            state = holder.state(lock, now)
            if state is LockState.OWN:
                return said, found
            if state is LockState.ALIVE:
                break
            why = "has ended" if state is LockState.DEAD else "has not renewed it for an hour"
            said = [f"lock: taken over from {holder.described(now)}, which {why}"]
            found = self._found(lock, [account], taken["version"])
        raise RefusedError(
            f"The stack {found['stack']['name']} is in use by {holder.described(now)}. Wait until "
            "that has ended, or end it. If it is gone, remove its lock with: aws ssm "
            f"delete-parameter --name {parameter_name(found['stack']['name'])}"
        )

    def _holder(self, value: str) -> OperatorLock:
        try:
            return OperatorLock.from_json(value)
        except ValueError as error:
            name = parameter_name(self._values["service_stack_name"])
            raise RefusedError(
                f"The parameter {name} holds something else than this project's lock: "
                f"{variables.shown(value)}. Nothing was changed"
            ) from error

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
        return answer.decode(errors="replace").strip() or "nothing"
