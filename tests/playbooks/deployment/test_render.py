"""render.yml writes complete files and changes nothing; test_aws_cli.py makes the stack of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from api_recorder import ApiRecorder

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
