"""Tags of load balancers, target groups, listeners and rules."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import error_of

MISSING = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/missing/0123456789abcdef"


def tags(*keys: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": "1"} for key in keys]


def test_a_resource_has_50_tags(aws: Any, target_group: str) -> None:
    """ "Tags for your Application Load Balancer" in its guide; what is refused adds nothing."""
    elbv2 = aws("elbv2")
    elbv2.add_tags(ResourceArns=[target_group], Tags=tags(*(f"k{n}" for n in range(50))))
    code, _ = error_of(elbv2.add_tags, ResourceArns=[target_group], Tags=tags("k0", "more"))
    assert code == "TooManyTags"
    elbv2.add_tags(ResourceArns=[target_group], Tags=tags("k0"))
    [described] = elbv2.describe_tags(ResourceArns=[target_group])["TagDescriptions"]
    assert {tag["Key"] for tag in described["Tags"]} == {f"k{n}" for n in range(50)}


@pytest.mark.parametrize(
    ("keys", "code"),
    [(("a", "a"), "DuplicateTagKeys"), (("aws:a",), "ValidationError")],
    ids=["twice", "reserved"],
)
def test_keys_that_cannot_be(aws: Any, target_group: str, keys: tuple[str, ...], code: str) -> None:
    """API_AddTags, API_CreateTargetGroup, and "Tags for your Application Load Balancer"."""
    elbv2 = aws("elbv2")
    [group] = elbv2.describe_target_groups(TargetGroupArns=[target_group])["TargetGroups"]
    new = {"Name": "x", "Protocol": "HTTP", "Port": 80, "VpcId": group["VpcId"]}
    added = error_of(elbv2.add_tags, ResourceArns=[target_group], Tags=tags(*keys))
    created = error_of(elbv2.create_target_group, **new, Tags=tags(*keys))
    assert (added[0], created[0]) == (code, code)


def test_the_tags_of_20_resources_that_exist(aws: Any, target_group: str) -> None:
    """API_DescribeTags: "You can specify up to 20 resources in a single call"."""
    describe = aws("elbv2").describe_tags
    code, message = error_of(describe, ResourceArns=[target_group] * 21)
    assert (code, "less than or equal to 20" in message) == ("ValidationError", True)
    assert error_of(describe, ResourceArns=[target_group, MISSING])[0] == "TargetGroupNotFound"
