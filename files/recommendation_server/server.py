"""Puts the parts together and runs them on CherryPy's engine until SIGTERM."""

from __future__ import annotations

import threading
import time

import cherrypy
from cherrypy.process.servers import ServerAdapter

from recommendation_server.application import Application
from recommendation_server.aws import Access, JsonClient
from recommendation_server.breaker import Breaker
from recommendation_server.config import Config
from recommendation_server.health import HealthCheck
from recommendation_server.http_server import HttpServer
from recommendation_server.identity import InstanceIdentity
from recommendation_server.log import LOGGER, event
from recommendation_server.recommendations import Recommendations
from recommendation_server.settings import CurrentSettings
from recommendation_server.state_file import StateFile

_REFRESH_SECONDS = 1.0
_FIRST_REFRESH_SECONDS = 1.0  # how long the first one may delay the first reply
_IN_FLIGHT_SECONDS = 5.0


class BackgroundRefresh(threading.Thread):
    """Everything that is asked of IMDS and SSM, once a second, off the request path."""

    def __init__(
        self, identity: InstanceIdentity, access: Access, settings: CurrentSettings
    ) -> None:
        super().__init__(name="refresh", daemon=True)
        self._identity = identity
        self._access = access
        self._settings = settings
        self._ended = threading.Event()
        self.first_done = threading.Event()

    def run(self) -> None:
        while True:
            begun_at = time.monotonic()
            try:
                self._identity.refresh()
                self._access.refresh(self._identity.current.region)
                self._settings.refresh()
            except Exception:  # noqa: BLE001 - whatever it is, the next second tries again
                LOGGER.exception("defect", extra={"facts": {"where": "refresh"}})
            self.first_done.set()
            rest = begun_at + _REFRESH_SECONDS - time.monotonic()
            if self._ended.wait(max(rest, 0.1)):
                return

    def end(self) -> None:
        self._ended.set()


def serve(config: Config) -> None:
    """Returns after SIGTERM or SIGINT. Raises OSError when the port cannot be had."""
    access = Access(config.aws_endpoint)
    identity = InstanceIdentity(
        config.metadata_endpoint, StateFile(config.state_directory, "identity.json")
    )
    settings = CurrentSettings(
        JsonClient(access, "ssm", "AmazonSSM", "1.1"),
        {
            "table_name": config.table_parameter,
            "failure_response": config.failure_response_parameter,
            "health_check": config.health_check_parameter,
        },
        StateFile(config.state_directory, "settings.json"),
    )
    breaker = Breaker()
    health_check = HealthCheck(JsonClient(access, "dynamodb", "DynamoDB_20120810", "1.0"))
    application = Application(
        config.release,
        identity,
        settings,
        Recommendations(
            JsonClient(access, "dynamodb", "DynamoDB_20120810", "1.0"),
            breaker,
            config.item_cache_seconds,
        ),
        breaker,
        health_check,
    )
    refresh = BackgroundRefresh(identity, access, settings)
    refresh.start()
    # A fresh instance should know its settings before its first request, but it never waits long.
    refresh.first_done.wait(_FIRST_REFRESH_SECONDS)

    def drain() -> None:
        """Says 503 to health checks for a while, so that the load balancer stops sending."""
        event("stopping", drain_seconds=config.drain_seconds)
        health_check.stopping.set()
        time.sleep(config.drain_seconds)
        refresh.end()

    address = (config.listen_address, config.port)
    server = HttpServer(address, application, _IN_FLIGHT_SECONDS)
    engine = cherrypy.engine
    cherrypy.config.update({"environment": "production", "log.screen": False})
    cherrypy.server.unsubscribe()  # its place is taken by our own server
    ServerAdapter(engine, server, address).subscribe()
    engine.subscribe("stop", drain, priority=1)
    engine.signal_handler.subscribe()
    engine.start()
    event("serving", address=config.listen_address, port=config.port, release=config.release)
    engine.block()
    event("stopped")
