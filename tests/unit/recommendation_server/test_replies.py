"""What each path answers, from the real process."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from prometheus_client.parser import text_string_to_metric_families
from server_process import Server, Stub, wait_until

Serve = Callable[..., Server]
METADATA = {
    "InstanceId": "i-0123456789abcdef0",
    "AvailabilityZone": "us-east-1a",
    "Release": "1.2.3",
}
STATIC = {
    "MediaType": {"S": "Book"},
    "ItemId": {"N": "0"},
    "Title": {"S": "404 Not Found: A Coloring Book"},
    "Creator": {"S": "The Oatmeal"},
}


@pytest.mark.parametrize("path", ["/", "/?", "/?a=1&b=%zz"])
def test_a_recommendation_in_dynamodbs_typed_form(server: Server, path: str) -> None:
    reply = server.get(path)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    item = reply.json
    assert item.pop("Metadata") == METADATA
    assert item["MediaType"]["S"] in {"Book", "Movie", "Song"}
    assert item["ItemId"]["N"] in {"1", "2", "3"}
    assert item.keys() == STATIC.keys()


def test_a_broken_table_is_a_502_that_names_the_code_and_no_more(serve: Serve) -> None:
    reply = serve(table="unknown").get("/")
    assert reply.status == 502
    assert reply.json["Metadata"] == METADATA
    assert reply.json["error"].endswith(": ResourceNotFoundException")
    assert b"arn:" not in reply.body


def test_a_broken_table_is_hidden_by_the_static_response(serve: Serve) -> None:
    reply = serve(table="unknown", failure="static").get("/")
    assert reply.status == 200
    assert reply.json == {**STATIC, "Metadata": METADATA}


@pytest.mark.parametrize("parameter", ["shallow", "deep"])
def test_the_depth_in_the_query_wins(serve: Serve, parameter: str) -> None:
    server = serve(health=parameter)
    for query, depth in (
        ("", parameter),
        ("?depth=other", parameter),
        ("?depth=deep", "deep"),
        ("?depth=shallow", "shallow"),
        ("?x=1&depth=deep", "deep"),
    ):
        reply = server.get(f"/healthcheck{query}")
        assert (reply.status, reply.json) == (200, {"success": True, "depth": depth})


def test_a_broken_table_fails_deep_checks_alone(serve: Serve) -> None:
    server = serve(table="unknown")
    assert server.get("/healthcheck?depth=shallow").status == 200
    deep = server.get("/healthcheck?depth=deep")
    assert deep.status == 503
    assert deep.json == {"success": False, "depth": "deep", "error": "ResourceNotFoundException"}


@pytest.mark.parametrize("path", ["/", "/healthcheck", "/status", "/metrics"])
def test_head_is_get_without_a_body(server: Server, path: str) -> None:
    head, get = server.get(path, "HEAD"), server.get(path)
    assert (head.status, head.body) == (get.status, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert int(head.headers["content-length"]) > 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/", "/healthcheck"])
def test_other_methods_are_405_with_allow(server: Server, path: str, method: str) -> None:
    reply = server.get(path, method)
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/unknown", "/healthcheck/", "/%2e%2e/etc/passwd"])
def test_unknown_paths_are_404(server: Server, path: str) -> None:
    assert server.get(path).status == 404


def test_status_tells_what_is_in_force(server: Server) -> None:
    status = server.get("/status").json
    assert status["release"] == "1.2.3"
    assert status["identity"]["region"] == "us-east-1"
    assert status["settings_source"] == "ssm"
    assert 0 <= status["settings_age_seconds"] < 2.5
    assert status["settings_error"] is None
    assert (status["breaker"], status["in_flight"], status["stopping"]) == ("closed", 1, False)


def test_metrics_are_prometheus_text(stub: Stub, server: Server) -> None:
    def value(name: str, **labels: str) -> float:
        families = text_string_to_metric_families(server.get("/metrics").body.decode())
        found = [
            s.value for f in families for s in f.samples if (s.name, s.labels) == (name, labels)
        ]
        return found[0] if found else 0

    real = {"kind": "real", "status": "200"}
    before = value("recommendation_replies_total", **real)
    server.get("/")
    assert value("recommendation_replies_total", **real) == before + 1
    assert value("recommendation_reply_seconds_count", kind="real") == before + 1
    assert value("recommendation_breaker_open") == 0
    assert 0 <= value("recommendation_settings_age_seconds") < 2.5
    stub.behave(dynamodb="reset")
    for _ in range(3):
        server.get("/")
    assert value("recommendation_breaker_open") == 1
    stub.behave(dynamodb="ok")
    wait_until(lambda: server.get("/").status == 200)
    assert value("recommendation_breaker_open") == 0


def test_a_wrong_table_name_never_opens_the_breaker(serve: Serve) -> None:
    server = serve(table="unknown")
    for _ in range(10):
        server.get("/")
    assert server.get("/status").json["breaker"] == "closed"
