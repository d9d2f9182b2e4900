"""What is said when AWS did not answer: the clock, a permission, or who should have answered."""

from typing import Any

import pytest

from safeguards.failed_lookup import lookup_refusal

COMMAND = "ansible-playbook -i inventory/aws"
DENIED = "User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: ssm:GetParameter"


def said(backend: str = "aws", **failed: Any) -> str:
    return lookup_refusal({"failed": True, **failed}, backend, "us-east-1", COMMAND)


def test_a_missing_permission_is_said_with_where_the_policy_is() -> None:
    refusal = said(msg=f"{DENIED}.")
    assert refusal.startswith(f"{DENIED}. What an operator needs is operator-policy.json")
    assert refusal.endswith("ansible-playbook -i inventory/aws render.yml")


def test_a_clock_that_is_off_is_said_whatever_aws_refused() -> None:
    assert "5 minutes ahead of that of AWS" in said(msg=DENIED, clock_ahead_seconds=301.0)
    assert "is not authorized" in said(msg=DENIED, clock_ahead_seconds=2.0)


@pytest.mark.parametrize(
    ("backend", "failed", "expected"),
    [
        ("aws", {"msg": "expired"}, "AWS in us-east-1 did not answer to these credentials (expire"),
        ("aws", {}, "(no reason given). Check AWS_REGION, and your credentials with: aws sts"),
        ("local", {"msg": "x"}, "The local AWS did not answer to these credentials (x). Start it"),
    ],
)
def test_who_did_not_answer_is_named(backend: str, failed: dict[str, Any], expected: str) -> None:
    assert expected in said(backend, **failed)
