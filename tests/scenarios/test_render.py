"""What render.yml writes is what a deployment sends, and nothing is changed for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible.module_utils.resilience.server_archive import digest
from api_recorder import ApiRecorder
from workplace import ROOT

STACK = "rendered-demo"
BUCKET = f"{STACK}-123456789012-us-east-1"
FILES = {
    "bucket-tags.json",
    "cloud-config.yaml",
    "cloudformation-policy.json",
    "instance-policy.json",
    "operator-policy.json",
    "parameters.json",
    "tags.json",
    "template.yaml",
}


@pytest.fixture(scope="module")
def recorder(home: Path, running: dict[str, str]) -> Iterator[ApiRecorder]:
    local_aws = SimpleNamespace(home=home, running={"endpoint": running["AWS_ENDPOINT_URL"]})
    with ApiRecorder(local_aws) as recorder:  # type: ignore[arg-type]
        yield recorder


@pytest.fixture(scope="module")
def rendered(
    recorder: ApiRecorder,
    playbook: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The folder with what render.yml has written; it may only have read."""
    folder = tmp_path_factory.mktemp("rendered")
    run = playbook("render.yml", *named(folder))
    assert run.status == 0, run.output
    assert recorder.writes == []
    return folder


def named(folder: Path) -> tuple[str, ...]:
    variables = {
        "service_stack_name": STACK,
        "service_stack_rendered_directory": str(folder),
    }
    return ("-e", json.dumps(variables))


def archive_of(rendered: Path) -> str:
    """The object's key."""
    rows = json.loads((rendered / "parameters.json").read_text())
    values = {row["ParameterKey"]: row["ParameterValue"] for row in rows}
    return f"{values['ServerSha256']}.zip"


def test_each_file_is_complete(rendered: Path) -> None:
    assert {path.name for path in rendered.iterdir()} == FILES
    for path in rendered.glob("*.json"):
        assert json.loads(path.read_text()), path.name
        assert "{{" not in path.read_text(), path.name
    cloud_config = yaml.safe_load((rendered / "cloud-config.yaml").read_text())
    units = {Path(each["path"]).name: each["content"] for each in cloud_config["write_files"]}
    assert f"--stack {STACK} " in units["recommendation-server-install.service"]
    table = "${DocExampleRecommendationServiceTable.Arn}"
    instance = json.loads((rendered / "instance-policy.json").read_text())
    allowed = {each["Action"]: each["Resource"] for each in instance["Statement"][:2]}
    assert allowed == {
        "s3:GetObject": f"arn:aws:s3:::{BUCKET}/{archive_of(rendered)}",
        "dynamodb:GetItem": table,
    }
    operator = (rendered / "operator-policy.json").read_text()
    assert f"arn:aws:cloudformation:us-east-1:123456789012:stack/{STACK}/*" in operator


def test_check_mode_writes_nothing(
    rendered: Path,  # noqa: ARG001 - rendered once already
    playbook: Callable[..., Any],
    tmp_path: Path,
) -> None:
    run = playbook("render.yml", "--check", *named(tmp_path / "none"))
    assert run.status == 0, run.output
    assert not (tmp_path / "none").exists()


def test_the_aws_cli_makes_the_stack_of_it_that_a_deployment_makes(
    rendered: Path,
    running: dict[str, str],
    command_line: Callable[..., Any],
    playbook: Callable[..., Any],
    aws: Callable[..., Any],
) -> None:
    def cli(*words: str) -> None:
        done = command_line("aws", *words, environment=running, timeout=240)
        assert done.status == 0, done.output

    [archive] = (
        path
        for path in (ROOT / ".cache/archives").glob("*.zip")
        if f"{digest(path.read_bytes())}.zip" == archive_of(rendered)
    )
    cli("s3", "mb", f"s3://{BUCKET}")
    tags = f"file://{rendered}/bucket-tags.json"
    cli("s3api", "put-bucket-tagging", "--bucket", BUCKET, "--tagging", tags)
    cli("s3", "cp", str(archive), f"s3://{BUCKET}/{archive_of(rendered)}")
    cli(
        "cloudformation",
        *("create-stack", "--stack-name", STACK),
        *("--template-body", f"file://{rendered}/template.yaml"),
        *("--parameters", f"file://{rendered}/parameters.json"),
        *("--tags", f"file://{rendered}/tags.json"),
        *("--capabilities", "CAPABILITY_IAM"),
    )
    cli("cloudformation", "wait", "stack-create-complete", "--stack-name", STACK)
    before = aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"]

    deployed = playbook("deploy.yml", "-e", f"service_stack_name={STACK}")

    assert deployed.status == 0, deployed.output
    # The recommendations and the bucket's settings, which are no part of the stack.
    assert deployed.changed == 2
    assert aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"] == before
    removed = playbook("destroy.yml", "-e", f"service_stack_name={STACK}")
    assert removed.status == 0, removed.output
