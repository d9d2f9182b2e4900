"""AWS's own walk-through, typed with the AWS CLI on what render.yml writes: no Ansible after that.

Its eight steps create the stack, break and restore it, and delete it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from account import difference, holdings
from ansible.module_utils.resilience.server_archive import digest
from local_aws_command import eventually, get
from workplace import ROOT

STACK = "typed-demo"
BUCKET = f"{STACK}-123456789012-us-east-1"
SECONDS = 120.0
ENOUGH = 12
"""Of so many replies in turn, each instance has given some."""


@dataclass(frozen=True)
class Typed:
    """The AWS CLI, and what a browser would show of the service."""

    command_line: Callable[..., Any]
    environment: dict[str, str]

    def __call__(self, *words: str) -> Any:
        """What the command prints, as JSON where it prints any."""
        done = self.command_line("aws", *words, environment=self.environment, timeout=240)
        assert done.status == 0, done.output
        return json.loads(done.output) if done.output.startswith("{") else done.output

    def stack(self) -> dict[str, Any]:
        described = self("cloudformation", "describe-stacks", "--stack-name", STACK)
        stack: dict[str, Any] = described["Stacks"][0]
        return stack

    def output(self, name: str) -> str:
        outputs = {row["OutputKey"]: row["OutputValue"] for row in self.stack()["Outputs"]}
        return outputs[name]

    def update(self, **changed: str) -> None:
        """And wait, as `wait stack-update-complete` does, which looks once in half a minute."""
        kept = [row["ParameterKey"] for row in self.stack()["Parameters"]]
        parameters = [
            f"ParameterKey={key},ParameterValue={changed[key]}"
            if key in changed
            else f"ParameterKey={key},UsePreviousValue=true"
            for key in kept
        ]
        self(
            *("cloudformation", "update-stack", "--stack-name", STACK),
            *("--use-previous-template", "--capabilities", "CAPABILITY_IAM"),
            *("--parameters", *parameters),
        )
        eventually(lambda: self.stack()["StackStatus"] == "UPDATE_COMPLETE", SECONDS)

    def replies(self, url: str) -> list[str]:
        """Each one's kind, with the instance that gave it."""
        return [kind_of(*get(url)) for _ in range(ENOUGH)]

    def health(self) -> dict[str, str]:
        """Each target's state, by its instance's id."""
        arn = self.output("TGArn")
        rows = self("elbv2", "describe-target-health", "--target-group-arn", arn)
        return {
            row["Target"]["Id"]: row["TargetHealth"]["State"]
            for row in rows["TargetHealthDescriptions"]
        }


def kind_of(status: int, body: str) -> str:
    if status != 200:
        return str(status)
    reply = json.loads(body)
    kind = "static" if reply["ItemId"]["N"] == "0" else "real"
    return f"{kind} from {reply['Metadata']['InstanceId']}"


def kinds(replies: list[str]) -> set[str]:
    return {reply.split()[0] for reply in replies}


