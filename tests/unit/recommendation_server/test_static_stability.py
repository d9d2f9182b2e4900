"""The server outlives everything it asks: it serves with the last good settings, then safe ones."""

from __future__ import annotations

import json
import time
from pathlib import Path

from server_process import Server, Stub, aws_stub, wait_until

TABLE = "doc-example-resilient-architecture-table"
FAILURE = "doc-example-resilient-architecture-failure-response"
HEALTH = "doc-example-resilient-architecture-health-check"
STATIC = {TABLE: "recommendations", FAILURE: "static", HEALTH: "deep"}
NOWHERE = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:9",
}


def test_a_new_table_name_is_served_with_in_about_a_second(home: Path) -> None:
    with aws_stub() as stub, Server(home, stub.environment()) as server:
        assert server.get("/").status == 200
        stub.behave(parameters={**STATIC, TABLE: "unknown"})
        assert wait_until(lambda: b'"ItemId": {"N": "0"}' in server.get("/").body) < 1.5


def test_settings_are_read_once_a_second_at_most(home: Path) -> None:
    with aws_stub() as stub, Server(home, stub.environment()) as server:
        read = stub.calls()["GetParameters"]
        wait_until(lambda: stub.calls()["GetParameters"] > read)
        began = time.monotonic()
        for _ in range(100):
            server.get("/")
        wait_until(lambda: stub.calls()["GetParameters"] > read + 2)
        assert time.monotonic() - began > 1.5


def test_a_restart_without_credentials_serves_the_last_good_settings(home: Path) -> None:
    with aws_stub() as stub:
        stub.behave(parameters=STATIC)
        with Server(home, stub.environment()) as server:
            stub.behave(imds="no_role")
            wait_until(lambda: server.get("/status").json["role_status"] == 404)
            assert b"A title" in server.get("/").body, "running processes keep their credentials"
            server.kill()
        with Server(home, stub.environment()) as server:
            reply = server.get("/")
            assert reply.json["ItemId"] == {"N": "0"}
            assert reply.json["Metadata"]["InstanceId"] == "i-0123456789abcdef0"
            status = server.get("/status").json
            assert status["settings_source"] == "disk"
            assert status["settings_error"] == "NoCredentials"
            assert status["role_status"] == 404
            assert server.get("/healthcheck?depth=shallow").status == 200
            assert server.get("/healthcheck?depth=deep").status == 503
            assert server.get("/healthcheck").json["depth"] == "deep"
            stub.behave(imds="ok")
            wait_until(lambda: b"A title" in server.get("/").body)
            wait_until(lambda: server.get("/status").json["role_status"] == 200)


def test_a_restart_without_metadata_still_knows_who_it_is(stub: Stub, home: Path) -> None:
    with Server(home, stub.environment()):
        pass
    with Server(home, NOWHERE) as server:
        assert server.get("/").json["Metadata"]["AvailabilityZone"] == "us-east-1a"


def test_an_image_of_another_instance_learns_its_own_identity(stub: Stub, home: Path) -> None:
    known = {"instance_id": "i-other", "availability_zone": "us-east-1f", "region": "us-east-1"}
    (home / "identity.json").write_text(json.dumps(known))
    with Server(home, stub.environment()) as server:
        assert server.get("/status").json["identity"]["instance_id"] == "i-0123456789abcdef0"


def test_with_nothing_at_all_it_serves_safe_defaults(home: Path) -> None:
    with Server(home, NOWHERE) as server:
        reply = server.get("/")
        assert reply.status == 502
        assert set(reply.json["Metadata"].values()) == {"unknown"}
        assert server.get("/healthcheck").json == {"success": True, "depth": "shallow"}
        assert server.get("/status").json["settings_source"] == "default"
        assert server.start_seconds < 2.5


def test_garbage_from_ssm_leaves_the_last_good_settings(home: Path) -> None:
    with aws_stub() as stub:
        stub.behave(parameters=STATIC)
        with Server(home, stub.environment()) as server:
            stub.behave(parameters={TABLE: "other", FAILURE: "Static!"})
            wait_until(lambda: server.get("/status").json["settings"]["table"] == "other")
            status = server.get("/status").json
            assert status["settings"]["failure_response"] == "static"
            assert status["settings_error"] == "missing or bad: failure_response, health_check"


def test_a_disk_that_takes_nothing_is_logged_and_no_more(stub: Stub, home: Path) -> None:
    no_folder = {"STATE_DIRECTORY": str(home / "missing")}
    with Server(home, stub.environment() | no_folder) as server:
        assert server.get("/").status == 200
        assert any(line["event"] == "settings.json" and line["error"] for line in server.log())
