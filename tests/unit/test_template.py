"""What the template promises of itself, checked against AWS's own description of each type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import project_yaml
import pytest
import yaml
from cfnlint.decode import decode
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from rendered_template import rendered
from service_restoration import CAPACITY, CHECKS

from recommendation_server import resource_signal
from safeguards.ownership import LOGICAL_IDS

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
    assert TEMPLATE.read_text().count("{{") == 1  # in a comment, too, it would be filled in
    assert len(rendered().encode()) < TEMPLATE_BYTES


# A boot of t3.micro with its installation, estimated; docs/aws-fidelity.md.
BOOT_SECONDS = 120


def group() -> dict[str, Any]:
    found: dict[str, Any] = template()["Resources"][
        "DocExampleRecommendationServiceAutoScalingGroup"
    ]
    return found


def cloud_config() -> dict[str, Any]:
    resource = template()["Resources"]["DocExampleRecommendationServiceLaunchTemplate"]
    text = resource["Properties"]["LaunchTemplateData"]["UserData"]["Fn::Base64"]["Fn::Sub"]
    without_program = re.sub(r"\{\{.*?\}\}", "", text)
    found: dict[str, Any] = yaml.safe_load(without_program)
    return found


def test_a_failure_is_signalled_before_cloudformation_stops_waiting() -> None:
    creation = group()["CreationPolicy"]["ResourceSignal"]["Timeout"]
    update = group()["UpdatePolicy"]["AutoScalingRollingUpdate"]["PauseTime"]["Fn::If"][1]
    assert creation == update == {"Fn::Sub": "PT${BootSeconds}S"}
    needed = BOOT_SECONDS + resource_signal.TARGET_SECONDS
    assert template()["Parameters"]["BootSeconds"]["Default"] > needed
    for inventory in (
        "roles/service_stack/defaults/main.yml",
        "inventory/aws/group_vars/service.yml",
    ):
        assert project_yaml.loaded(ROOT / inventory)["service_stack_boot_seconds"] > needed


@pytest.mark.parametrize("interval", [1, 10, 60])
def test_the_local_aws_waits_for_a_boot_and_two_health_checks(interval: int) -> None:
    inventory = project_yaml.loaded(ROOT / "inventory/local/group_vars/service.yml")
    seconds = project_yaml.templated(
        inventory["service_stack_boot_seconds"],
        {"service_stack_health_check_interval_seconds": interval},
    )
    program = (ROOT / "files/install_server.py").read_text()
    (install_seconds,) = re.findall(r'"--seconds", type=float, default=(\d+)', program)
    needed = int(install_seconds) + resource_signal.SERVER_SECONDS + 2 * interval
    assert int(seconds) > needed


def test_the_server_is_started_again_however_often_it_fails() -> None:
    """systemd.unit(5): StartLimitIntervalSec=0 "disables any kind of rate limiting"."""
    files = {Path(each["path"]).name: each["content"] for each in cloud_config()["write_files"]}
    unit = files["recommendation-server.service"]
    assert "\nStartLimitIntervalSec=0\n" in unit.partition("[Service]")[0]
    assert "\nRestart=always\n" in unit


@pytest.mark.parametrize("interval", [1, 5, 10, 30, 300])
def test_a_server_that_stops_answers_until_two_health_checks_have_failed(interval: int) -> None:
    defaults = project_yaml.loaded(ROOT / "roles/service_stack/defaults/main.yml")
    drain = project_yaml.templated(
        defaults["service_stack_drain_seconds"],
        {"service_stack_health_check_interval_seconds": interval},
    )
    assert 2 * interval < float(drain) <= template()["Parameters"]["DrainSeconds"]["MaxValue"]
    files = {Path(each["path"]).name: each["content"] for each in cloud_config()["write_files"]}
    assert "\nTimeoutStopSec=${DrainSeconds}s 13s\n" in files["recommendation-server.service"]


def test_a_recovery_restores_what_it_declares() -> None:
    resources = template()["Resources"]
    group, targets = (
        resources[f"{LOGICAL_IDS}{name}"]["Properties"]
        for name in ("AutoScalingGroup", "TargetGroup")
    )
    sizes = {group[name] for name in ("MinSize", "MaxSize", "DesiredCapacity")}
    assert sizes == {str(CAPACITY)}
    assert {name: targets[name] for name in CHECKS} == CHECKS
