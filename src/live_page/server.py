"""The background process: `python -m live_page.server`, with its configuration on standard input.

It serves the page until SIGTERM, or until there is nothing left to look at: the stack is deleted,
or the local AWS is stopped. What goes wrong is in live-page-<stack>.log.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cherrypy
from cheroot.wsgi import Server

from live_page import guard, one_request
from live_page.commands import Commands, RefusedError
from live_page.configuration import HOST, PageConfig
from live_page.priority import step_back
from live_page.sampler import Sampler
from live_page.viewers import MOST, FullError, Viewers
from safeguards.scenarios import Scenario, chosen

_STATIC = Path(__file__).with_name("static")
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
FILES = {path.name: path.read_bytes() for path in _STATIC.iterdir() if path.suffix in _TYPES}
_PAGE = "page.html"
_OTHER_THREADS = 8
_REQUEST_BYTES = 4096
_SOCKET_SECONDS = 10
_STOP_SECONDS = 3


class Page:
    """What can be requested. Buttons and output need the token, the rest does not."""

    def __init__(self, config: PageConfig) -> None:
        scenarios = plans(config)
        self._config = config
        self.commands = Commands(config, list(scenarios))
        self.viewers = Viewers(lambda: self.sampler.history())
        self.sampler = Sampler(config, scenarios, self.commands, self.viewers.publish)

    @cherrypy.expose  # type: ignore[untyped-decorator]
    @cherrypy.tools.allow(methods=["GET", "HEAD"])  # type: ignore[untyped-decorator]
    def default(self, name: str = _PAGE) -> bytes:
        """A file of the page."""
        if name not in FILES:
            raise cherrypy.HTTPError(404, "There is no such page.")
        cherrypy.response.headers["Content-Type"] = _TYPES[Path(name).suffix]
        return FILES[name]

    index = default

    @cherrypy.expose  # type: ignore[untyped-decorator]
    @cherrypy.config(**{"response.stream": True})  # type: ignore[untyped-decorator]
    @cherrypy.tools.allow(methods=["GET"])  # type: ignore[untyped-decorator]
    def events(self) -> Iterator[bytes]:
        """The state of the page, and again each time that it changes."""
        step_back()
        viewer = self.viewers.look()
        try:
            first = next(viewer)
        except FullError:
            message = f"{MOST} are looking already. Try again when one has left."
            raise cherrypy.HTTPError(503, message) from None
        cherrypy.response.headers["Content-Type"] = "text/event-stream; charset=utf-8"

        def stream() -> Iterator[bytes]:
            yield first
            yield from viewer

        return stream()

    @cherrypy.expose  # type: ignore[untyped-decorator]
    @cherrypy.tools.allow(methods=["GET"])  # type: ignore[untyped-decorator]
    def output(self) -> bytes:
        """What the latest playbook shows that a button has started."""
        self._require_token()
        return _json({"text": self.commands.output()})

    @cherrypy.expose  # type: ignore[untyped-decorator]
    @cherrypy.tools.allow(methods=["POST"])  # type: ignore[untyped-decorator]
    def request(self) -> bytes:
        """Send one request to the service."""
        self._require_consent()
        if not self.sampler.service_url:
            raise cherrypy.HTTPError(409, "The service has no address yet.")
        return _json(one_request.send(self.sampler.service_url, self._config.reply_shape))

    @cherrypy.expose  # type: ignore[untyped-decorator]
    @cherrypy.tools.allow(methods=["POST"])  # type: ignore[untyped-decorator]
    def play(self, button: str = "") -> bytes:
        """Start the playbook of a button."""
        self._require_consent()
        try:
            self.commands.start(button, is_busy=self.sampler.is_busy)
        except LookupError:
            raise cherrypy.HTTPError(400, "There is no such button.") from None
        except RefusedError as error:
            raise cherrypy.HTTPError(409, str(error)) from None
        except OSError as error:
            raise cherrypy.HTTPError(500, f"It cannot be started: {error.strerror}.") from None
        cherrypy.response.status = 202
        return _json({"started": button})

    def _require_token(self) -> None:
        if not guard.is_holder(cherrypy.request.headers, self._config.token):
            raise cherrypy.HTTPError(403, "Open the address that watch.yml has printed.")

    def _require_consent(self) -> None:
        self._require_token()
        if self._config.read_only:
            raise cherrypy.HTTPError(403, self._config.read_only)


def _check(port: int) -> None:
    """What is said of every reply, and who gets none."""
    cherrypy.serving.response.headers.update(guard.HEADERS)
    refusal = guard.stranger(cherrypy.serving.request.headers, port)
    if refusal:
        raise cherrypy.HTTPError(403, refusal)


cherrypy.tools.guard = cherrypy.Tool("on_start_resource", _check, priority=1)


def application(page: Page, config: PageConfig) -> cherrypy.Application:
    """The page as a WSGI application."""
    cherrypy.config.update({"environment": "embedded", "log.screen": False})
    settings = {
        "error_page.default": _error,
        "tools.guard.on": True,
        "tools.guard.port": config.port,
    }
    made = cherrypy.Application(page, "", {"/": settings})
    made.log.access_log.disabled = True
    return made


def _error(status: str, message: str, **_: Any) -> str:
    """An error in one line."""
    cherrypy.serving.response.headers["Content-Type"] = "text/plain; charset=utf-8"
    cherrypy.serving.response.headers.update(guard.HEADERS)
    return f"{status.partition(' ')[0]}: {message}\n"


def _json(value: Any) -> bytes:
    cherrypy.response.headers["Content-Type"] = "application/json"
    return json.dumps(value).encode()


def plans(config: PageConfig) -> dict[str, Scenario]:
    """All scenarios by name, in the order of the story."""
    playbook = Path(config.checkout) / "scenario.yml"
    return {each.name: each for each in chosen(playbook, ["all"], [])}


class _Server(Server):
    max_request_body_size = _REQUEST_BYTES
    max_request_header_size = 16 * 1024

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        # A viewer that goes away in the middle of an event is no error.
        logging.getLogger("live_page").log(min(level, logging.INFO), msg, exc_info=traceback)


def server_of(page: Page, config: PageConfig) -> Server:
    """On loopback, with a thread for each viewer."""
    return _Server(
        (HOST, config.port),
        application(page, config),
        numthreads=MOST + _OTHER_THREADS,
        server_name="live-page",
        timeout=_SOCKET_SECONDS,
        shutdown_timeout=_STOP_SECONDS,
    )


def serve(config: PageConfig) -> None:
    """Returns after SIGTERM, SIGINT, or when there is nothing left to look at."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    page = Page(config)
    server = server_of(page, config)
    server.prepare()
    threading.Thread(target=server.serve, daemon=True).start()
    page.sampler.start(ended.set)
    ended.wait()
    page.sampler.stop()
    page.viewers.close()
    server.stop()


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    serve(PageConfig.from_dict(json.loads(sys.stdin.read())))


if __name__ == "__main__":
    main()
