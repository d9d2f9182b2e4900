"""Versions of launch templates."""

from __future__ import annotations

from typing import Any

import pytest
from auto_scaling_driver import new_version
from botocore.exceptions import ClientError
from refusals import refusal_of


def numbers(ec2: Any, launch_template: str, *versions: str) -> list[int]:
    named = {"Versions": list(versions)} if versions else {}
    found = ec2.describe_launch_template_versions(LaunchTemplateId=launch_template, **named)
    return sorted(each["VersionNumber"] for each in found["LaunchTemplateVersions"])


def test_a_deleted_version_leaves_the_others_their_numbers(aws: Any, launch_template: str) -> None:
    """API_DeleteLaunchTemplateVersions; the number of a deleted one is not given again."""
    ec2 = aws("ec2")
    for key_name in ("two", "three"):
        new_version(aws, launch_template, KeyName=key_name)

    answer = ec2.delete_launch_template_versions(
        LaunchTemplateId=launch_template, Versions=["2", "9"]
    )

    [deleted] = answer["SuccessfullyDeletedLaunchTemplateVersions"]
    [missing] = answer["UnsuccessfullyDeletedLaunchTemplateVersions"]
    assert deleted["VersionNumber"] == 2
    assert missing["ResponseError"]["Code"] == "launchTemplateVersionDoesNotExist"
    assert numbers(ec2, launch_template) == [1, 3]
    assert numbers(ec2, launch_template, "$Latest") == numbers(ec2, launch_template, "3") == [3]

    ec2.delete_launch_template_versions(LaunchTemplateId=launch_template, Versions=["3"])
    new_version(aws, launch_template, KeyName="four")
    assert numbers(ec2, launch_template) == [1, 4]
    with pytest.raises(ClientError, match=r"InvalidLaunchTemplateId\.VersionNotFound"):
        numbers(ec2, launch_template, "3")


def test_the_default_version_stays(aws: Any, launch_template: str) -> None:
    """API_DeleteLaunchTemplateVersions: first assign a different version as the default."""
    ec2 = aws("ec2")
    new_version(aws, launch_template, KeyName="two")
    default = {"LaunchTemplateId": launch_template, "Versions": ["1"]}
    with pytest.raises(ClientError, match="default version"):
        ec2.delete_launch_template_versions(**default)
    ec2.modify_launch_template(LaunchTemplateId=launch_template, DefaultVersion="2")

    ec2.delete_launch_template_versions(**default)

    assert numbers(ec2, launch_template) == numbers(ec2, launch_template, "$Default") == [2]


def test_versions_are_filtered(aws: Any, launch_template: str) -> None:
    """API_DescribeLaunchTemplateVersions: Filters."""
    ec2 = aws("ec2")
    metadata = {"HttpTokens": "required"}
    new_version(aws, launch_template, InstanceType="c5.large", MetadataOptions=metadata)

    def found(name: str, value: str) -> list[int]:
        filters = [{"Name": name, "Values": [value]}]
        answer = ec2.describe_launch_template_versions(
            LaunchTemplateId=launch_template, Filters=filters
        )
        return [each["VersionNumber"] for each in answer["LaunchTemplateVersions"]]

    assert found("instance-type", "c5.*") == [2]
    assert found("instance-type", "c[0-9].large") == []
    assert found("is-default-version", "true") == [1]
    assert found("http-tokens", "required") == [2]
    assert found("kernel-id", "*") == []


def test_a_templates_own_tags_are_no_part_of_its_data(aws: Any, unique_name: str) -> None:
    """API_CreateLaunchTemplate: TagSpecification tags the template, LaunchTemplateData what it
    launches."""
    ec2 = aws("ec2")
    of_instances = [{"ResourceType": "instance", "Tags": [{"Key": "of", "Value": "instance"}]}]
    own = [{"ResourceType": "launch-template", "Tags": [{"Key": "of", "Value": "template"}]}]
    for data in ({"InstanceType": "t3.micro"}, {"TagSpecifications": of_instances}):
        name = f"{unique_name}-{len(data.get('TagSpecifications', []))}"
        created = ec2.create_launch_template(
            LaunchTemplateName=name, LaunchTemplateData=data, TagSpecifications=own
        )
        assert created["LaunchTemplate"]["Tags"] == own[0]["Tags"]

        found = ec2.describe_launch_template_versions(LaunchTemplateName=name)
        assert found["LaunchTemplateVersions"][0]["LaunchTemplateData"] == data


def test_only_the_template_is_tagged_with_it(aws: Any, unique_name: str) -> None:
    """API_CreateLaunchTemplate: "To tag the launch template, the resource type must be
    launch-template." """
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "of", "Value": "instance"}]}]
    with pytest.raises(ClientError, match="'instance' is not a valid taggable resource type"):
        aws("ec2").create_launch_template(
            LaunchTemplateName=unique_name,
            LaunchTemplateData={"InstanceType": "t3.micro"},
            TagSpecifications=tags,
        )
    with pytest.raises(ClientError, match="NotFound"):
        aws("ec2").describe_launch_templates(LaunchTemplateNames=[unique_name])


