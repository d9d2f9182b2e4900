"""What the template promises of itself, checked against AWS's own description of each type."""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.resilience.zipapp import build_zipapp
from cfnlint.decode import decode
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "roles/service_stack/templates/resilient-service.yaml"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
TEMPLATE_BYTES = 51_200
CHANGED_IN_PLACE = ("ExpiresAt", "RollingUpdate", "SSMFailure", "SSMHealthCheck", "SSMTableName")


def template() -> dict[str, Any]:
    decoded, problems = decode(str(TEMPLATE))
    assert not problems
    return decoded


def references(node: Any, conditions: dict[str, Any]) -> Iterator[str]:
    """The names of parameters and resources that a value depends on, through conditions too."""
    if isinstance(node, list):
        for each in node:
            yield from references(each, conditions)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "Ref":
                yield value
            elif key == "Fn::Sub":
                yield from re.findall(r"\$\{([^}]+)\}", value)
            elif key == "Fn::If":
                yield from references(conditions[value[0]], conditions)
                yield from references(value[1:], conditions)
            else:
                yield from references(value, conditions)


def depending_on(parameter: str) -> Iterator[tuple[str, str]]:
    """(resource type, property) of every property whose value the parameter changes."""
    whole = template()
    for resource in whole["Resources"].values():
        for name, value in resource.get("Properties", {}).items():
            if parameter in references(value, whole["Conditions"]):
                yield resource["Type"], name


@pytest.mark.parametrize("parameter", CHANGED_IN_PLACE)
def test_a_change_of_it_replaces_no_resource(parameter: str) -> None:
    properties = set(depending_on(parameter))

    assert properties or parameter == "RollingUpdate"  # which is in the update policy alone
    for resource_type, name in properties:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource_type).schema
        replacing = [
            *schema.get("createOnlyProperties", []),
            *schema.get("conditionalCreateOnlyProperties", []),
        ]
        assert f"/properties/{name}" not in replacing, resource_type
        assert name != "Tags" or schema["tagging"]["tagUpdatable"], resource_type


def test_only_the_expiry_is_a_tag_that_changes() -> None:
    assert {name for _, name in depending_on("ExpiresAt")} == {"Tags"}


def test_cloudformation_takes_it_inline() -> None:
    def encoded_length(content: bytes) -> int:
        return len(base64.b64encode(gzip.compress(content, 9, mtime=0)))

    server = ROOT / "files/recommendation_server"
    filled_in = {
        "{{ server_archive }}": encoded_length(build_zipapp(server)),
        "{{ server_requirements }}": encoded_length((server / "requirements.txt").read_bytes()),
    }
    text = TEMPLATE.read_text()
    assert text.count("{{") == len(filled_in)  # each once: in a comment, too, it would be filled in
    assert len(text.encode()) + sum(filled_in.values()) < TEMPLATE_BYTES
