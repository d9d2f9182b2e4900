"""Buckets of tokens, as EC2's throttling is described."""

from __future__ import annotations

from local_aws.control_plane.endpoint.request_rates import Buckets, Rate

RATE = Rate(tokens=3, each_second=2)


def taken(buckets: Buckets, *moments: float, key: tuple[str, ...] = ("ec2", "a")) -> list[bool]:
    return [buckets.take(key, RATE, moment) for moment in moments]


def test_a_full_bucket_allows_a_burst_and_then_what_comes_back() -> None:
    buckets = Buckets()
    assert taken(buckets, 0, 0, 0, 0) == [True, True, True, False]
    assert taken(buckets, 0.4, 0.5, 0.6, 1.0) == [False, True, False, True]


def test_a_bucket_is_never_fuller_than_full() -> None:
    assert taken(Buckets(), 0, 1000, 1000, 1000, 1000) == [True, True, True, True, False]


def test_each_operation_has_its_own() -> None:
    buckets = Buckets()
    assert taken(buckets, 0, 0, 0, 0)[-1] is False
    assert taken(buckets, 0, key=("ec2", "b")) == [True]


def test_a_bucket_that_is_full_again_is_forgotten() -> None:
    buckets = Buckets()
    for number in range(1000):
        assert taken(buckets, number, key=("ec2", str(number))) == [True]
    assert len(buckets._used) <= 2
