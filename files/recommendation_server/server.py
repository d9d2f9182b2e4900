"""Puts the parts together and runs them on CherryPy's engine until SIGTERM."""

import socket
import threading
import time

import cherrypy
from cherrypy.process.servers import ServerAdapter

from . import config
from .application import Application
from .aws import Access, Client
from .breaker import Breaker
from .health import HealthCheck
from .http_server import HttpServer
from .identity import Identity
from .log import LOGGER, event
from .recommendations import Recommendations
from .settings import Settings

_REFRESH_SECONDS = 1.0
_FIRST_REFRESH_SECONDS = 1.0  # how long the first one may hold up the first reply


def serve() -> None:
    """Returns after SIGTERM or SIGINT. Raises OSError when the port cannot be had."""
    access = Access()
    identity = Identity()
    settings = Settings(Client(access, "ssm"))
    breaker = Breaker()
    recommendations = Recommendations(Client(access, "dynamodb"), breaker)
    health_check = HealthCheck(Client(access, "dynamodb"))
    refreshed = threading.Event()

    def refresh() -> None:
        """All that is asked of IMDS and SSM, once a second, off the request path."""
        while True:
            begun_at = time.monotonic()
            try:
                identity.refresh()
                access.refresh(identity.known["region"])
                identity.role_status = identity.ask_for_role()
                settings.refresh()
            except Exception:  # noqa: BLE001 - whatever it is, the next second tries again
                LOGGER.exception("defect")
            refreshed.set()
            time.sleep(max(0.1, begun_at + _REFRESH_SECONDS - time.monotonic()))

    def drain() -> None:
        """Says 503 to health checks for a while, so that the load balancer stops sending."""
        event("stopping", {"drain_seconds": config.DRAIN_SECONDS})
        health_check.stopping = True
        time.sleep(config.DRAIN_SECONDS)

    # CherryPy ends the process with no clear word when the port is taken, so that is asked first.
    socket.create_server((config.LISTEN_ADDRESS, config.PORT)).close()
    threading.Thread(target=refresh, daemon=True).start()
    refreshed.wait(_FIRST_REFRESH_SECONDS)

    server = HttpServer(Application(identity, settings, breaker, recommendations, health_check))
    engine = cherrypy.engine
    cherrypy.config.update({"environment": "production"})
    cherrypy.server.unsubscribe()  # ours takes its place
    ServerAdapter(engine, server, server.bind_addr).subscribe()
    engine.subscribe("stop", drain, priority=1)
    engine.start()
    # Not before: CherryPy cannot stop while it is starting.
    engine.signals.subscribe()
    event("serving", {"port": config.PORT, "release": config.RELEASE})
    engine.block()
