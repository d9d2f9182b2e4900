"""What a deployment sets stands in one place: the role sends it, and a plan compares it."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from cfnlint.decode import decode

from safeguards.play_variables import PlayVariables

ROOT = Path(__file__).parents[3]
ROLE = ROOT / "roles/service_stack"
PREFLIGHT = runpy.run_path(str(ROOT / "action_plugins/preflight.py"))


def wanted(**variables: Any) -> dict[str, str]:
    """The parameters that a plan compares, when the play has these variables."""
    loader = DataLoader()
    values = PlayVariables(Templar(loader), loader, variables, PREFLIGHT["VARIABLES_OF_ROLES"])
    parameters: dict[str, str] = PREFLIGHT["wanted_parameters"](values)
    return parameters


def test_each_parameter_of_the_template_is_declared_once() -> None:
    variables = yaml.safe_load((ROLE / "vars/main.yml").read_text())
    tasks = yaml.safe_load((ROLE / "tasks/wanted.yml").read_text())
    declared = [
        *variables["service_stack_first_settings"],
        *variables["service_stack_given_parameters"],
        *tasks[-1]["vars"]["__found"],
    ]
    template, _ = decode(str(ROLE / "templates/resilient-service.yaml"))
    assert sorted(declared) == sorted(template["Parameters"])


def test_a_plan_compares_the_settings_and_the_roles_defaults_as_a_deployment_sends_them() -> None:
    parameters = wanted()
    settings = {"SSMTableName": "", "SSMFailure": "none", "SSMHealthCheck": "shallow"}
    assert parameters.items() >= settings.items()
    assert parameters["DrainSeconds"] == "22.5"  # by the default of another variable
    assert wanted(service_stack_health_check_interval_seconds=1)["DrainSeconds"] == "2.25"


def test_a_plan_does_not_compare_what_is_looked_up_unless_it_is_given() -> None:
    assert wanted().keys().isdisjoint({"LaunchTemplateVersion", "ExternalCidr", "ImageId"})
    given = wanted(service_stack_release="2.0.0", service_stack_external_cidr="192.0.2.0/24")
    assert given["LaunchTemplateVersion"] == "2.0.0"
    assert given["ExternalCidr"] == "192.0.2.0/24"
