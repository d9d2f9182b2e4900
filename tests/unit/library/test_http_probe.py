"""http_probe: requests to a real server, counted and compared with what was expected."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any

import pytest
from project_yaml import reply_shape

from local_aws.host.ports import free_port

RunModule = Callable[..., dict[str, Any]]
SHAPE = asdict(reply_shape())


class Rotation(BaseHTTPRequestHandler):
    """Three instances in turn; the third has only the static response."""

    protocol_version = "HTTP/1.1"
    numbers = count()

    def do_GET(self) -> None:
        turn = next(self.numbers) % 3
        static = turn == 2
        body = json.dumps(
            {
                "ItemId": {"N": "0" if static else "3"},
                "Title": {"S": "404 Not Found: A Coloring Book" if static else "Dune"},
                "Metadata": {
                    "InstanceId": f"i-{turn}",
                    "AvailabilityZone": f"us-east-1{'abc'[turn]}",
                    "Release": "1.0.0",
                },
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def url() -> Iterator[str]:
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Rotation) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_replies_are_counted_in_every_way(run_module: RunModule, url: str) -> None:
    result = run_module("http_probe", url=url, rate=60, duration_seconds=0.5, reply_shape=SHAPE)
    assert not result["changed"]
    assert result["requests"] == 30
    assert result["by_kind"] == {"real": 20, "static": 10}
    assert result["by_status"] == {"200": 30}
    assert result["by_instance"] == {
        "i-0": {"real": 10},
        "i-1": {"real": 10},
        "i-2": {"static": 10},
    }
    assert result["by_availability_zone"] == {f"us-east-1{zone}": 10 for zone in "abc"}
    assert result["by_release"] == {"1.0.0": 30}
    assert result["success_share"] == 1
    assert 0 < result["latency_ms"]["p50"] <= result["latency_ms"]["max"]


def test_an_expectation_that_is_not_met_fails_with_a_table(run_module: RunModule, url: str) -> None:
    met = {"claim": "no error", "measure": "count", "where": {"kind": "error"}, "is": 0}
    unmet = {"claim": "all real", "measure": "share", "where": {"kind": "real"}, "is": 1}
    probe = {"url": url, "rate": 60, "duration_seconds": 0.2, "reply_shape": SHAPE}
    assert not run_module("http_probe", **probe, expectations=[met]).get("failed")
    failed = run_module("http_probe", **probe, expectations=[met, unmet])
    assert failed["failed"]
    assert failed["msg"].splitlines()[1:] == [
        "held     no error - 0 of 12: below 23% (95%)",
        "REFUTED  all real",
        "           expected: share where kind=real (all) is 100%",
        "           seen:     66.6667%, 8 of 12: 34% to 90.1% (95%)",
    ]
    assert failed["by_kind"] == {"real": 8, "static": 4}


def test_nobody_listens(run_module: RunModule) -> None:
    result = run_module(
        "http_probe", url=f"http://127.0.0.1:{free_port()}/", rate=20, duration_seconds=0.2
    )
    assert (result["by_error"], result["success_share"]) == ({"refused": 4}, 0)


def test_check_mode_sends_nothing_but_reads_the_expectations(run_module: RunModule) -> None:
    probe = {"url": "http://127.0.0.1:1/"}
    assert run_module("http_probe", check=True, **probe)["requests"] == 0
    wrong = [{"claim": "c", "measure": "shares", "is": 1}]
    failed = run_module("http_probe", check=True, **probe, expectations=wrong)
    assert "unknown measure 'shares'" in failed["msg"]
    failed = run_module("http_probe", check=True, **probe, reply_shape={"instance": "Server"})
    assert failed["msg"].startswith("reply_shape: instance is 'Server'; a JSON Pointer")


@pytest.mark.parametrize("check", [False, True])
def test_an_address_without_its_scheme_is_no_failure_of_the_service(
    run_module: RunModule, check: bool
) -> None:
    failed = run_module("http_probe", check=check, url="127.0.0.1:8080/")
    assert failed["msg"] == (
        "url is '127.0.0.1:8080/'; http:// or https:// with a host is expected, such as "
        "http://127.0.0.1:8080/"
    )


def test_of_a_service_that_says_nothing_of_itself_every_success_is_real(
    run_module: RunModule, url: str
) -> None:
    result = run_module("http_probe", url=url, rate=60, duration_seconds=0.1)
    assert (result["by_kind"], result["by_instance"]) == ({"real": 6}, {})
