"""What scanners find in the policies of an operator, and why each finding stays."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import operator_policies
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCANNERS = ROOT / ".venv" / "scan" / "bin"
TOO_MUCH = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Action": ["iam:PassRole", "ec2:RunInstances", "ssm:GetEverything"],
        "Resource": "*",
    },
}
# parliament knows AWS as it was when it was released.
UNKNOWN_TO_PARLIAMENT = {
    "ssm:GetParameter": "public parameters are in no account: parameter/aws/service/...",
    "dynamodb:GetResourcePolicy": "tables have policies, not streams alone",
    "elasticloadbalancing:DeleteListener": "an Application Load Balancer's listener is app/...",
    "elasticloadbalancing:ModifyListener": "the same",
    "elasticloadbalancing:ModifyListenerAttributes": "the same",
}


@pytest.fixture(params=operator_policies.NAMES)
def policy(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    file = tmp_path / request.param
    file.write_text(operator_policies.rendered(request.param))
    return file


def cloudsplaining(policy: Path) -> str:
    command = [SCANNERS / "cloudsplaining", "scan-policy-file", "--input-file", policy]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def parliament(policy: Path) -> list[dict]:
    command = [SCANNERS / "parliament", "--json", "--files", policy]
    scan = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert scan.stdout or scan.returncode == 0, scan.stderr
    return [json.loads(line) for line in scan.stdout.splitlines()]


def test_no_policy_escalates_exfiltrates_or_exposes(policy: Path) -> None:
    assert cloudsplaining(policy).strip() == "There were no results found."


def test_no_policy_names_what_aws_does_not_have(policy: Path) -> None:
    statements = json.loads(policy.read_text())["Statement"]
    for finding in parliament(policy):
        if finding["issue"] == "RESOURCE_STAR":  # Creating has no name yet; its condition stands.
            broad = [each for each in statements if each["Resource"] == "*"]
            assert all("Condition" in each for each in broad), finding
        else:
            assert finding["issue"] == "RESOURCE_MISMATCH", finding
            named = {each["action"] for each in finding["detail"]}
            assert named <= UNKNOWN_TO_PARLIAMENT.keys(), finding


@pytest.mark.parametrize(
    ("scan", "found"),
    [
        (cloudsplaining, "Privilege Escalation"),
        (lambda policy: json.dumps(parliament(policy)), "UNKNOWN_ACTION"),
    ],
    ids=["cloudsplaining", "parliament"],
)
def test_the_scanners_find_what_is_too_much(
    scan: Callable[[Path], str], found: str, tmp_path: Path
) -> None:
    file = tmp_path / "too-much.json"
    file.write_text(json.dumps(TOO_MUCH))
    assert found in scan(file)