@pytest.fixture(scope="module")
def rendered(playbook: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendered")
    variables = {"service_stack_name": STACK, "service_stack_rendered_directory": str(folder)}
    run = playbook("render.yml", "-e", json.dumps(variables))
    assert run.status == 0, run.output
    return folder


@pytest.fixture(scope="module")
def typed(
    running: dict[str, str],
    rendered: Path,
    command_line: Callable[..., Any],
    aws: Callable[..., Any],
) -> Iterator[Typed]:
    """The stack is created; in the end it is deleted, and nothing is left of it."""
    before = holdings(aws)
    cli = Typed(command_line, running)
    parameters = json.loads((rendered / "parameters.json").read_text())
    values = {row["ParameterKey"]: row["ParameterValue"] for row in parameters}
    sha256 = values["ServerSha256"]
    [archive] = (
        path
        for path in (ROOT / ".cache/archives").glob("*.zip")
        if digest(path.read_bytes()) == sha256
    )
    cli("s3", "mb", f"s3://{BUCKET}")
    tags = f"file://{rendered}/bucket-tags.json"
    cli("s3api", "put-bucket-tagging", "--bucket", BUCKET, "--tagging", tags)
    cli("s3", "cp", str(archive), f"s3://{BUCKET}/{sha256}.zip")
    cli(
        "cloudformation",
        *("create-stack", "--stack-name", STACK),
        *("--template-body", f"file://{rendered}/template.yaml"),
        *("--parameters", f"file://{rendered}/parameters.json"),
        *("--tags", f"file://{rendered}/tags.json"),
        *("--capabilities", "CAPABILITY_IAM"),
    )
    # `wait` looks once in half a minute.
    eventually(lambda: cli.stack()["StackStatus"] == "CREATE_COMPLETE", SECONDS)
    cli("cloudformation", "wait", "stack-create-complete", "--stack-name", STACK)
    yield cli
    cli("cloudformation", "delete-stack", "--stack-name", STACK)
    cli("cloudformation", "wait", "stack-delete-complete", "--stack-name", STACK)
    cli("s3", "rb", f"s3://{BUCKET}", "--force")
    assert difference(before, holdings(aws)) == {}


def test_it_is_the_stack_that_a_deployment_makes(
    typed: Typed, playbook: Callable[..., Any], aws: Callable[..., Any]
) -> None:
    before = aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"]

    deployed = playbook("deploy.yml", "-e", f"service_stack_name={STACK}")

    assert deployed.status == 0, deployed.output
    # The recommendations and the bucket's settings, which are no part of the stack.
    assert deployed.changed == 2
    assert aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"] == before
    assert typed.stack()["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.timeout(900)  # seven updates of the stack, two of which replace or reboot instances
def test_the_eight_steps_of_awss_walk_through(typed: Typed) -> None:
    url = f"http://{typed.output('LB')}/"
    profile = typed.output("InstanceProfile")
    three = [*typed.health()]

    # 1. As deployed.
    assert kinds(typed.replies(url)) == {"real"}

    # 2. The table is gone: every request fails, and health checks that are shallow see nothing.
    typed.update(SSMTableName="no-such-table")
    eventually(lambda: kinds(typed.replies(url)) == {"502"}, SECONDS)
    assert set(typed.health().values()) == {"healthy"}

    # 3. A static response stands in.
    typed.update(SSMFailure="static")
    eventually(lambda: kinds(typed.replies(url)) == {"static"}, SECONDS)

    # 4. The table is back, and one instance loses its credentials: it alone answers statically.
    typed.update(SSMTableName="''")
    eventually(lambda: kinds(typed.replies(url)) == {"real"}, SECONDS)
    victim = three[0]
    [association] = typed(
        *("ec2", "describe-iam-instance-profile-associations"),
        *("--filters", f"Name=instance-id,Values={victim}"),
    )["IamInstanceProfileAssociations"]
    assert association["IamInstanceProfile"]["Arn"].endswith(f"/{profile}")
    typed(
        *("ec2", "disassociate-iam-instance-profile"),
        *("--association-id", association["AssociationId"]),
    )
    typed("ec2", "reboot-instances", "--instance-ids", victim)
    wanted = {f"static from {victim}", *(f"real from {other}" for other in three[1:])}
    eventually(lambda: set(typed.replies(url)) == wanted, SECONDS)
    eventually(lambda: list(typed.health().values()) == ["healthy"] * 3, SECONDS)

    # 5. Deep health checks see it, and take it out of rotation.
    typed.update(SSMHealthCheck="deep")
    eventually(lambda: typed.health()[victim] == "unhealthy", SECONDS)
    eventually(lambda: kinds(typed.replies(url)) == {"real"}, SECONDS)

    # 6. It is terminated; the group puts another in its place.
    typed("ec2", "terminate-instances", "--instance-ids", victim)
    eventually(lambda: victim not in typed.health(), SECONDS)
    eventually(lambda: list(typed.health().values()) == ["healthy"] * 3, SECONDS)
    three = [*typed.health()]

    # 7. The table is gone for all: no target is healthy, so the load balancer fails open.
    typed.update(SSMTableName="no-such-table")
    eventually(lambda: list(typed.health().values()) == ["unhealthy"] * 3, SECONDS)
    assert set(typed.replies(url)) == {f"static from {each}" for each in three}

    # 8. The table is back, and a new release replaces every instance.
    typed.update(SSMTableName="''")
    eventually(lambda: list(typed.health().values()) == ["healthy"] * 3, SECONDS)
    typed.update(LaunchTemplateVersion="2.0.0")
    eventually(lambda: list(typed.health().values()) == ["healthy"] * 3, SECONDS)
    assert not {*three} & {*typed.health()}
    assert kinds(typed.replies(url)) == {"real"}
