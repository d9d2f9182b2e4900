"""Whether the service answers this machine, and what is said when it does not.

AWS: "Troubleshoot your Application Load Balancers": clients that the security group does not let in
see timeouts.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[3]
LET_IN = "203.0.113.7"


def role(tasks_from: str, **variables: object) -> subprocess.CompletedProcess[str]:
    """Play one entry point of the role, as a play that knows these variables does."""
    known = {
        "ansible_connection": "local",
        "service_stack_parameters": {"ExternalCidr": f"{LET_IN}/32"},
        **variables,
    }
    return subprocess.run(
        [
            *(str(Path(sys.executable).parent / "ansible"), "localhost", "-i", "localhost,"),
            *("-m", "include_role", "-a", f"name=service_stack tasks_from={tasks_from}"),
            *("-e", json.dumps({"ansible_python_interpreter": sys.executable, **known})),
            *("-e", json.dumps({"aws_region": "us-east-1", "backend": "aws"})),
        ],
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_NOCOLOR": "1", "no_proxy": "*"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def answering(*replies: tuple[int, str]) -> Iterator[str]:
    """The URL of a server that gives these replies in turn, and the last one again and again."""
    left = list(replies)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, text = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def said(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join((done.stdout + done.stderr).split())


def test_a_machine_that_is_let_in_goes_on() -> None:
    with answering((200, f"{LET_IN}\n")) as url:
        done = role("client_address", service_stack_url="http://lb/", service_stack_address_url=url)
    assert done.returncode == 0, said(done)


def test_a_machine_in_another_network_is_told_so() -> None:
    with answering((200, "198.51.100.9\n")) as url:
        done = role("client_address", service_stack_url="http://lb/", service_stack_address_url=url)
    assert done.returncode != 0
    assert (
        f"This machine's address is 198.51.100.9, and only {LET_IN}/32 may send requests to "
        "http://lb/. Let it in with: ansible-playbook -i localhost, deploy.yml"
    ) in said(done)


def test_a_range_and_an_address_that_nobody_tells_are_no_reason_to_refuse() -> None:
    with answering((200, "198.51.100.9\n")) as url:
        of_a_range = {"service_stack_parameters": {"ExternalCidr": "198.51.100.0/24"}}
        assert role("client_address", service_stack_address_url=url, **of_a_range).returncode == 0
    assert role("client_address", service_stack_address_url=nobody()).returncode == 0


def test_a_deployment_lets_this_machine_in_unless_a_range_is_given() -> None:
    with answering((200, f"{LET_IN}\n")) as url:
        assert role("client_range", service_stack_address_url=url).returncode == 0
    of_a_range = {"service_stack_external_cidr": "198.51.100.0/24"}
    assert role("client_range", service_stack_address_url=nobody(), **of_a_range).returncode == 0


def test_what_is_no_address_is_let_in_nowhere() -> None:
    """A network with a sign-in page answers every request with it."""
    with answering((200, "<html>Sign in</html>")) as url:
        deployed = role("client_range", service_stack_address_url=url)
        played = role("client_address", service_stack_address_url=url)
    assert played.returncode == 0, said(played)
    assert deployed.returncode != 0
    assert (
        f"{url} does not return this machine's public IPv4 address: <html>Sign in</html>. Say "
        "yourself who may send requests, with: -e service_stack_external_cidr=<range>"
    ) in said(deployed)
    assert "Connection refused" in said(role("client_range", service_stack_address_url=nobody()))


def nobody() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


def answer(url: str) -> subprocess.CompletedProcess[str]:
    return role(
        "answering",
        service_stack_url=url,
        service_stack_answer_seconds=1,
        service_stack_poll_seconds=0.1,
    )


def test_a_service_may_answer_late() -> None:
    with answering((503, ""), (503, ""), (200, "")) as url:
        done = answer(url)
    assert done.returncode == 0, said(done)


def test_a_service_that_does_not_answer_this_machine_is_no_deployment() -> None:
    done = answer(url := nobody())
    assert done.returncode != 0
    assert f"All three targets are healthy, and {url} does not answer this machine: " in said(done)
    assert "Connection refused" in said(done)
    assert f"Only {LET_IN}/32 may send requests" in said(done)
