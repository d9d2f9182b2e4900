"""The facts of a stack, read from AWS's API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from live_page.facts import SETTINGS, Facts, Instance, Stack, StackEvent

_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1})
_EVENTS = 40


class Api:
    """Reads only. Credentials and endpoint come from the environment, as usual."""

    def __init__(self, region: str, stack_name: str) -> None:
        session = botocore.session.get_session()
        self._stack_name = stack_name
        self._cloudformation, self._ec2, self._ssm = (
            session.create_client(service, region, config=_CONFIG)
            for service in ("cloudformation", "ec2", "ssm")
        )

    def facts(self, at: float) -> Facts:
        """Raises BotoCoreError or ClientError."""
        stack = self._stack()
        if stack is None:
            return Facts(at)
        group = stack.outputs.get("AutoScalingGroup")
        return Facts(
            at,
            stack,
            self._events(stack.stack_id),
            self._instances(group) if group else (),
            self._settings(),
        )

    def _stack(self) -> Stack | None:
        try:
            stack = self._cloudformation.describe_stacks(StackName=self._stack_name)["Stacks"][0]
        except ClientError as error:
            # CloudFormation has no code of its own for it.
            if "does not exist" in error.response["Error"].get("Message", ""):
                return None
            raise
        return Stack(
            stack["StackId"],
            stack["StackStatus"],
            stack.get("StackStatusReason", ""),
            {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())},
            {
                each["ParameterKey"]: each.get("ParameterValue", "")
                for each in stack.get("Parameters", ())
            },
        )

    def _events(self, stack_id: str) -> tuple[StackEvent, ...]:
        """The latest, the newest first."""
        answer = self._cloudformation.describe_stack_events(StackName=stack_id)
        return tuple(
            StackEvent(
                each["EventId"],
                _seconds(each["Timestamp"]),
                each["LogicalResourceId"],
                each["ResourceStatus"],
                each.get("ResourceStatusReason", ""),
                each.get("PhysicalResourceId") == each["StackId"],
            )
            for each in answer["StackEvents"][:_EVENTS]
        )

    def _instances(self, group: str) -> tuple[Instance, ...]:
        """Those of the group; EC2 shows one for an hour after it was terminated."""
        tag = {"Name": "tag:aws:autoscaling:groupName", "Values": [group]}
        answer = self._ec2.describe_instances(Filters=[tag])
        return tuple(
            Instance(
                each["InstanceId"],
                each["State"]["Name"],
                each["Placement"]["AvailabilityZone"],
                _seconds(each["LaunchTime"]),
            )
            for reservation in answer["Reservations"]
            for each in reservation["Instances"]
        )

    def _settings(self) -> dict[str, str]:
        """By the names that the stack's parameters have."""
        names = {f"{self._stack_name}-{end}": name for end, name in SETTINGS.items()}
        answer = self._ssm.get_parameters(Names=list(names))
        return {names[each["Name"]]: each["Value"] for each in answer["Parameters"]}


def _seconds(at: datetime) -> float:
    return at.timestamp()


def is_silence(error: Any) -> bool:
    """Whether nobody answered at all, rather than with an error."""
    return not isinstance(error, ClientError)
