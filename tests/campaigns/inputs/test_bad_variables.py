"""Wrong input: an error status, one clear line that names it, and no call that changes anything.

300 generated variables go through the check that every play begins with, since a play costs
seconds; a sample of them, and those written below, through whole plays. There a recorder between
the plays and the local AWS names every call, and what the account holds is compared.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from account import Holdings, difference, holdings
from api_recorder import ApiRecorder
from bad_variables import BadVariable, generated
from campaign import FULL, SEED, Figures
from local_aws_command import LocalAws
from terminal import BIN, ROOT

from safeguards.variables import role_options, rules_of, unknown_names, wrong_values

pytestmark = [pytest.mark.campaign, pytest.mark.timeout(1800)]

GENERATED = 300
PLAYED = 30 if FULL else 2
"""Of the generated ones, those that a whole play is given."""

LONGEST_LINE = 400
PLAY_SECONDS = 60.0
MESSAGE = re.compile(r'"msg": "((?:[^"\\]|\\.)*)"|^\[?ERROR\]?:? (.*)$', re.MULTILINE)


@dataclass(frozen=True)
class Wrong:
    """A command line, and what its refusal must say."""

    words: tuple[str, ...]
    names: str

    def __str__(self) -> str:
        return " ".join(self.words)[:100]


def given(playbook: str, names: str, **variables: object) -> Wrong:
    return Wrong((f"{playbook}.yml", "-e", json.dumps(variables)), names)


def deploy(**variables: object) -> Wrong:
    return given("deploy", next(iter(variables)), **variables)


def scenario(**variables: object) -> Wrong:
    return given("scenario", next(iter(variables)), **variables)


WRITTEN = [
    deploy(service_stack_health_check_interval_seconds=0),
    deploy(service_stack_health_check_interval_seconds=-1),
    deploy(service_stack_health_check_interval_seconds=1e9),
    deploy(service_stack_health_check_interval_seconds="ten"),
    deploy(service_stack_health_check_interval_seconds=""),
    deploy(service_stack_external_cidr="999.1.1.1/99"),
    deploy(service_stack_external_cidr="192.0.2.7"),
    deploy(service_stack_external_cidr="10.0.0.1/8"),
    deploy(service_stack_external_cidr="::/0"),
    deploy(service_stack_ssh_cidr="anywhere"),
    deploy(service_stack_ssh_cidr="10.0.0.0/8\n"),
    deploy(service_stack_security_group_id="$(id)"),
    deploy(service_stack_name="n" * 40),
    deploy(service_stack_name="resilience-demo\n"),
    deploy(service_stack_name="resilience demo"),
    deploy(service_stack_name="résilience"),
    deploy(service_stack_name=""),
    deploy(service_stack_name="aws-demo"),
    deploy(service_stack_name="internal-demo"),
    deploy(service_stack_name={"a": "b"}),
    deploy(service_stack_image_id="latest"),
    deploy(service_stack_instance_type="; reboot"),
    deploy(service_stack_release="1 0"),
    deploy(service_stack_release="`touch harmed`"),
    deploy(service_stack_rolling_update="sometimes"),
    deploy(service_stack_poll_seconds=0),
    given("deploy", "service_stack_release", service_stack_relase="1.0.1"),
    given("deploy", "service_stack_ssh_cidr", service_stack_ssh_cdir="10.0.0.0/8"),
    given("destroy", "service_stack_name", service_stack_nmae="resilience-demo"),
    scenario(observation_rate=0),
    scenario(observation_rate=-5),
    scenario(observation_rate=float("nan")),
    scenario(observation_rate=float("inf")),
    scenario(observation_rate=1e6),
    scenario(observation_steady_seconds=0),
    scenario(observation_sample_interval_seconds=-1),
    Wrong(("scenario.yml", "--tags", "fail-opne"), "fail-open"),
    Wrong(("destroy.yml", "--tags", "x"), "x"),
    Wrong(("deploy.yml", "-i", "inventory/asw"), "asw"),
    Wrong(("deploy.yml", "--limit", "nobody"), "nobody"),
]
assert len(WRITTEN) == 40


def sample() -> list[Wrong]:
    """Those of the generated ones that a command line can carry as they are."""
    dice = random.Random(SEED)  # noqa: S311 - to be repeatable
    found = [
        given(dice.choice(["deploy", "scenario", "destroy"]), bad.names, **{bad.name: bad.value})
        for bad in generated(dice, GENERATED)
    ]
    return dice.sample(found, PLAYED)


def refusals(bad: BadVariable) -> list[str]:
    rules = rules_of(role_options(ROOT / "roles"), "local")
    if bad.name in rules:
        return wrong_values({bad.name: bad.value}, rules)
    return unknown_names([bad.name], rules)


def test_each_generated_variable_is_refused_in_one_clear_line(
    dice: random.Random, figures: Figures
) -> None:
    unclear = []
    for bad in generated(dice, GENERATED):
        found = refusals(bad)
        if len(found) != 1 or not is_clear(found[0], bad.names):
            unclear.append(f"{bad}: {found}")
    figures.add(generated=GENERATED, not_refused_clearly=len(unclear))
    assert unclear == []


def is_clear(line: str, names: str) -> bool:
    return line.isprintable() and len(line) <= LONGEST_LINE and names in line


@pytest.fixture(scope="module")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """One that holds something of somebody else's."""
    local_aws = LocalAws(tmp_path_factory.mktemp("local-aws") / "home")
    local_aws.start()
    local_aws.client("ssm").put_parameter(Name="somebodys", Value="1", Type="String")
    local_aws.client("ec2").create_security_group(GroupName="somebodys", Description="keep")
    yield local_aws
    local_aws.stop()


@pytest.fixture(scope="module")
def held(local_aws: LocalAws) -> Holdings:
    return holdings(local_aws.client)


@pytest.mark.parametrize("wrong", [*(WRITTEN if FULL else WRITTEN[::12]), *sample()], ids=str)
def test_a_play_refuses_it_before_it_calls_anything(
    wrong: Wrong, local_aws: LocalAws, held: Holdings, figures: Figures
) -> None:
    with ApiRecorder(local_aws.home) as recorder:
        done = subprocess.run(
            [str(BIN / "ansible-playbook"), *wrong.words],
            cwd=ROOT,
            env={
                **{key: value for key, value in os.environ.items() if not key.startswith("AWS_")},
                "LOCAL_AWS_HOME": str(local_aws.home),
                "ANSIBLE_STDOUT_CALLBACK": "default",
                "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
                "ANSIBLE_NOCOLOR": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PLAY_SECONDS,
            check=False,
        )
    figures.count("played")
    figures.count("api_calls", len(recorder.calls))
    figures.count("api_writes", len(recorder.writes))
    assert done.returncode != 0, done.stdout
    assert "Traceback" not in done.stdout
    messages = [one or other for one, other in MESSAGE.findall(done.stdout)]
    assert any(is_clear(message, wrong.names) for message in messages), done.stdout
    assert recorder.writes == []
    assert difference(held, holdings(local_aws.client)) == {}
