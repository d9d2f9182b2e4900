"""A sampler goes on, whatever answers in AWS's place."""

import threading
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from evidence.observe.samplers import Sampler
from evidence.records import Sample, SamplingError, StackSample

TAKEN = StackSample(1.0, "UPDATE_COMPLETE")


@pytest.mark.parametrize(
    ("failure", "said", "code"),
    [
        (
            ClientError({"Error": {"Code": "Throttling", "Message": "too fast"}}, "DescribeStacks"),
            "too fast",
            "Throttling",
        ),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), "Could not connect", None),
        # A proxy's page in HTML with the status of AWS's own answers: botocore/parsers.py.
        (ResponseParserError("invalid XML received"), "invalid XML received", None),
    ],
    ids=["refused", "unreachable", "not AWS"],
)
def test_what_cannot_be_sampled_is_recorded_and_tried_again(
    failure: Exception, said: str, code: str | None
) -> None:
    answers: Iterator[Exception | Sample] = iter([failure, TAKEN])
    samples: list[Sample] = []
    stop = threading.Event()

    def take() -> list[Sample]:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        stop.set()
        return [answer]

    Sampler("stack", 0, take).run(samples.append, stop)

    error, taken = samples
    assert isinstance(error, SamplingError)
    assert (error.sampler, error.code) == ("stack", code)
    assert said in error.error
    assert taken == TAKEN
