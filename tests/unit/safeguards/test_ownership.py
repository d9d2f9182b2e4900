"""A stack is ours by its tags, never for its name alone."""

import pytest

from safeguards.ownership import ownership

ARN = "arn:aws:cloudformation:us-east-1:123456789012:stack/demo/0"
OLDER = {"Project": "resilient-service"}
OWN = {**OLDER, "resilient-service:stack": "demo", "resilient-service:deployment": "0a1b2c3d"}


@pytest.mark.parametrize(
    ("arn", "tags", "adopt", "expected"),
    [
        (None, {}, "", "absent"),
        (ARN, OWN, "", "own"),
        (ARN, {**OWN, "team": "billing"}, "", "own"),
        (ARN, OLDER, "", "older"),
        (ARN, OLDER, ARN, "adopted"),
        (ARN, OLDER, f"{ARN}1", "older"),
        (ARN, {}, "", "foreign"),
        (ARN, {"team": "billing"}, ARN, "foreign"),
        (ARN, {"Project": "another"}, ARN, "foreign"),
        (ARN, {**OWN, "Project": "another"}, ARN, "foreign"),
        (ARN, {**OWN, "resilient-service:stack": "demo-two"}, ARN, "foreign"),
        (ARN, {**OWN, "resilient-service:deployment": ""}, ARN, "foreign"),
        (ARN, {**OWN, "resilient-service:deployment": "0a1b2c3d\n"}, ARN, "foreign"),
        (ARN, {**OLDER, "resilient-service:stack": "demo"}, ARN, "foreign"),
    ],
)
def test_whose_stack_it_is(
    arn: str | None, tags: dict[str, str], adopt: str, expected: str
) -> None:
    assert ownership("demo", arn, tags, adopt) == expected
