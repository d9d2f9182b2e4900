"""The control plane's state as bytes: when it cannot be had, it says why."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from moto.acm.models import acm_backends
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.resourcegroupstaggingapi.models import resourcegroupstaggingapi_backends
from moto.sns.models import sns_backends
from moto.ssm.models import ssm_backends

from local_aws.control_plane import snapshot
from local_aws.control_plane.cloudformation import operations
from local_aws.control_plane.cloudformation.stack import STACKS, Declaration, Stack
from local_aws.control_plane.elbv2 import certificates
from local_aws.control_plane.snapshot import SnapshotError


def test_it_is_refused_while_an_operation_runs_on_a_stack() -> None:
    stack = Stack("id", "busy", "123456789012", "us-east-1", Declaration("", {}, {}, {}, {}))
    goes_on = threading.Event()
    STACKS.add(stack)

    def work(_: operations.Operation) -> None:
        goes_on.wait(10)

    operations.start(stack, work)
    try:
        with pytest.raises(SnapshotError, match="an operation runs on stack busy"):
            snapshot.dump()
    finally:
        operation = operations.running(stack)
        goes_on.set()
        assert operation is None or operation.wait(10)
        del STACKS._by_id[stack.stack_id]
    assert snapshot.dump()


def test_what_cannot_be_written_is_named() -> None:
    backend: Any = ssm_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]
    secret = object()
    backend.closure = lambda: secret
    try:
        with pytest.raises(SnapshotError, match=r"test_what_cannot_be_written_is_named.* closure"):
            snapshot.dump()
    finally:
        del backend.closure


def test_certificates_are_saved_with_their_keys() -> None:
    backend: Any = acm_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]
    arn = backend.request_certificate("saved.example", None, [], [])
    saved = snapshot.dump()
    before = certificates.find(DEFAULT_ACCOUNT_ID, "us-east-1", arn)
    backend.delete_certificate(arn)

    snapshot.restore(saved)

    try:
        assert certificates.find(DEFAULT_ACCOUNT_ID, "us-east-1", arn) == before
    finally:
        acm_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].delete_certificate(arn)


def test_pages_that_are_being_read_are_not_in_the_way() -> None:
    """moto keeps a generator for each page token of the Resource Groups Tagging API."""
    topics: Any = sns_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]
    arns = [topics.create_topic(f"paged-{n}", tags={"a": "b"}).arn for n in range(2)]
    tagging: Any = resourcegroupstaggingapi_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]
    token, _ = tagging.get_resources(resources_per_page=1)
    try:
        assert token in tagging._pages
        assert snapshot.dump()
    finally:
        for arn in arns:
            topics.delete_topic(arn)
