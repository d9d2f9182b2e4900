"""Replies by second and by who gave them, from the record's own times."""

from collections import Counter

from evidence.record.reply import Reply
from live_page.traffic import KEPT_SECONDS, Traffic, rate


def reply(
    at: float, kind: str = "real", latency_ms: float = 4.0, instance: str | None = "i-a"
) -> Reply:
    return Reply(at, 0.1, latency_ms, 200, kind, instance=instance)  # type: ignore[arg-type]


def test_each_second_has_its_kinds_and_latencies() -> None:
    traffic = Traffic()
    for number in range(99):
        traffic.take(reply(10 + number / 100, latency_ms=5.0))
    traffic.take(reply(10.995, "error", 700.0, None))
    traffic.take(reply(11.5, "static"))
    assert traffic.seconds() == [[10, 99, 0, 1, 5.0, 5.0], [11, 0, 1, 0, 4.0, 4.0]]
    assert traffic.seconds(11) == [[11, 0, 1, 0, 4.0, 4.0]]


def test_its_percentiles_are_those_of_the_report() -> None:
    traffic = Traffic()
    for latency_ms in (1.0, 2.0, 3.0, 4.0):
        traffic.take(reply(10, latency_ms=latency_ms))
    assert traffic.seconds() == [[10, 4, 0, 0, 2.0, 4.0]]


def test_now_is_the_last_moment_of_the_record() -> None:
    traffic = Traffic()
    for number in range(100):
        traffic.take(reply(10 + number / 10, instance="i-a" if number % 2 else None))
    counts = traffic.by_instance(20.5)
    assert counts == {"i-a": Counter(real=10), "": Counter(real=10)}
    assert rate(counts["i-a"]) == 5.0


def test_nothing_flows_when_the_newest_reply_is_old() -> None:
    traffic = Traffic()
    traffic.take(reply(10))
    assert traffic.is_flowing(11)
    assert not traffic.is_flowing(20)
    assert traffic.by_instance(20) == {}


def test_what_is_too_old_is_forgotten() -> None:
    traffic = Traffic()
    traffic.take(reply(10))
    traffic.take(reply(200))
    traffic.forget(10.5 + KEPT_SECONDS + 1)
    assert [each[0] for each in traffic.seconds()] == [200]


def test_only_late_seconds_are_handed_out_again() -> None:
    traffic = Traffic()
    for second in range(100, 160):
        traffic.take(reply(second))
    assert [each[0] for each in traffic.latest()] == list(range(153, 160))