def test_a_template_that_is_missing_is_named_when_it_is_deleted(aws: Any) -> None:
    """EC2's error codes InvalidLaunchTemplateId.NotFound and
    InvalidLaunchTemplateName.MalformedException."""
    ec2, missing = aws("ec2"), "lt-0123456789abcdef0"
    words = f"The specified launch template, with template ID {missing}, does not exist."
    with pytest.raises(ClientError, match=rf"InvalidLaunchTemplateId\.NotFound.*{words}"):
        ec2.delete_launch_template(LaunchTemplateId=missing)
    with pytest.raises(ClientError, match=r"InvalidLaunchTemplateName\.MalformedException"):
        ec2.create_launch_template(LaunchTemplateName="a b", LaunchTemplateData={"ImageId": "x"})


def test_the_newest_version_comes_first(aws: Any, launch_template: str) -> None:
    """Recorded from AWS."""
    for key_name in ("two", "three"):
        new_version(aws, launch_template, KeyName=key_name)
    found = aws("ec2").describe_launch_template_versions(LaunchTemplateId=launch_template)
    assert [each["VersionNumber"] for each in found["LaunchTemplateVersions"]] == [3, 2, 1]


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("delete_launch_template", "LaunchTemplateId"),
        ("describe_launch_template_versions", "LaunchTemplateId"),
        ("describe_launch_templates", "LaunchTemplateIds"),
    ],
)
def test_a_template_id_has_a_form(aws: Any, call: str, name: str) -> None:
    """EC2, "Error codes": InvalidLaunchTemplateId.Malformed."""
    given: Any = ["lt-xyz"] if name.endswith("s") else "lt-xyz"
    refused = refusal_of(getattr(aws("ec2"), call), **{name: given})
    words = 'Invalid id: "lt-xyz" (expecting "lt-...")'
    assert refused == (400, "InvalidLaunchTemplateId.Malformed", words)


def test_what_is_missing_is_named_in_each_call_s_words(aws: Any, launch_template: str) -> None:
    """EC2's error codes InvalidLaunchTemplateName.NotFoundException and
    InvalidLaunchTemplateId.VersionNotFound, in the words that users reported."""
    ec2, launch = aws("ec2"), {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}
    name, version = "InvalidLaunchTemplateName.NotFoundException", "InvalidLaunchTemplateId"
    of_name = "The specified launch template, with template name absent, does not exist."
    absent, ours = {"LaunchTemplateName": "absent"}, {"LaunchTemplateId": launch_template}
    for call, arguments, code, words in (
        (ec2.run_instances, {**launch, "LaunchTemplate": absent}, name, of_name),
        (ec2.delete_launch_template, absent, name, of_name),
        (ec2.modify_launch_template, {**absent, "DefaultVersion": "1"}, name, of_name),
        (
            ec2.modify_launch_template,
            {**ours, "DefaultVersion": "42"},
            f"{version}.VersionNotFound",
            "The launch template version 42 is not found for the specified launch template.",
        ),
        (
            ec2.create_launch_template_version,
            {**ours, "SourceVersion": "42", "LaunchTemplateData": {"KeyName": "k"}},
            f"{version}.VersionNotFound",
            "Launch template version does not exist.",
        ),
        (
            ec2.describe_launch_templates,
            {"LaunchTemplateIds": [launch_template, "lt-0123456789abcdef0"]},
            f"{version}.NotFound",
            "The specified launch template, with template ID lt-0123456789abcdef0, does not exist.",
        ),
    ):
        assert refusal_of(call, **arguments) == (400, code, words)


def test_versions_from_one_number_to_another(aws: Any, launch_template: str) -> None:
    """MinVersion and MaxVersion in API_DescribeLaunchTemplateVersions."""
    ec2 = aws("ec2")
    for key_name in ("two", "three", "four"):
        new_version(aws, launch_template, KeyName=key_name)
    ours = {"LaunchTemplateId": launch_template}
    ec2.delete_launch_template_versions(**ours, Versions=["2"])

    def found(**limits: str) -> list[int]:
        versions = ec2.describe_launch_template_versions(**ours, **limits)
        return [each["VersionNumber"] for each in versions["LaunchTemplateVersions"]]

    assert found(MinVersion="2", MaxVersion="3") == [3]
    assert found(MinVersion="3") == [4, 3]
    assert found(MaxVersion="3") == [3, 1]


@pytest.mark.parametrize("size", [0, 201])
def test_a_page_has_200_templates(unchecked: Any, launch_template: str, size: int) -> None:
    """MaxResults in API_DescribeLaunchTemplates, in the words that users reported."""
    ec2, words = unchecked("ec2"), "Maximum results allowed are between 1 and 200"
    refused = refusal_of(ec2.describe_launch_templates, MaxResults=size)
    assert refused == (400, "InvalidParameterValue", words)
    versions = ec2.describe_launch_template_versions
    refused = refusal_of(versions, LaunchTemplateId=launch_template, MaxResults=size)
    assert refused == (400, "InvalidParameterValue", words)


def test_a_template_is_named_once(aws: Any, launch_template: str) -> None:
    """API_LaunchTemplateSpecification: its ID or its name, "but not both"."""
    ec2, both = aws("ec2"), {"LaunchTemplateId": launch_template, "LaunchTemplateName": "mine"}
    launch = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1, "LaunchTemplate": both}
    for call, arguments in (
        (ec2.run_instances, launch),
        (ec2.describe_launch_template_versions, both),
        (ec2.delete_launch_template, both),
    ):
        assert refusal_of(call, **arguments)[:2] == (400, "InvalidParameterCombination")
    words = "Either provide launch template ID or launch template name to modify the template."
    refused = refusal_of(ec2.modify_launch_template, **both, DefaultVersion="1")
    assert refused == (400, "InvalidParameterCombination", words)
