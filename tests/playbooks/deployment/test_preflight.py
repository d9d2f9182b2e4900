"""Before a play touches anything: what it refuses, what a plan shows, and who works on a stack."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from evidence.record.processes import ProcessIdentity
from safeguards.lock_parameter import parameter_name
from safeguards.operator_lock import OperatorLock

STACK = "foreign-demo"
LOCK = parameter_name(STACK)
NAMED = ("-e", f"service_stack_name={STACK}")
TOPIC = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
CHANGES = ["deploy.yml", "scenario.yml", "destroy.yml"]


@contextmanager
def stack_with(aws: Callable[[str], Any], tags: dict[str, str]) -> Iterator[str]:
    cloudformation = aws("cloudformation")
    arn = cloudformation.create_stack(
        StackName=STACK,
        TemplateBody=json.dumps(TOPIC),
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )["StackId"]
    cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK)
    try:
        yield arn
    finally:
        cloudformation.delete_stack(StackName=STACK)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK)


def locks(aws: Callable[[str], Any]) -> list[str]:
    return [each["Value"] for each in aws("ssm").get_parameters(Names=[LOCK])["Parameters"]]


@pytest.fixture
def lock(aws: Callable[[str], Any]) -> Iterator[Callable[[OperatorLock], None]]:
    def put(held: OperatorLock) -> None:
        aws("ssm").put_parameter(Name=LOCK, Value=held.to_json(), Type="String", Overwrite=True)

    yield put
    aws("ssm").delete_parameters(Names=[LOCK])


def of(process: subprocess.Popen[bytes]) -> OperatorLock:
    identity = ProcessIdentity.of(process.pid)
    assert identity is not None
    return replace(OperatorLock.of(identity, "scenario.yml", datetime.now(UTC)), owner="ada@desk")


@pytest.mark.parametrize("name", CHANGES)
def test_a_foreign_stack_of_our_name_is_refused_and_left_alone(name, playbook, aws) -> None:
    with stack_with(aws, {"team": "billing"}) as arn:
        before = aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"]

        run = playbook(name, *NAMED, "-e", f"service_stack_adopt={arn}")

        assert run.status != 0
        assert arn in "".join(run.output.split())
        assert "not this project's" in run.output
        assert aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"] == before
        assert locks(aws) == []


def test_a_stack_of_an_older_version_is_removed_only_when_it_is_named(playbook, aws) -> None:
    with stack_with(aws, {"Project": "resilient-service"}) as arn:
        refused = playbook("destroy.yml", *NAMED)
        assert refused.status != 0
        assert f"service_stack_adopt={arn}" in "".join(refused.output.split())

        removed = playbook("destroy.yml", *NAMED, "-e", f"service_stack_adopt={arn}")
        assert removed.status == 0, removed.output


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("plan", [("--check",), ("-e", "plan=true")])
def test_a_plan_shows_what_would_be_done_and_does_nothing(plan, playbook, aws) -> None:
    run = playbook("deploy.yml", *NAMED, *plan)

    assert run.status == 0, run.output
    assert "which does not exist" in run.output
    assert "nothing was changed" in run.output
    assert run.changed == 1
    assert locks(aws) == []
    stacks = aws("cloudformation").describe_stacks()["Stacks"]
    assert STACK not in {stack["StackName"] for stack in stacks}


def test_the_plan_of_a_demonstration_needs_no_local_aws(playbook, tmp_path) -> None:
    run = playbook("demo.yml", "--check", environment={"LOCAL_AWS_HOME": str(tmp_path / "none")})

    assert run.status == 0, run.output
    assert "fault: run another release" in run.output
    assert "Start the local AWS" not in run.output


@pytest.mark.usefixtures("running")
def test_a_second_operator_is_refused_by_name(playbook, aws, lock) -> None:
    first = subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE)
    try:
        held = of(first)
        lock(held)
        run = playbook("destroy.yml", *NAMED)
    finally:
        first.communicate()

    assert run.status != 0
    assert f"in use by ada@desk (process {first.pid}, scenario.yml" in run.said
    assert locks(aws) == [held.to_json()]


@pytest.mark.usefixtures("running")
def test_the_lock_of_one_who_was_killed_is_taken_over_and_released(playbook, aws, lock) -> None:
    first = subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE)
    lock(of(first))
    first.communicate()

    run = playbook("destroy.yml", *NAMED)

    assert run.status == 0, run.output
    assert "taken over from ada@desk" in run.said
    assert locks(aws) == []


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--tags", "x"], "No play has the tag x"),
        (["--skip-tags", "always"], "would leave out the preflight"),
        (["-e", "service_stack_adpot=x"], "did you mean service_stack_adopt?"),
        (["-i", "inventory/asw"], "inventory/asw"),
        (["--limit", "nobody"], "supplied host pattern, ignoring: nobody"),
        (["-e", "aws_region=eu-west-1"], "aws_region is 'eu-west-1', but the calls of this play"),
        (["-e", '{"plan": "maybe"}'], "plan is 'maybe'; true or false is expected"),
    ],
)
def test_a_command_line_that_means_nothing_is_an_error(arguments, expected, playbook) -> None:
    run = playbook("destroy.yml", *arguments)

    assert run.status != 0
    assert expected in run.said
    assert run.changed == 0


def test_a_template_in_a_value_is_refused_before_it_is_evaluated(playbook, tmp_path) -> None:
    evaluated = tmp_path / "evaluated"
    value = "{{ lookup('pipe', 'touch " + str(evaluated) + "') }}"

    run = playbook("deploy.yml", "-e", json.dumps({"aws_region": value}))

    assert run.status != 0
    assert "that is a template" in run.output
    assert not evaluated.exists()


@contextmanager
def recording() -> Iterator[tuple[str, list[bytes]]]:
    """A server on loopback that notes whatever connects to it, and answers nothing."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    heard.append(connection.recv(200))

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", heard
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSM"])
def test_on_aws_no_emulator_is_used(name, playbook) -> None:
    with recording() as (elsewhere, heard):
        run = playbook(
            "-i",
            "inventory/aws",
            "destroy.yml",
            environment={"AWS_REGION": "us-east-1", name: elsewhere},
        )

    assert run.status != 0
    assert f"{name} would send this play to another server" in run.said
    assert heard == []
