from __future__ import annotations

import logging

import pytest
from moto.sqs.exceptions import QueueDoesNotExist

from local_aws.control_plane.cloudformation.failure_reasons import reason_of
from local_aws.control_plane.cloudformation.resource_types.handlers.base import ResourceFailedError


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ResourceFailedError("It is too large."), "It is too large."),
        (QueueDoesNotExist(), "The specified queue does not exist."),
    ],
    ids=["ours", "moto's"],
)
def test_a_refusal_is_its_message(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason


@pytest.mark.parametrize(
    "error",
    [AttributeError("'str' object has no attribute 'name'"), KeyError("Name"), TypeError("int()")],
    ids=["AttributeError", "KeyError", "TypeError"],
)
def test_what_fails_here_is_logged_and_says_no_word_of_pythons(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        reason = reason_of(error)

    assert reason == (
        f"Internal Failure: the local AWS itself failed ({type(error).__name__}); "
        "`local-aws logs` shows where"
    )
    assert caplog.records[0].exc_info
