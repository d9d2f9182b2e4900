"""Values that are wrong by construction, for each variable a user can set.

Nothing here knows how the product checks them: a value is wrong because of how it was made.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Make = Callable[[random.Random], Any]


@dataclass(frozen=True)
class BadVariable:
    """`names` is what the refusal must name: the variable, or the closest valid one."""

    name: str
    value: Any
    names: str

    def __str__(self) -> str:
        return f"{self.name}={self.value!r}"[:100]


def _below(least: float) -> Make:
    return lambda dice: dice.choice([least - 1, -(10**9), str(least - 1)])


def _above(most: float) -> Make:
    return lambda dice: dice.choice([most + 1, most * 1000, 10**18, f"{most + 1}"])


NOT_A_NUMBER: tuple[Make, ...] = (
    lambda dice: dice.choice(["", " ", "ten", "1e3", "0x10", "1,5", "1 2", "NaN", "nan", "-inf"]),
    lambda dice: dice.choice(["٣", "１０", "½", "十"]),  # noqa: RUF001 - digits, but not ours
    lambda dice: dice.choice([True, False, None]),
    lambda dice: f"{dice.randint(1, 9)}\n",
)
NOT_WHOLE: tuple[Make, ...] = (lambda dice: dice.choice([1.5, "2.5", "10.0", "1."]),)
INJECTED: tuple[Make, ...] = (
    lambda dice: dice.choice(
        [
            "$(touch harmed)",
            "`touch harmed`",
            "x; touch harmed",
            "x && touch harmed",
            "|touch harmed",
        ]
    ),
    lambda dice: dice.choice(["../../etc/passwd", "..", "/etc/passwd", "~root", "%00", "-rf"]),
    lambda dice: dice.choice(["' OR '1'='1", '"}, {"Ref": "AWS::StackName"}', "<script>", "${x}"]),
)
ODD_TEXT: tuple[Make, ...] = (
    lambda dice: dice.choice(["naïve", "数字", "Ωmega", "\u202egnp", "a\u200bb", "🚀"]),
    lambda dice: "x" * dice.choice([256, 5_000]),
    lambda dice: f"x{chr(dice.choice([0, 7, 9, 10, 13, 27, 127]))}y",
    lambda dice: "t3.micro\n" if dice.random() < 0.5 else "resilience-demo\n",
)
NOT_TEXT: tuple[Make, ...] = (lambda dice: dice.choice([["x"], {"x": "y"}, 3.5, None, True]),)
EMPTY: tuple[Make, ...] = (lambda _: "", lambda _: " ")


def _address(dice: random.Random) -> str:
    return ".".join(str(dice.randint(1, 255)) for _ in range(4))


NO_RANGE: tuple[Make, ...] = (
    _address,
    lambda dice: f"{_address(dice)}/{dice.randint(33, 999)}",
    lambda dice: f"{dice.randint(256, 999)}.1.1.0/24",
    lambda dice: f"10.0.0.{dice.randint(1, 255)}/24",  # host bits
    lambda dice: dice.choice(["::1/128", "10.0.0.0/-1", "10.0.0.0/", "/24", "010.0.0.0/8", "any"]),
    lambda dice: f"10.0.0.0/8{dice.choice([' ', chr(10), ',10.1.0.0/16'])}",
)
EVERYBODY: tuple[Make, ...] = (
    lambda dice: dice.choice(["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "192.0.0.0/4"]),
)
NO_NAME: tuple[Make, ...] = (
    lambda dice: "x" * dice.randint(30, 128),
    lambda dice: dice.choice(["1stack", "-stack", "my_stack", "my stack", "my.stack", "a/b"]),
    lambda dice: dice.choice(["aws-stack", "SSM-stack", "internal-stack"]),
)
NO_CHOICE: tuple[Make, ...] = (
    lambda dice: dice.choice(["", "Gated", "gated ", "all", "all at once", "none", "GATED"]),
)

_TEXT = INJECTED + ODD_TEXT + NOT_TEXT
WRONG: dict[str, tuple[Make, ...]] = {
    "service_stack_name": (*_TEXT, *EMPTY, *NO_NAME),
    "service_stack_external_cidr": (*_TEXT, *NO_RANGE),
    "service_stack_ssh_cidr": (*_TEXT, *NO_RANGE, *EVERYBODY),
    "service_stack_security_group_id": (*_TEXT, lambda dice: dice.choice(["sg-", "0abc"])),
    "service_stack_instance_type": (*_TEXT, *EMPTY, lambda dice: dice.choice(["t3", "t3."])),
    "service_stack_image_id": (*_TEXT, lambda dice: dice.choice(["ami-", "latest", "0abc"])),
    "service_stack_subnet_filters": (*_TEXT, *EMPTY, lambda dice: dice.choice([{}, {"vpc-id": 1}])),
    "service_stack_release": (INJECTED[0], INJECTED[2], *ODD_TEXT, *NOT_TEXT),
    "service_stack_rolling_update": (*_TEXT, *NO_CHOICE),
    "service_stack_health_check_interval_seconds": (
        *NOT_A_NUMBER, *NOT_WHOLE, *INJECTED, _below(1), _above(300),
    ),
    "service_stack_longest_hold_seconds": (*NOT_A_NUMBER, *INJECTED, _below(0), _above(4)),
    "service_stack_certificate_arn": (
        *_TEXT,
        lambda dice: dice.choice(
            ["arn:aws:acm:us-east-1:123456789012:certificate/1", "shop.example"]
        ),
    ),
    "service_stack_access_logs_bucket": (*_TEXT, lambda dice: dice.choice(["ab", "Logs", "-logs"])),
    "service_stack_boot_seconds": (
        *NOT_A_NUMBER, *NOT_WHOLE, *INJECTED, _below(30), _above(3_600),
    ),
    "service_stack_poll_seconds": (*NOT_A_NUMBER, *INJECTED, _below(0), _above(60)),
    "observation_held_rate": (*NOT_A_NUMBER, *INJECTED, _below(0), _above(100)),
    "observation_hold_seconds": (*NOT_A_NUMBER, *INJECTED, _below(0), _above(4)),
    "observation_rate": (*NOT_A_NUMBER, *INJECTED, _below(0), _above(5_000)),
    "observation_seconds": (*NOT_A_NUMBER, *INJECTED, _below(0.01), _above(3_600)),
    "observation_steady_seconds": (*NOT_A_NUMBER, _below(0.01), _above(3_600)),
    "observation_effect_seconds": (*NOT_A_NUMBER, _below(0.01), _above(3_600)),
    "observation_timeout_seconds": (*NOT_A_NUMBER, *NOT_WHOLE, _below(1), _above(86_400)),
    "observation_sample_interval_seconds": (*NOT_A_NUMBER, _below(0), _above(60)),
    "observation_objective": (*NOT_A_NUMBER, *INJECTED, _below(0), _above(1)),
    "instance_credentials_timeout_seconds": (*NOT_A_NUMBER, _below(0), _above(3_600)),
}  # fmt: skip


def misspelt(dice: random.Random) -> BadVariable:
    """A valid name with one letter lost, doubled or exchanged."""
    name = dice.choice(sorted(WRONG))
    at = dice.randrange(len("service_"), len(name) - 1)
    typo = dice.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        ]
    )
    return BadVariable(typo, "x", name) if typo not in WRONG else misspelt(dice)


def generated(dice: random.Random, count: int) -> Iterator[BadVariable]:
    """Every tenth is a misspelt name, the others are wrong values in turn for each variable."""
    names = sorted(WRONG)
    for number in range(count):
        if number % 10 == 9:
            yield misspelt(dice)
            continue
        name = names[number % len(names)]
        yield BadVariable(name, dice.choice(WRONG[name])(dice), name)
