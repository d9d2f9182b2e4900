"""The CloudFormation API's calls, in place of moto's.

stacks.py       calls that change stacks: create, update, delete, signal
change_sets.py  calls for change sets
describing.py   calls that only read
drift.py        calls for drift
base.py         the stack and the declaration that a request names
"""

from __future__ import annotations

from moto.cloudformation import urls
from moto.core.responses import ActionResult

from local_aws.control_plane.cloudformation.api.change_sets import ChangeSetCalls
from local_aws.control_plane.cloudformation.api.drift import DriftCalls
from local_aws.control_plane.cloudformation.api.stacks import StackCalls


class CloudFormationApi(StackCalls, ChangeSetCalls, DriftCalls):
    """Every call on stacks is ours; there are no stack sets, as moto's calls then say."""

    def create_stack_set(self) -> ActionResult:
        """moto's sets say of their stacks that they are current, and create none."""
        raise NotImplementedError


def install() -> None:
    """moto routes every request through this table, which it reads at the first request."""
    urls.url_paths["{0}/$"] = CloudFormationApi.dispatch
