"""Access logs: what a real Envoy served, in the bucket that the load balancer's attributes name."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from certificates import pair, trusting
from live_balancer import LiveBalancer, fixed, forward
from load_balancing_world import Target, wait_for
from log_bucket import attributes, entries, keys, make_log_bucket
from wired import wired

from local_aws.contract.facts import Facts
from local_aws.control_plane import delays
from local_aws.control_plane.load_balancer_logs.delivery import Delivery
from local_aws.control_plane.lock import LOCK

Entries = list[dict[str, str]]


@pytest.fixture
def bucket(aws: Callable[..., Any], unique_name: str) -> str:
    name = f"logs-{unique_name}"
    make_log_bucket(aws("s3"), name)
    return name


class Logs:
    """The access logs of one load balancer, delivered when a test wants it."""

    def __init__(self, balancer: LiveBalancer, s3: Any, bucket: str) -> None:
        self._balancer, self._s3, self._bucket = balancer, s3, bucket
        self._delivery = Delivery()
        self._facts = Facts(take_access_log=balancer.load_balancing.take_access_log)

    def enable(self, prefix: str = "", enabled: str = "true") -> None:
        self._balancer.elbv2.modify_load_balancer_attributes(
            LoadBalancerArn=self._balancer.arn,
            Attributes=attributes(self._bucket, prefix, enabled),
        )
        self._balancer.carry_out()
        self.turn(time.time())

    def turn(self, now: float) -> None:
        """One turn of the daemon at this time."""
        self._facts.access_log_bytes = self._balancer.load_balancing.access_log_bytes
        self._delivery.read_if_due(self._facts, now)
        with LOCK:
            self._delivery.write(now)

    def delivered(self) -> Entries:
        """All that has been served, in order."""
        self._delivery.read(self._facts, time.time())
        with LOCK:
            self._delivery.write(time.time())
        return sorted(entries(self._s3, self._bucket), key=lambda each: each["time"])

    @property
    def keys(self) -> list[str]:
        return keys(self._s3, self._bucket)


@pytest.fixture
def logs(balancer: LiveBalancer, aws: Callable[..., Any], bucket: str) -> Logs:
    return Logs(balancer, aws("s3"), bucket)


def test_a_forwarded_request(
    balancer: LiveBalancer, logs: Logs, target: Target, unique_name: str
) -> None:
    """ELB User Guide, "Access log entries": each field of a request that a target answered."""
    logs.enable()
    group = balancer.target_group(unique_name, target)
    balancer.listen(80, forward(group), Protocol="HTTP")
    balancer.await_state(group, target, "healthy")
    before = time.time()

    answer = balancer.get("/a?b=c", {"User-Agent": 'an "agent" \xe9', "Host": "www.example.com"})

    assert answer.status == 200
    [entry] = logs.delivered()
    host, port = target.address
    assert entry["type"] == "http"
    assert entry["elb"] == balancer.arn.partition("loadbalancer/")[2]
    assert entry["client:port"].startswith("127.0.0.1:")
    assert entry["target:port"] == entry["target:port_list"] == f"{host}:{port}"
    times = [entry[f"{name}_processing_time"] for name in ("request", "target", "response")]
    assert all(re.fullmatch(r"\d\.\d{3}", each) for each in times)
    statuses = ("elb_status_code", "target_status_code", "target_status_code_list")
    assert [entry[name] for name in statuses] == ["200"] * 3
    assert 60 < int(entry["received_bytes"]) < 200
    assert len(answer.body) < int(entry["sent_bytes"]) < 300
    assert entry["request"] == "GET http://www.example.com:80/a?b=c HTTP/1.1"
    assert entry["user_agent"] == r"an \x22agent\x22 \xE9"
    assert entry["target_group_arn"] == group
    trace = next(seen["X-Amzn-Trace-Id"] for _, path, seen in target.requests if path == "/a?b=c")
    assert entry["trace_id"] == trace
    assert entry["matched_rule_priority"] == "0"
    assert entry["actions_executed"] == "forward"
    assert re.fullmatch("TID_[0-9a-f]{32}", entry["conn_trace_id"])
    begun, ended = (
        datetime.strptime(entry[name], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC).timestamp()
        for name in ("request_creation_time", "time")
    )
    assert before - 0.01 <= begun <= ended <= time.time()
    nothing = {name for name, value in entry.items() if value == "-"}
    assert nothing == {
        *("ssl_cipher", "ssl_protocol", "domain_name", "chosen_cert_arn", "redirect_url"),
        *("error_reason", "classification", "classification_reason"),
        *("transformed_host", "transformed_uri", "request_transform_status"),
    }


def test_requests_that_no_target_answered(
    balancer: LiveBalancer, logs: Logs, target: Target, unique_name: str
) -> None:
    """ELB User Guide, "Access log entries": -1 where the load balancer could not dispatch a
    request, or got no response; the actions, and the priority of the rule."""
    logs.enable()
    group = balancer.target_group(unique_name, target)
    listener = balancer.listen(80, fixed("ok"), Protocol="HTTP")
    redirect = {"Port": "443", "Protocol": "HTTPS", "StatusCode": "HTTP_301"}
    for priority, path, action in (
        (7, "/old", {"Type": "redirect", "RedirectConfig": redirect}),
        (50_000, "/app", forward(group)),
    ):
        balancer.elbv2.create_rule(
            ListenerArn=listener,
            Priority=priority,
            Conditions=[{"Field": "path-pattern", "Values": [path]}],
            Actions=[action],
        )
    balancer.carry_out()
    balancer.await_state(group, target, "healthy")
    target.answer = lambda handler: setattr(handler, "close_connection", True)

    moved = balancer.get("/old", {"Host": "www.example.com"})
    statuses = [balancer.get(path).status for path in ("/", "/app")]
    statuses.append(balancer.get("/", method="TRACE").status)
    with socket.create_connection(("127.0.0.1", balancer.local_port(80)), timeout=5) as client:
        client.sendall(b"this is no HTTP\r\n\r\n")
        statuses.append(int(client.recv(4096).split()[1]))

    assert (moved.status, statuses) == (301, [200, 502, 405, 400])
    found = logs.delivered()
    names = ("elb_status_code", "matched_rule_priority", "actions_executed", "redirect_url")
    assert [tuple(entry[name] for name in names) for entry in found] == [
        ("301", "7", "redirect", "https://www.example.com:443/old"),
        ("200", "0", "fixed-response", "-"),
        ("502", "50000", "forward", "-"),
        ("405", "-", "-", "-"),
        ("400", "-", "-", "-"),
    ]
    times = {entry[f"{name}_processing_time"] for entry in found for name in ("request", "target")}
    assert times == {"-1"}
    assert {entry["target_status_code"] for entry in found} == {"-"}
    host, port = target.address
    assert [entry["target:port"] for entry in found] == ["-", "-", f"{host}:{port}", "-", "-"]
    assert found[0]["trace_id"].startswith("Root=1-")
    assert found[4]["request"] == "- http://127.0.0.1:80- -"


def test_what_a_request_was_before_its_transforms(
    balancer: LiveBalancer, logs: Logs, target: Target, unique_name: str
) -> None:
    """ELB User Guide, "Access log entries": transformed_host, transformed_uri and
    request_transform_status; the request as the client sent it."""
    logs.enable()
    group = balancer.target_group(unique_name, target)
    listener = balancer.listen(80, fixed("ok"), Protocol="HTTP")
    url = {"Rewrites": [{"Regex": "^/dp/(.*)$", "Replace": "/product?id=$1"}]}
    host = {"Rewrites": [{"Regex": "^(.*)[.]example$", "Replace": "$1.internal"}]}
    balancer.elbv2.create_rule(
        ListenerArn=listener,
        Priority=1,
        Conditions=[{"Field": "path-pattern", "Values": ["/dp/*"]}],
        Actions=[forward(group)],
        Transforms=[
            {"Type": "url-rewrite", "UrlRewriteConfig": url},
            {"Type": "host-header-rewrite", "HostHeaderRewriteConfig": host},
        ],
    )
    balancer.carry_out()
    balancer.await_state(group, target, "healthy")

    assert balancer.get("/dp/1", {"Host": "shop.example"}).status == 200

    [entry] = logs.delivered()
    assert entry["request"] == "GET http://shop.example:80/dp/1 HTTP/1.1"
    assert entry["transformed_host"] == "shop.internal"
    assert entry["transformed_uri"] == "/product?id=1"
    assert entry["request_transform_status"] == "TransformSuccess"


@pytest.mark.parametrize("mode", ["monitor", "defensive", "strictest"])
def test_what_desync_mitigation_has_against_a_request(
    balancer: LiveBalancer, logs: Logs, mode: str
) -> None:
    """ELB User Guide, "Classification reasons"; each mode records them."""
    balancer.elbv2.modify_load_balancer_attributes(
        LoadBalancerArn=balancer.arn,
        Attributes=[{"Key": "routing.http.desync_mitigation_mode", "Value": mode}],
    )
    logs.enable()
    balancer.listen(80, fixed("ok"), Protocol="HTTP")

    status = balancer.get("/", {"Content-Length": "0"}).status
    balancer.get("/", {"Content_Length": "3"})

    assert status == (400 if mode == "strictest" else 200)
    found = logs.delivered()
    names = ("elb_status_code", "classification", "classification_reason")
    assert [tuple(entry[name] for name in names) for entry in found] == [
        (str(status), "Acceptable", "GetHeadZeroContentLength"),
        (str(status), "Ambiguous", "SuspiciousHeader"),
    ]
    assert {entry["matched_rule_priority"] for entry in found} == {"-" if status == 400 else "0"}


def test_a_request_over_https(
    balancer: LiveBalancer, logs: Logs, aws: Callable[..., Any], unique_name: str
) -> None:
    """ELB User Guide, "Access log entries": the name that the client gave, and the certificate
    that was chosen for it."""
    logs.enable()
    names = [f"{unique_name}.example", f"other-{unique_name}.example"]
    first, second = (pair(name).imported(aws("acm")) for name in names)
    listener = balancer.listen_https(first)
    balancer.elbv2.add_listener_certificates(
        ListenerArn=listener, Certificates=[{"CertificateArn": second}]
    )
    balancer.carry_out()
    served = []
    for name in names:
        tls = trusting(verify=False)
        address = ("127.0.0.1", balancer.local_port(443))
        with (
            socket.create_connection(address, timeout=5) as connection,
            tls.wrap_socket(connection, server_hostname=name) as client,
        ):
            client.sendall(f"GET / HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
            assert client.recv(4096).startswith(b"HTTP/1.1 200")
            served.append((name, client.version()))

    found = logs.delivered()
    assert [(entry["domain_name"], entry["ssl_protocol"]) for entry in found] == served
    assert [entry["chosen_cert_arn"] for entry in found] == [first, second]
    assert {entry["type"] for entry in found} == {"https"}
    assert all(entry["ssl_cipher"] not in ("", "-") for entry in found)
    assert found[0]["request"] == f"GET https://{names[0]}:443/ HTTP/1.1"


def test_a_client_that_goes_away_is_460(
    balancer: LiveBalancer, logs: Logs, target: Target, unique_name: str
) -> None:
    """ELB User Guide, "HTTP 460"; requests of one connection have the same conn_trace_id."""
    logs.enable()
    group = balancer.target_group(unique_name, target)
    balancer.listen(80, forward(group), Protocol="HTTP")
    balancer.await_state(group, target, "healthy")
    with socket.create_connection(("127.0.0.1", balancer.local_port(80)), timeout=5) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 200")
        target.answer = lambda _: target.closing.wait(1)
        client.sendall(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        wait_for(lambda: any(path == "/slow" for _, path, _ in target.requests))

    found = wait_for(lambda: each if len(each := logs.delivered()) == 2 else None)
    assert [entry["elb_status_code"] for entry in found] == ["200", "460"]
    assert [entry["target_status_code"] for entry in found] == ["200", "-"]
    assert found[0]["conn_trace_id"] == found[1]["conn_trace_id"]


@pytest.mark.parametrize("seconds", [60, 300])
def test_it_is_delivered_at_the_end_of_each_interval(
    balancer: LiveBalancer, logs: Logs, seconds: int
) -> None:
    """ELB User Guide, "Access log files": a file for each load balancer every 5 minutes, if there
    was traffic; its key."""
    late = replace(delays.KIND, access_log_interval=seconds)
    begin = (time.time() // 3600 + 2) * 3600
    day = datetime.fromtimestamp(begin, UTC).strftime("%Y/%m/%d")
    end = datetime.fromtimestamp(begin + seconds, UTC).strftime("%Y%m%dT%H%MZ")
    with wired(delays=late):
        logs.enable(prefix="a/b")
        balancer.listen(80, fixed("ok"), Protocol="HTTP")
        logs.turn(begin)
        balancer.get()
        logs.turn(begin + seconds - 1)
        assert logs.keys == []
        logs.turn(begin + seconds)
        [key] = logs.keys
        logs.turn(begin + 2 * seconds)
        assert logs.keys == [key]
    account = balancer.arn.split(":")[4]
    name = balancer.arn.partition("loadbalancer/")[2].replace("/", ".")
    assert re.fullmatch(
        f"a/b/AWSLogs/{account}/elasticloadbalancing/us-east-1/{day}/"
        f"{account}_elasticloadbalancing_us-east-1_{name}_{end}_"
        r"(\d+\.){3}\d+_[a-z0-9]{8}\.log\.gz",
        key,
    )


def test_what_was_served_before_logs_were_turned_off(balancer: LiveBalancer, logs: Logs) -> None:
    """ELB User Guide, "Disable access logs for your Application Load Balancer"."""
    logs.enable()
    balancer.listen(80, fixed("ok"), Protocol="HTTP")
    balancer.get("/logged")

    logs.enable(enabled="false")
    balancer.get("/unlogged")
    logs.turn(time.time())

    assert len(logs.keys) == 1
    [entry] = logs.delivered()
    assert entry["request"].endswith("/logged HTTP/1.1")


def test_what_a_deleted_load_balancer_served(balancer: LiveBalancer, logs: Logs) -> None:
    """ELB User Guide, "Access log files"."""
    logs.enable()
    balancer.listen(80, fixed("ok"), Protocol="HTTP")
    balancer.get()

    balancer.elbv2.delete_load_balancer(LoadBalancerArn=balancer.arn)
    balancer.carry_out()
    for _ in range(2):
        logs.turn(time.time())

    assert len(logs.keys) == 1


def test_a_bucket_that_lets_nobody_in_any_more(
    balancer: LiveBalancer,
    logs: Logs,
    aws: Callable[..., Any],
    bucket: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """ELB User Guide, "Enable access logs": its policy. The local AWS says what is lost."""
    logs.enable()
    balancer.listen(80, fixed("ok"), Protocol="HTTP")
    balancer.get()

    aws("s3").delete_bucket_policy(Bucket=bucket)

    assert logs.delivered() == []
    assert f"to bucket {bucket}" in caplog.text
