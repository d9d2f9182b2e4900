# GNU General Public License v3.0+ (see LICENSE)
"""What a CloudFormation template says once its parameters are known; pure.

What only AWS knows stays as it stands in Fn::Sub: ${Table.Arn}, ${TargetGroup}. Of the functions
those are evaluated that this project's template uses: Ref, Fn::GetAtt, Fn::Sub, Fn::If, Fn::Base64,
and of conditions Fn::Equals and Fn::Not.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

_NAMED = {"AWS::DynamoDB::Table": "TableName", "AWS::SSM::Parameter": "Name"}
"""Types whose Ref is the name that the template gives."""
_PARTITIONS = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
_VARIABLE = re.compile(r"\$\{([^!}]+)\}")


class _Loader(yaml.SafeLoader):
    """Reads the short forms, !Ref and !Sub, as the long ones."""


def _long_form(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _long_form)


def loaded(text: str) -> dict[str, Any]:
    """The template as data. Raises `ValueError` for what is no template."""
    try:
        template = yaml.load(text, Loader=_Loader)  # noqa: S506 - it is a SafeLoader
    except yaml.YAMLError as error:
        raise ValueError(f"The template is not YAML: {error}") from error
    if not isinstance(template, dict) or "Resources" not in template:
        raise ValueError("The template has no Resources")
    return template


class TemplateValues:
    """One template with the values of one stack. `pseudo` is without "AWS::"."""

    def __init__(
        self, template: Mapping[str, Any], parameters: Mapping[str, str], pseudo: Mapping[str, str]
    ) -> None:
        defaults = {
            name: str(declared["Default"])
            for name, declared in template.get("Parameters", {}).items()
            if "Default" in declared
        }
        self._known = {**defaults, **parameters}
        self._known |= {f"AWS::{name}": value for name, value in pseudo.items()}
        self._conditions = template.get("Conditions", {})
        self._resources = template["Resources"]

    def of(self, node: Any) -> Any:
        """The value of any part of the template."""
        if isinstance(node, list):
            return [self.of(each) for each in node]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            [(name, given)] = node.items()
            if name == "Ref":
                return self._reference(given)
            if name == "Fn::GetAtt":
                return f"${{{'.'.join(given)}}}"
            if name == "Fn::Sub" and isinstance(given, str):
                return _VARIABLE.sub(lambda found: str(self._reference(found[1])), given)
            if name == "Fn::Base64":
                return self.of(given)
            if name == "Fn::If":
                return self.of(given[1 if self._holds(self._conditions[given[0]]) else 2])
        return {name: self.of(value) for name, value in node.items()}

    def resources(self, kind: str) -> list[dict[str, Any]]:
        """The properties of all resources of a type, but those whose condition does not hold."""
        return [
            self.of(resource.get("Properties", {}))
            for resource in self._resources.values()
            if resource["Type"] == kind and self._exists(resource)
        ]

    def _exists(self, resource: Mapping[str, Any]) -> bool:
        condition = resource.get("Condition")
        return condition is None or self._holds(self._conditions[condition])

    def _reference(self, name: str) -> Any:
        if name in self._known:
            return self._known[name]
        resource = self._resources.get(name, {})
        named = _NAMED.get(resource.get("Type", ""))
        return self.of(resource["Properties"][named]) if named else f"${{{name}}}"

    def _holds(self, condition: Any) -> bool:
        [(name, given)] = condition.items()
        if name == "Fn::Not":
            return not self._holds(given[0])
        if name == "Fn::Equals":
            first, second = map(self.of, given)
            return bool(first == second)
        raise ValueError(f"The template has a condition of another kind: {name}")


def pseudo_parameters(stack_name: str, region: str, account: str) -> dict[str, str]:
    start = next((each for each in _PARTITIONS if region.startswith(f"{each}-")), "")
    return {
        "StackName": stack_name,
        "Region": region,
        "AccountId": account,
        "Partition": _PARTITIONS.get(start, "aws"),
    }
