"""The template as the service_stack role sends it to CloudFormation."""

from __future__ import annotations

from ansible.template import trust_as_template
from project_yaml import ROOT, templated

TEMPLATE = ROOT / "roles/service_stack/templates/resilient-service.yaml"
PROGRAM = ROOT / "files/install_server.py"


def rendered() -> str:
    """With the program of the first boot in its place."""
    text = TEMPLATE.read_text()
    [line] = [line for line in text.splitlines() if "{{" in line]
    # Ansible's lookup of a file leaves its last newline out, too.
    variables = {"service_stack_install_program": PROGRAM.read_text().rstrip("\n")}
    return text.replace(line.strip(), templated(trust_as_template(line.strip()), variables))
