"""service_status asks a real server, which answers for one instance after the other."""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

RunModule = Callable[..., dict[str, Any]]
Serve = Callable[..., str]


def status(instance_id: str, **known: Any) -> dict[str, Any]:
    return {"identity": {"instance_id": instance_id}, **known}


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve the given documents in turn at /status, the last one for ever; returns the address."""
    servers = []

    def start(*documents: Any) -> str:
        replies = itertools.chain(documents, itertools.repeat(documents[-1]))

        class Replies(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                document = next(replies) if self.path == "/status" else None
                self.send_response(503 if document is None else 200)
                self.end_headers()
                self.wfile.write(json.dumps(document).encode())

            def log_message(self, *_: Any) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Replies)
        servers.append(server)
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_it_asks_until_the_instance_replies(run_module: RunModule, serve: Serve) -> None:
    url = serve(status("i-2"), None, "no status", status("i-1", role_status=200))
    result = run_module("service_status", url=url, instance_id="i-1")
    assert result["status"] == {"identity": {"instance_id": "i-1"}, "role_status": 200}
    assert not result["changed"]


def test_it_asks_until_the_reply_is_as_expected(run_module: RunModule, serve: Serve) -> None:
    url = serve(
        status("i-1", role_status=None, settings={"failure_response": "none", "table": "a"}),
        status("i-2", role_status=404, settings={"failure_response": "static"}),
        status("i-1", role_status=404, settings={"failure_response": "none", "table": "a"}),
        status("i-1", role_status=404, settings={"failure_response": "static", "table": "a"}),
    )
    expected = {"role_status": 404, "settings": {"failure_response": "static"}}
    result = run_module("service_status", url=url, instance_id="i-1", expected=expected)
    assert result["status"]["settings"] == {"failure_response": "static", "table": "a"}


def test_what_is_not_so_in_time_is_named_with_what_was_seen(
    run_module: RunModule, serve: Serve
) -> None:
    url = serve(
        status("i-1", role_status=200, settings={"failure_response": "none"}), status("i-2")
    )
    failed = run_module(
        "service_status",
        url=url,
        instance_id="i-1",
        expected={
            "role_status": 404,
            "settings": {"failure_response": "static"},
            "stopping": False,
        },
        timeout_seconds=0.3,
    )
    assert failed["failed"]
    assert re.match(rf"i-1 did not reply at {url}status as expected within \d s\.", failed["msg"])
    assert failed["msg"].endswith(
        "Unmet: role_status: 404 (seen: 200), "
        "settings.failure_response: static (seen: none), stopping: False (seen: None)."
    )


def test_an_instance_that_never_replies_is_named_with_the_last_reply(
    run_module: RunModule, serve: Serve
) -> None:
    options = {"instance_id": "i-1", "timeout_seconds": 0.1}
    failed = run_module("service_status", url=serve(status("i-2")), **options)
    assert '"instance_id": "i-2"' in failed["msg"]
    failed = run_module("service_status", url="http://127.0.0.1:1/", **options)
    assert "It gave no reply" in failed["msg"]
    assert "refused" in failed["msg"]
    failed = run_module("service_status", url="localhost:8080", **options)
    assert failed["msg"] == "'localhost:8080' is not an address; http://... is expected"


def test_check_mode_asks_once(run_module: RunModule, serve: Serve) -> None:
    url = serve(status("i-2"), status("i-1", role_status=200))
    options = {"url": url, "instance_id": "i-1", "expected": {"role_status": 404}}
    assert run_module("service_status", check=True, **options)["status"] == {}
    assert run_module("service_status", check=True, **options)["status"]["role_status"] == 200
