"""A request as a line of an access log.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from local_aws.contract.access_log import AccessLogEntry
from local_aws.control_plane.load_balancer_logs.lines import line

ARN = "arn:aws:elasticloadbalancing:us-east-2:123456789012"
GROUP = f"{ARN}:targetgroup/my-targets/73e2d6bc24d8a067"
RECEIVED = datetime(2018, 7, 2, 22, 22, 48, 364000, UTC).timestamp()
ANSWERED = datetime(2018, 7, 2, 22, 23, 0, 186641, UTC).timestamp()

ENTRY = AccessLogEntry(
    load_balancer_arn=f"{ARN}:loadbalancer/app/my-loadbalancer/50dc6c495c0c9188",
    kind="http",
    received_at=RECEIVED,
    answered_at=ANSWERED,
    client="192.168.131.39:2817",
    connection="one",
    scheme="http",
    host="www.example.com:18080",
    port=80,
    method="GET",
    path="/",
    http_version="HTTP/1.1",
    user_agent="curl/7.46.0",
    received_bytes=34,
    sent_bytes=366,
    status=200,
    target="10.0.0.1:80",
    target_status=200,
    request_seconds=0.0,
    target_seconds=0.0012,
    response_seconds=0.0004,
    target_group_arn=GROUP,
    trace_id="Root=1-58337262-36d228ad5d99923122bbe354",
    rule_priority=0,
    action="forward",
)


def fields(entry: AccessLogEntry) -> list[str]:
    """Without the last ones, from conn_trace_id on."""
    return line(entry).rpartition(" TID_")[0].split(" ")


def test_the_guides_example_of_an_http_entry() -> None:
    """ "Example HTTP entry" in the guide."""
    before, _, after = line(ENTRY).partition(" TID_")
    assert before == (
        "http 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 "
        "192.168.131.39:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "
        '"GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - '
        f'{GROUP} "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" '
        '0 2018-07-02T22:22:48.364000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"'
    )
    assert after.split(" ")[1:] == ['"-"', '"-"', '"-"']


def test_requests_of_one_connection_have_one_id() -> None:
    ids = {line(replace(ENTRY, path=path)).split("TID_")[1] for path in ("/a", "/b")}
    others = {line(replace(ENTRY, connection="two")).split("TID_")[1]}
    assert len(ids) == len(others) == 1
    assert ids != others


def test_without_an_answer_of_the_target_no_time_is_known() -> None:
    entry = replace(
        ENTRY, status=504, target_status=None, target_seconds=None, response_seconds=None
    )
    assert fields(entry)[4:10] == ["10.0.0.1:80", "-1", "-1", "-1", "504", "-"]


@pytest.mark.parametrize(
    ("agent", "logged"),
    [
        (None, "-"),
        ('a "quoted" \\ one', r"a \x22quoted\x22 \x5C one"),
        ("J\xfcrgen\t", r"J\xFCrgen\x09"),
        ("x" * 9000, "x" * 8192),
    ],
    ids=["none", "quotation marks", "not printable", "longer than 8 KB"],
)
def test_user_agents(agent: str | None, logged: str) -> None:
    assert f' "{logged}" - - ' in line(replace(ENTRY, user_agent=agent))


def test_a_malformed_request() -> None:
    entry = replace(ENTRY, method=None, path=None, http_version=None, host="my-lb.example")
    assert ' "- http://my-lb.example:80- -" ' in line(entry)


def test_no_rule_was_looked_at() -> None:
    entry = replace(ENTRY, rule_priority=None, action=None)
    assert ' "-" "-" - 2018-' in line(entry)
