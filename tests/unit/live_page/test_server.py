"""The server answers its own page only, and whoever has no token may look and press nothing."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from live_page import server
from live_page.configuration import HOST, PageConfig
from live_page.viewers import MOST
from local_aws.host.ports import free_port

TOKEN = {"Authorization": "Bearer the token"}
Ask = Callable[..., tuple[int, dict[str, str], str]]


def served(config: PageConfig) -> Iterator[server.Page]:
    """A page whose sampler does not look."""
    page = server.Page(config)
    http_server = server.server_of(page, config)
    http_server.prepare()
    thread = threading.Thread(target=http_server.serve)
    thread.start()
    try:
        yield page
    finally:
        page.viewers.close()
        http_server.stop()
        thread.join()


@pytest.fixture(scope="module")
def page(config: PageConfig) -> Iterator[server.Page]:
    yield from served(config)


def asker(config: PageConfig) -> Ask:
    def ask(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection(HOST, config.port, timeout=10)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, b"" if method == "POST" else None, given)
            reply = connection.getresponse()
            return reply.status, dict(reply.getheaders()), reply.read().decode()
        finally:
            connection.close()

    return ask


@pytest.fixture(scope="module")
def ask(page: server.Page, config: PageConfig) -> Ask:  # noqa: ARG001 - it answers
    return asker(config)


def test_the_page_comes_with_a_policy_and_needs_nothing_else(ask: Ask) -> None:
    status, headers, text = ask("/")
    assert status == 200
    assert headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "http:" not in text
    for name in server.FILES:
        assert ask(f"/{name}")[0] == 200
    assert sum(map(len, server.FILES.values())) < 100_000


@pytest.mark.parametrize(
    "path", ["/nothing", "/../server.py", "/%2e%2e/server.py", "/page.css/x", "/?a=1"]
)
def test_anything_else_is_not_there(ask: Ask, path: str) -> None:
    status, headers, text = ask(path)
    assert status in (400, 404)
    assert "Traceback" not in text
    assert "Content-Security-Policy" in headers


@pytest.mark.parametrize("path", ["/", "/events", "/page.js", "/output"])
def test_another_name_and_another_page_are_refused_everywhere(ask: Ask, path: str) -> None:
    for headers in ({"Host": "rebound.example"}, {"Origin": "http://other.example"}):
        status, _, text = ask(path, **headers, **TOKEN)
        assert status == 403
        assert text.startswith("403: This page ")


@pytest.mark.parametrize("path", ["/play?button=healthy", "/request"])
def test_buttons_need_the_token_and_a_post(ask: Ask, path: str) -> None:
    assert ask(path, "POST")[0] == 403
    assert ask(path, "POST", Authorization="Bearer another")[0] == 403
    assert ask(path, "GET", **TOKEN)[0] == 405
    assert ask("/output")[0] == 403
    assert ask("/output", **TOKEN)[::2] == (200, '{"text": ""}')


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/play?button=unknown", 400, "There is no such button."),
        ("/play", 400, "There is no such button."),
        ("/play?button=stop", 409, "No scenario is being played"),
        ("/request", 409, "The service has no address yet."),
        ("/play?other=1", 404, ""),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    ask: Ask, path: str, status: int, message: str
) -> None:
    found, _, text = ask(path, "POST", **TOKEN)
    assert found == status
    assert message in text
    assert len(text.strip().splitlines()) == 1


def test_a_button_starts_its_playbook(config: PageConfig) -> None:
    config = replace(config, port=free_port(), command=("/bin/echo", "played"))
    for page in served(config):
        assert asker(config)("/play?button=fail-open", "POST", **TOKEN)[0] == 202
        for process in page.commands._running.values():
            process.wait()
        assert "played scenario.yml --tags fail-open" in page.commands.output()


def test_a_page_that_is_read_only_says_why(config: PageConfig) -> None:
    config = replace(config, port=free_port(), read_only="Only to look at.")
    for _ in served(config):
        status, _, text = asker(config)("/play?button=healthy", "POST", **TOKEN)
        assert (status, text.strip()) == (403, "403: Only to look at.")


@contextmanager
def looking(config: PageConfig) -> Iterator[http.client.HTTPResponse]:
    """Somebody who looks at the page's events."""
    connection = http.client.HTTPConnection(HOST, config.port, timeout=10)
    try:
        connection.request("GET", "/events")
        with connection.getresponse() as reply:
            yield reply
    finally:
        connection.close()


def event(reply: http.client.HTTPResponse) -> tuple[str, Any]:
    name = ""
    while raw := reply.readline():
        line = raw.decode().strip()
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        if line.startswith("data: "):
            return name, json.loads(line.removeprefix("data: "))
    raise EOFError("the events ended")


def test_every_viewer_gets_each_state_and_the_history_first(
    page: server.Page, config: PageConfig
) -> None:
    with ExitStack() as stack:
        viewers = [stack.enter_context(looking(config)) for _ in range(3)]
        for each in viewers:
            name, history = event(each)
            assert name == "history"
            assert len(history["scenarios"]) == 8
        page.viewers.publish('{"number": 1}')
        page.viewers.publish('{"number": 1}')
        assert [event(each) for each in viewers] == [("state", {"number": 1})] * 3
        page.viewers.publish('{"number": 2}')
        assert [event(each) for each in viewers] == [("state", {"number": 2})] * 3


def test_more_viewers_than_there_is_room_for_are_told_so(config: PageConfig) -> None:
    config = replace(config, port=free_port())
    for page in served(config):
        others = [page.viewers.look() for _ in range(MOST)]
        for each in others:
            next(each)
        assert asker(config)("/events")[0] == 503
        others.pop().close()
        with looking(config) as reply:
            assert reply.status == 200


def test_the_token_is_in_no_file_of_the_page(config: PageConfig) -> None:
    assert config.address == f"http://127.0.0.1:{config.port}/#the token"
    for path in Path(server.__file__).with_name("static").iterdir():
        assert "the token" not in path.read_text().replace("The token", "")
