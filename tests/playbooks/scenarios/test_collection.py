"""The rehearsal of the collection's README, as somebody types it who has no checkout."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from built_collection import ROOT, build, install, run
from local_aws_command import eventually

STACK = "resilience-demo"
WHOLE_SECONDS = 60.0


def rehearsal() -> str:
    """The README's one playbook."""
    readme = (ROOT / "collection/README.md").read_text()
    [found] = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)
    return str(found)


def test_the_readmes_rehearsal_is_judged_and_reported(
    deployed: dict[str, str], aws: Callable[[str], Any], tmp_path: Path
) -> None:
    build(tmp_path / "dist")
    install(tmp_path / "dist", tmp_path)
    (tmp_path / "rehearsal.yml").write_text(rehearsal())
    stack = aws("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    theirs = {
        "service_url": f"http://{outputs['LB']}/",
        "stack_name": STACK,
        "target_group_arn": outputs["TGArn"],
        "auto_scaling_group_name": outputs["AutoScalingGroup"],
    }

    played = run(
        *("ansible-playbook", "rehearsal.yml", "-e", json.dumps(theirs)),
        folder=tmp_path,
        environment=deployed,
    )

    assert played.returncode == 0, played.stdout
    [verdicts] = json.loads((tmp_path / "runs/latest/verdicts.json").read_text())["scenarios"]
    assert verdicts["scenario"] == "lost-instance"
    assert {claim["outcome"] for claim in verdicts["claims"]} == {"held"}
    assert "A lost instance is replaced" in (tmp_path / "runs/latest/report.html").read_text()
    eventually(lambda: states(aws("elbv2"), outputs["TGArn"]) == ["healthy"] * 3, WHOLE_SECONDS)


def states(elbv2: Any, target_group: str) -> list[str]:
    rows = elbv2.describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
    return [row["TargetHealth"]["State"] for row in rows]
