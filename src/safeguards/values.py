"""What a value may be, by meaning. Each rule returns what was expected, or None when it is right.

Values come as Ansible has them: `-e name=value` gives text, JSON and YAML give numbers and lists.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from evidence.record.named_runs import existing_run, known_runs

Rule = Callable[[Any], str | None]

_INTEGER = re.compile(r"-?[0-9]{1,9}")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
_WIDEST_PREFIX = 8
_STACK_ARN = (
    r"arn:aws[a-z-]*:cloudformation:[a-z0-9-]+:[0-9]{12}:stack/[A-Za-z][A-Za-z0-9-]*/[0-9a-f-]{36}"
)


def text(value: Any) -> str | None:
    if not isinstance(value, str):
        return f"text is expected; put it in quotes: '{value}'"
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        return "text without line breaks and control characters is expected"
    return None


def pattern(regular_expression: str, expected: str) -> Rule:
    """Text that the expression matches from end to end, a line break at its end included."""
    compiled = re.compile(regular_expression)

    def rule(value: Any) -> str | None:
        if isinstance(value, str) and compiled.fullmatch(value):
            return None
        return text(value) or f"{expected} is expected"

    return rule


def one_of(choices: Collection[str]) -> Rule:
    def rule(value: Any) -> str | None:
        if isinstance(value, str) and value in choices:
            return None
        return f"one of {', '.join(choices)} is expected"

    return rule


def integer(least: int, most: int, unit: str = "") -> Rule:
    """A whole number, as a number or in digits; neither 10.0 nor 1e3 nor true."""
    expected = f"a whole number from {least} to {most}{_of(unit)} is expected"
    return _between(least, most, int, _INTEGER, expected)


def decimal(least: float, most: float, unit: str = "") -> Rule:
    """A number with or without a decimal point; neither 1e3 nor nan nor true."""
    expected = f"a number from {least:g} to {most:g}{_of(unit)} is expected"
    return _between(least, most, (int, float), _DECIMAL, expected)


def _between(
    least: float,
    most: float,
    types: type | tuple[type, ...],
    form: re.Pattern[str],
    expected: str,
) -> Rule:
    """A number of one of these types, or a text of this form, from `least` to `most`."""

    def rule(value: Any) -> str | None:
        if isinstance(value, str) and form.fullmatch(value):
            value = float(value)
        elif isinstance(value, bool) or not isinstance(value, types):
            return expected
        return None if least <= value <= most else expected

    return rule


def truth(value: Any) -> str | None:
    try:
        boolean(value, strict=True)
    except TypeError:
        return "true or false is expected"
    return None


def cidr(value: Any) -> str | None:
    """An IPv4 range as AWS stores it, without host bits; empty is right too."""
    if value == "":
        return None
    expected = "a range like 203.0.113.0/24, or one address like 203.0.113.7/32, is expected"
    if not isinstance(value, str) or not re.fullmatch(r"[0-9.]{7,15}/[0-9]{1,2}", value):
        return expected
    try:
        interface = ipaddress.IPv4Interface(value)
    except ValueError:
        return expected
    if value != str(interface.network):
        return f"{interface.network} is expected for the range, {interface.ip}/32 for the address"
    return None


def narrow_cidr(value: Any) -> str | None:
    """As `cidr`, but not the internet or a large part of it: /8 is the most that one owner has.

    Who may use SSH is never everybody: AWS Security Hub's control EC2.13.
    """
    wrong = cidr(value)
    if wrong or value == "" or ipaddress.IPv4Network(value).prefixlen >= _WIDEST_PREFIX:
        return wrong
    return f"a range of /{_WIDEST_PREFIX} or narrower is expected, like 203.0.113.0/24; give yours"


def stack_name(value: Any) -> str | None:
    """The stack's name and the names that derive from it, as each service takes them.

    Application Load Balancers: 32 characters with "-lb", not "internal-..." (CreateLoadBalancer).
    Parameter Store: not "aws..." or "ssm..." in any case (PutParameter).
    """
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,28}", value):
        return text(value) or (
            "a letter and up to 28 letters, digits or hyphens are expected, since the load "
            "balancer's name is made from it and has 32 characters at most"
        )
    if value.lower().startswith(("aws", "ssm")):
        return "a name that does not begin with aws or ssm is expected: Systems Manager has those"
    if value.lower().startswith("internal-"):
        return "a name that does not begin with internal- is expected: load balancers may not"
    return None


def instance_type(value: Any) -> str | None:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9-]*\.[a-z0-9-]+", value):
        return text(value) or "an instance type like t3.micro is expected"
    return None


def filters(value: Any) -> str | None:
    """Filters of a Describe call: each name with a text or a list of texts."""
    if (
        isinstance(value, dict)
        and value
        and all(
            isinstance(each, str) and each
            for name, wanted in value.items()
            for each in (name, *(wanted if isinstance(wanted, list) else [wanted]))
        )
    ):
        return None
    return "EC2's filters are expected, like {tag:Name: [public-a, public-b]}"


def region(value: Any) -> str | None:
    if isinstance(value, str) and re.fullmatch(r"[a-z]{2}(-[a-z]+)+-[0-9]", value):
        return None
    return "an AWS region like us-east-1 is expected: export AWS_REGION=us-east-1"


def list_of(rule: Rule) -> Rule:
    def listed(value: Any) -> str | None:
        if not isinstance(value, list):
            return "a list is expected"
        return next((f"in it, {found}" for found in map(rule, value) if found), None)

    return listed


def run_in(directory: Path) -> Rule:
    """The name of a run's folder in the directory; no path, and nothing that does not exist."""

    def rule(value: Any) -> str | None:
        if not isinstance(value, str):
            return text(value)
        try:
            existing_run(value, directory)
        except FileNotFoundError:
            return f"a run in {directory} is expected: {known_runs(directory)}"
        return None

    return rule


def or_empty(rule: Rule) -> Rule:
    return lambda value: None if value == "" else rule(value)


def stack_arn(value: Any) -> str | None:
    return pattern(_STACK_ARN, "the ARN of a stack")(value)


def account(value: Any) -> str | None:
    if isinstance(value, int):
        value = str(value)
    return pattern(r"[0-9]{12}", "an account's 12 digits, in quotes,")(value)


def _of(unit: str) -> str:
    return f" {unit}" if unit else ""
