"""What the groups of calls share: the stack and the declaration that a request names."""

from __future__ import annotations

import functools
from typing import Any

from moto.cloudformation.exceptions import CloudFormationError, ValidationError
from moto.cloudformation.responses import CloudFormationResponse

from local_aws.control_plane.cloudformation import (
    parameters,
    quotas,
    template,
    template_source,
)
from local_aws.control_plane.cloudformation.engine import StackEngine
from local_aws.control_plane.cloudformation.operations import Operation
from local_aws.control_plane.cloudformation.stack import STACKS, Declaration, Stack
from local_aws.control_plane.cloudformation.surroundings import stored_value

_NAMED_IAM = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
}
_UPDATABLE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})


class InsufficientCapabilitiesError(CloudFormationError):
    """AWS's InsufficientCapabilitiesException."""

    code = "InsufficientCapabilitiesException"


class Calls(CloudFormationResponse):
    """moto's response class with the look-ups that our calls need."""

    # moto's own converters are for its own objects; stack sets keep theirs.
    RESPONSE_KEY_PATH_TO_TRANSFORMER = {  # noqa: RUF012 - moto reads it from the class
        key: convert
        for key, convert in CloudFormationResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER.items()
        if "StackSet" in key
    }

    def _stack(self, name_or_id: str | None = None) -> Stack:
        name = name_or_id or self._get_param("StackName")
        return STACKS.find(self.current_account, self.region, name)

    def _stack_or_none(self) -> Stack | None:
        return STACKS.find_or_none(self.current_account, self.region, self._get_param("StackName"))

    def _template(self, previous: Stack | None = None) -> tuple[str, dict[str, Any]]:
        """The template that the request gives, or the stack's own: its text and what it says.

        Raises ValidationError.
        """
        body = self._get_param("TemplateBody")
        url = self._get_param("TemplateURL")
        use_previous = self._get_bool_param("UsePreviousTemplate", False)
        if use_previous and (body or url):
            raise ValidationError(
                message="You cannot specify both usePreviousTemplate and Template Body/Template "
                "URL."
            )
        if use_previous and previous:
            return previous.declaration.text, previous.declaration.template
        if url:
            text = template_source.stored(url, self.current_account)
        elif body:
            text = str(body)
            quotas.check_inline(text)
        else:
            raise ValidationError(message="Either Template URL or Template Body must be specified.")
        return text, template.parse(text)

    def _declaration(self, previous: Stack | None = None) -> Declaration:
        """What the request asks a stack to be; tags stay when none are given."""
        text, body = self._template(previous)
        self._require_capabilities(body)
        declared = body.get("Parameters", {})
        requested = self._get_param("Parameters", [])
        quotas.check_given_parameters(requested)
        given = parameters.given_values(
            declared,
            requested,
            previous.declaration.given_parameters if previous else {},
        )
        look_up = functools.partial(stored_value, self.current_account, self.region)
        resolved = parameters.resolved_values(declared, given, look_up)
        tags = {tag["Key"]: tag["Value"] for tag in self._get_param("Tags", [])}
        if previous and not tags:
            tags = previous.declaration.tags
        return Declaration(text, body, given, resolved, tags)

    def _require_capabilities(self, body: dict[str, Any]) -> None:
        """AWS: "Acknowledging IAM resources in CloudFormation templates"."""
        needed = set()
        for definition in body["Resources"].values():
            type_name = definition["Type"]
            if type_name.startswith("AWS::IAM::"):
                named = _NAMED_IAM.get(type_name) in definition.get("Properties", {})
                needed.add("CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM")
        given = set(self._get_param("Capabilities", []))
        if "CAPABILITY_NAMED_IAM" in given:  # it covers both
            return
        missing = needed - given
        if missing:
            raise InsufficientCapabilitiesError(
                f"Requires capabilities : [{', '.join(sorted(missing))}]"
            )


def engine(operation: Operation) -> StackEngine:
    """The engine for a background operation."""
    return StackEngine(operation.stack, operation)


def require_updatable(stack: Stack) -> None:
    """Raise ValidationError when the stack's state does not allow an update."""
    if stack.status not in _UPDATABLE:
        raise ValidationError(
            message=f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated."
        )
