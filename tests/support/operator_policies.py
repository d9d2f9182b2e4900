"""The two policies of an operator, as render.yml writes them; by default with long values."""

from __future__ import annotations

from collections.abc import Mapping

from project_yaml import ROOT

NAMES = ("operator-policy.json", "cloudformation-policy.json")
TEMPLATES = ROOT / "roles/service_stack/templates"
LONGEST = {
    "aws_region": "ap-southeast-2",
    "preflight.account": "1" * 12,
    "__partition": "aws-us-gov",
    "service_stack_name": "s" * 29,
    "__generated": "s" * 24,
    "__service_stack_bucket": f"{'s' * 29}-{'1' * 12}-ap-southeast-2",
}


def rendered(name: str, values: Mapping[str, str] = LONGEST) -> str:
    text = (TEMPLATES / name).read_text()
    for variable, value in values.items():
        text = text.replace(f"{{{{ {variable} }}}}", value)
    assert "{{" not in text
    return text
