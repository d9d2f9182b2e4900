"""The real control plane on a free port; clients for it, and what tests have in it.

Fixtures of one subject have a file in tests/support.
"""
# ruff: noqa: F401 - pytest finds fixtures by their names

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from client_fixtures import (
    acm,
    asg,
    aws,
    cloudwatch,
    dynamodb,
    ec2,
    elbv2,
    events,
    iam,
    kms,
    logs,
    raw,
    s3,
    secrets,
    sns,
    ssm,
    unchecked,
    unchecked_elbv2,
)
from group_fixtures import default_vpc, group, launch_template, no_waiting, subnets
from iam_fixtures import role, session, user
from load_balancer_fixtures import classic, load_balancing, new_target_group, target, target_group
from moto.core.base_backend import BackendDict, BaseBackend
from resource_fixtures import bucket, service, stacks, topic
from wired import wired

from local_aws.contract.credentials import AccessKey
from local_aws.contract.facts import Facts
from local_aws.control_plane import corrections, service_connections
from local_aws.control_plane.cloudformation.change_sets import CHANGE_SETS, ChangeSets
from local_aws.control_plane.cloudformation.stack import STACKS, Stacks
from local_aws.control_plane.endpoint.server import ControlPlaneServer
from local_aws.control_plane.lock import LOCK

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def administrators_key() -> AccessKey:
    return AccessKey("AKIAADMINISTRATOR000", "administrator")


@pytest.fixture(scope="session", autouse=True)
def _corrected() -> None:
    corrections.install()


@pytest.fixture(scope="module", autouse=True)
def _empty_account() -> None:
    """Each file begins with an empty AWS account, whichever files ran before it."""
    with LOCK, pytest.MonkeyPatch.context() as patch:
        # moto makes each backend anew before it drops it: IAM's and EC2's take long.
        patch.setattr(BaseBackend, "reset", lambda _: None)
        BackendDict.reset()
        STACKS.take_over(Stacks())
        CHANGE_SETS.take_over(ChangeSets())


@pytest.fixture(scope="session")
def control_plane(administrators_key: AccessKey) -> Iterator[ControlPlaneServer]:
    server = ControlPlaneServer(administrators_key, service_connections.HOOKS)
    server.start()
    with wired(endpoint=server.endpoint):
        yield server
    server.stop()


@pytest.fixture
def facts() -> Iterator[Facts]:
    """An attached data plane that reports what the test writes; `reconcile(facts)` is one turn."""
    reported = Facts()
    with wired(data_plane=reported):
        yield reported


@pytest.fixture
def unique_name() -> str:
    """A name that no other test uses: the tests of one file share one AWS account."""
    return f"test-{next(_numbers)}"
