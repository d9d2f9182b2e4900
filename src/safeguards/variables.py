"""Every variable that a user can set, checked once and before any API call.

The names come from the argument specs of the roles, so that a new option is known without being
named here. What a value may be comes from RULES, else from its argument spec.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from evidence.observe.limits import LIMITS
from safeguards import values
from safeguards.values import Rule
from safeguards.yaml_file import read_yaml

BACKENDS = ("local", "aws")
LEAST_INTERVAL_SECONDS = {"local": 1, "aws": 5}

_SECONDS = "seconds"
_RUNS = ("run", "against", "report_run", "report_against")


def _limited(name: str, whole: bool = False) -> Rule:
    """What the observer takes; it refuses the rest itself, but only once it is started."""
    limit = LIMITS[name]
    if whole:
        return values.integer(math.ceil(limit.lowest), int(limit.highest), limit.unit)
    return values.decimal(limit.lowest, limit.highest, limit.unit)


_OF_INVENTORIES = {
    "backend": values.one_of(BACKENDS),
    "aws_region": values.region,
    "aws_environment": None,
    "backend_versions": None,
    "local_aws_home": values.text,
    "local_aws_options": values.list_of(values.text),
    "local_aws_running": None,
    "allowed_accounts": values.list_of(values.account),
    "allowed_regions": values.list_of(values.region),
}
"""Set in inventories, and nothing of a role."""

_OF_COMMAND_LINES = {
    "plan": values.truth,
    "confirm": values.or_empty(values.account),
    "negative_control": values.truth,
    "keep_fault": values.truth,
    "repeats": values.integer(1, 1000, "repetitions"),
    "run": values.text,
    "against": values.text,
    "service_stack_adopt": values.or_empty(values.stack_arn),
    "expires_hours": values.decimal(0, 720, "hours"),
    "expired_only": values.truth,
    "watch": values.truth,
}
"""Given with -e, and read by more than one role."""

_OF_ROLES: dict[str, Rule | None] = {
    "service_stack_name": values.stack_name,
    "service_stack_expires_hours": values.or_empty(values.decimal(0, 720, "hours")),
    "service_stack_external_cidr": values.cidr,
    "service_stack_ssh_cidr": values.narrow_cidr,
    "service_stack_security_group_id": values.or_empty(
        values.pattern(
            r"sg-([0-9a-f]{8}|[0-9a-f]{17})", "the id of a group, like sg-0123456789abcdef0,"
        )
    ),
    "service_stack_instance_type": values.instance_type,
    "service_stack_image_id": values.or_empty(
        values.pattern(
            r"ami-([0-9a-f]{8}|[0-9a-f]{17})", "the id of an image, like ami-0123456789abcdef0,"
        )
    ),
    "service_stack_subnet_filters": values.filters,
    "service_stack_release": values.or_empty(
        values.pattern(r"[A-Za-z0-9._-]{1,32}", "up to 32 letters, digits, dots, _ or -")
    ),
    "service_stack_table": values.or_empty(
        values.pattern(r"[A-Za-z0-9_.-]{3,255}", "a table's name of 3 to 255 characters")
    ),
    "service_stack_health_check_interval_seconds": values.integer(1, 300, _SECONDS),
    "service_stack_answer_seconds": values.decimal(1, 3600, _SECONDS),
    "service_stack_drain_seconds": values.decimal(0, 675, _SECONDS),
    "service_stack_deregistration_seconds": values.integer(0, 3600, _SECONDS),
    "service_stack_longest_hold_seconds": values.decimal(0, 4, _SECONDS),
    "service_stack_certificate_arn": values.or_empty(
        values.pattern(
            r"arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]{36}",
            "the ARN of a certificate in ACM",
        )
    ),
    "service_stack_access_logs_bucket": values.or_empty(
        values.pattern(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "a bucket's name of 3 to 63 characters")
    ),
    "service_stack_boot_seconds": values.integer(30, 3600, _SECONDS),
    "service_stack_poll_seconds": values.decimal(0.05, 60, _SECONDS),
    # No option of the role's, which would have them worked out too early; `verdict` checks them.
    "observation_claims": None,
    "observation_rate": _limited("rate"),
    "observation_held_rate": values.decimal(0, LIMITS["held_rate"].highest, "requests a second"),
    "observation_hold_seconds": values.decimal(0, 4, _SECONDS),
    "observation_awaited_seconds": values.decimal(0.01, 3600, _SECONDS),
    "observation_steady_seconds": values.decimal(0.01, 3600, _SECONDS),
    "observation_effect_seconds": values.decimal(0.01, 3600, _SECONDS),
    "observation_seconds": values.decimal(0.01, 3600, _SECONDS),
    "observation_restored_seconds": values.decimal(0.01, 3600, _SECONDS),
    "observation_network_ms": values.decimal(0, 10_000, "ms"),
    "observation_timeout_seconds": _limited("timeout_seconds", whole=True),
    "observation_sample_interval_seconds": _limited("sample_interval_seconds"),
    "observation_reporting_lag_seconds": values.decimal(0, 60, _SECONDS),
    "observation_policy_lag_seconds": values.decimal(0, 300, _SECONDS),
    "observation_objective": values.decimal(0, 1),
    "observation_repeats": values.integer(1, 1000, "repetitions"),
    "observation_attempts": values.integer(1, 100, "attempts"),
    "observation_abort_below": _limited("abort_below"),
    "observation_abort_seconds": _limited("abort_seconds"),
    "live_page_port": values.integer(0, 65_535),
    "instance_credentials_timeout_seconds": values.decimal(1, 3600, _SECONDS),
}

RULES: dict[str, Rule | None] = {**_OF_INVENTORIES, **_OF_COMMAND_LINES, **_OF_ROLES}

_BY_TYPE: dict[str, Rule] = {
    "bool": values.truth,
    "int": values.integer(-(10**9), 10**9),
    "float": values.decimal(-1e9, 1e9),
    "str": values.text,
    "path": values.text,
}

Specs = Mapping[str, Mapping[str, Any]]


def role_options(roles: Path) -> dict[str, dict[str, Any]]:
    """The options of all entry points of all roles, by name, as their argument specs have them."""
    options: dict[str, dict[str, Any]] = {}
    for path in sorted(roles.glob("*/meta/argument_specs.yml")):
        for entry_point in read_yaml(path)["argument_specs"].values():
            options |= entry_point.get("options") or {}
    return options


def rules_of(
    options: Specs, backend: str, runs_directory: Path | None = None
) -> dict[str, Rule | None]:
    """What each known variable may be; None when nothing is asked of its value.

    With `runs_directory` the runs that are named must be in it.
    """
    rules = {name: _rule_of(option) for name, option in options.items()} | RULES
    least = LEAST_INTERVAL_SECONDS.get(backend, 1)
    rules["service_stack_health_check_interval_seconds"] = values.integer(least, 300, _SECONDS)
    if runs_directory is not None:
        rules |= dict.fromkeys(_RUNS, values.or_empty(values.run_in(runs_directory)))
    return rules


def _rule_of(option: Mapping[str, Any]) -> Rule | None:
    if "choices" in option:
        return values.one_of(option["choices"])
    return _BY_TYPE.get(option.get("type", "str"))


def wrong_values(variables: Mapping[str, Any], rules: Mapping[str, Rule | None]) -> list[str]:
    """One line for each variable whose value is wrong: what it is and what was expected."""
    problems = []
    for name in sorted(variables.keys() & rules.keys()):
        rule = rules[name]
        expected = rule(variables[name]) if rule else None
        if expected:
            problems.append(f"{name} is {shown(variables[name])}; {expected}")
    return problems


def unknown_names(names: Iterable[str], known: Collection[str]) -> list[str]:
    """One line for each name that nothing reads, with the closest one that something does."""
    problems = []
    for name in sorted(set(names) - set(known)):
        if name.startswith("ansible_"):
            continue
        close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
        meant = (
            f"did you mean {close[0]}?" if close else f"the names are: {', '.join(sorted(known))}"
        )
        problems.append(f"{shown(name)} is no variable here; {meant}")
    return problems


def misspelt_names(names: Iterable[str], known: Collection[str]) -> list[str]:
    """As `unknown_names`, of those that are almost known: an inventory may have its own."""
    suspects = [
        name
        for name in names
        if name not in known and difflib.get_close_matches(name, known, n=1, cutoff=0.85)
    ]
    return unknown_names(suspects, known)


def templates_in(value: Any) -> bool:
    """Whether Ansible would evaluate a part of the value, or of what is in it."""
    if isinstance(value, Mapping):
        return any(templates_in(each) for pair in value.items() for each in pair)
    if isinstance(value, list | tuple):
        return any(templates_in(each) for each in value)
    return isinstance(value, str) and any(mark in value for mark in ("{{", "{%", "{#"))


def shown(value: Any) -> str:
    """A value in one short line, whatever is in it."""
    line = repr(value)
    return line if len(line) <= 80 else f"{line[:76]}...{line[-1]}"
