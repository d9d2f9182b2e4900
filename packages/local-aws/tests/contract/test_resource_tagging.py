"""The Resource Groups Tagging API: tags of resources of all services."""

from __future__ import annotations

from typing import Any

import pytest
from refusals import refusal_of


def test_rules_are_among_what_is_tagged(aws: Any, unique_name: str) -> None:
    """API_GetResources: "all the tagged or previously tagged resources"."""
    events, tagging = aws("events"), aws("resourcegroupstaggingapi")
    tags = [{"Key": unique_name, "Value": "v"}]
    pattern = '{"source": ["s"]}'
    rule = events.put_rule(Name=unique_name, EventPattern=pattern, Tags=tags)["RuleArn"]
    found = tagging.get_resources(
        TagFilters=[{"Key": unique_name}], ResourceTypeFilters=["events:rule"]
    )
    assert found["ResourceTagMappingList"] == [{"ResourceARN": rule, "Tags": tags}]
    events.delete_rule(Name=unique_name)


def test_the_last_page_has_an_empty_token(aws: Any, unique_name: str) -> None:
    """API_GetResources, API_GetTagKeys, API_GetTagValues: the responses of their examples."""
    tagging = aws("resourcegroupstaggingapi")
    found = tagging.get_resources(TagFilters=[{"Key": unique_name}])
    assert (found["PaginationToken"], found["ResourceTagMappingList"]) == ("", [])
    assert tagging.get_tag_values(Key=unique_name)["PaginationToken"] == ""


def test_what_cannot_be_tagged_fails_alone(aws: Any, unique_name: str) -> None:
    """API_TagResources: FailedResourcesMap has a FailureInfo for each that failed."""
    sns, tagging = aws("sns"), aws("resourcegroupstaggingapi")
    topic = sns.create_topic(Name=unique_name)["TopicArn"]
    arns = [f"{topic}-none", topic]
    failed = tagging.tag_resources(ResourceARNList=arns, Tags={"a": "b"})["FailedResourcesMap"]
    assert list(failed) == arns[:1]
    info = failed[arns[0]]
    assert (info["StatusCode"], info["ErrorCode"]) == (400, "InvalidParameterException")
    (found,) = tagging.get_resources(ResourceARNList=[topic])["ResourceTagMappingList"]
    assert found["Tags"] == [{"Key": "a", "Value": "b"}]
    failed = tagging.untag_resources(ResourceARNList=arns, TagKeys=["a"])["FailedResourcesMap"]
    assert list(failed) == arns[:1]
    assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == []
    sns.delete_topic(TopicArn=topic)


@pytest.mark.parametrize(
    "more",
    [{"TagFilters": [{"Key": "a"}]}, {"ResourceTypeFilters": ["sns"]}, {"ResourcesPerPage": 1}],
    ids=["tags", "types", "pages"],
)
def test_resources_are_found_by_arn_or_otherwise(aws: Any, more: dict[str, Any]) -> None:
    """API_GetResources: ResourceARNList excludes filters and pages."""
    tagging = aws("resourcegroupstaggingapi")
    arn = "arn:aws:sns:us-east-1:123456789012:topic"
    refused = refusal_of(tagging.get_resources, ResourceARNList=[arn], **more)
    assert refused[:2] == (400, "InvalidParameterException")
