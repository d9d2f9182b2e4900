"""What the groups of calls share: the stack and the declaration that a request names."""

from __future__ import annotations

from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.responses import CloudFormationResponse
from moto.iam.models import iam_backends

from local_aws.control_plane.cloudformation import (
    capabilities,
    declarations,
    operations,
    quotas,
    template,
    template_source,
)
from local_aws.control_plane.cloudformation.change_sets import ChangeSet
from local_aws.control_plane.cloudformation.declarations import Home
from local_aws.control_plane.cloudformation.deployment_config import DeploymentConfig
from local_aws.control_plane.cloudformation.engine import StackEngine
from local_aws.control_plane.cloudformation.operations import Operation
from local_aws.control_plane.cloudformation.rollback_settings import RollbackConfiguration
from local_aws.control_plane.cloudformation.stack import (
    STACKS,
    Declaration,
    LastOperation,
    Stack,
    now,
)
from local_aws.control_plane.iam.authorization import trust

_PRINCIPAL = "cloudformation.amazonaws.com"
_NOT_FOUND = {
    "DescribeStackResource": "Stack '{}' does not exist",
    **dict.fromkeys(
        (
            "DescribeStackResources",
            "DescribeStacks",
            "GetTemplate",
            "GetTemplateSummary",
            "ListStackResources",
        ),
        "Stack with id {} does not exist",
    ),
}
"""The words for a stack that is not there, by action."""


class Calls(CloudFormationResponse):
    """moto's response class with the look-ups that our calls need."""

    # moto's own converters are for its own objects; stack sets keep theirs.
    RESPONSE_KEY_PATH_TO_TRANSFORMER = {  # noqa: RUF012 - moto reads it from the class
        key: convert
        for key, convert in CloudFormationResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER.items()
        if "StackSet" in key
    }

    @property
    def _expands_macros(self) -> bool:
        """Whether macros are expanded and executed without a review in between."""
        return self._get_action() != "CreateChangeSet"

    def _stack(self, name_or_id: str | None = None) -> Stack:
        name = name_or_id or self._get_param("StackName")
        found = STACKS.find_or_none(self.current_account, self.region, name)
        if found is None:
            words = _NOT_FOUND.get(self._get_action(), "Stack [{}] does not exist")
            raise ValidationError(message=words.format(name))
        return found

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

    def _declaration(
        self, previous: Stack | None = None, *, no_tags_remove_all: bool = False
    ) -> Declaration:
        """The declaration of a stack in the request; tags stay when none are given.

        AWS: API_UpdateStack, "Tags": an empty list removes them.
        """
        text, body = self._template(previous)
        given = self._get_param("Capabilities", [])
        capabilities.require(body, given, expands=self._expands_macros)
        capabilities.require_types(body, self._get_param("ResourceTypes", []))
        asked = self._get_param("Tags")
        tags = {tag["Key"]: tag["Value"] for tag in asked or []}
        declarations.require_own_tags(tags)
        if previous and not tags and not (no_tags_remove_all and asked == []):
            tags = previous.declaration.tags
        existing = self._stack_or_none()  # which the request may name by its ARN
        name = existing.name if existing else self._get_param("StackName")
        return declarations.declare(
            Home(self.current_account, self.region, name),
            text,
            body,
            self._get_param("Parameters", []),
            previous.declaration if previous else None,
            tags,
        )

    def _require_role(self) -> None:
        """Raise ValidationError for a role that CloudFormation may not assume.

        AWS: API_CreateStack, "RoleARN"; the words are those that were recorded.
        """
        arn = self._get_param("RoleARN")
        roles = iam_backends[self.current_account]["aws"].roles.values()
        trusting = (
            role.arn == arn and trust.allows_service(role.assume_role_policy_document, _PRINCIPAL)
            for role in roles
        )
        if arn and not any(trusting):
            raise ValidationError(message=f"Role {arn} is invalid or cannot be assumed")

    def _disables_rollback(self) -> bool:
        """Whether a failure is to be kept, as the request says or its DeploymentConfig.

        AWS: API_DeploymentConfig.
        """
        config = self._deployment_config()
        return bool(self._get_bool_param("DisableRollback", False)) or (
            config is not None and config.disables_rollback
        )

    def _deployment_config(self) -> DeploymentConfig | None:
        return DeploymentConfig.of(self._get_param("DeploymentConfig"))

    def _retains_except_on_create(self) -> bool:
        """Whether a rollback deletes what it finds newly created, also what is to be retained."""
        return bool(self._get_bool_param("RetainExceptOnCreate", False))

    def _rollback_configuration(self, previous: Stack | None = None) -> RollbackConfiguration:
        """What the request says of rollback triggers; what it leaves out stays as it was."""
        before = previous.rollback_configuration if previous else None
        return RollbackConfiguration.of(self._get_param("RollbackConfiguration"), before)

    def _start_update(
        self,
        stack: Stack,
        declaration: Declaration,
        policy: str | None,
        change_set: ChangeSet | None = None,
        *,
        keeps_failure: bool,
    ) -> None:
        """Start an update, which is rolled back if it fails, unless that is to be kept."""
        stack.update_time = now()
        change_set_id = change_set.change_set_id if change_set else None
        self._begin(stack, "UPDATE_IN_PROGRESS", "UPDATE_STACK", change_set_id)

        def work(operation: Operation) -> None:
            engine(operation).update(declaration, policy, keeps_failure=keeps_failure)

        operations.start(stack, change_set.executed_by(work) if change_set else work)

    def _begin(
        self, stack: Stack, status: str, operation: str | None, change_set_id: str | None = None
    ) -> None:
        """Note the beginning of an operation, whose events carry the client's token.

        It is None for the review of a change set.
        """
        stack.last_operation = LastOperation(operation) if operation else None
        stack.deployment_config = self._deployment_config() if operation else None
        stack.change_set_id = change_set_id
        stack.client_request_token = self._get_param("ClientRequestToken")
        stack.set_status(status, "User Initiated")


def engine(operation: Operation) -> StackEngine:
    """The engine for a background operation."""
    return StackEngine(operation.stack, operation)
