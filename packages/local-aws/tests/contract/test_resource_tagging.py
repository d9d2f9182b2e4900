"""The Resource Groups Tagging API: tags of resources of all services."""

from __future__ import annotations

from typing import Any


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
