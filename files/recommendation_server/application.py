"""The replies: a WSGI application with four paths.

It sits directly on CherryPy's HTTP server. CherryPy's dispatcher costs as much time as all the
rest of a cached reply, and four fixed paths do not need it.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qs

from recommendation_server.breaker import Breaker
from recommendation_server.errors import AwsError
from recommendation_server.health import HealthCheck
from recommendation_server.identity import InstanceIdentity
from recommendation_server.log import LOGGER, Change
from recommendation_server.metrics import CONTENT_TYPE, Metrics
from recommendation_server.recommendations import STATIC_ITEM, Recommendations
from recommendation_server.settings import CurrentSettings

_STATUS_LINES = {
    200: "200 OK",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    500: "500 Internal Server Error",
    502: "502 Bad Gateway",
    503: "503 Service Unavailable",
}


@dataclass(frozen=True)
class Reply:
    kind: str  # as in metrics.py
    status: int
    body: bytes
    content_type: str = "application/json"


def _json_reply(kind: str, status: int, content: dict[str, Any]) -> Reply:
    return Reply(kind, status, json.dumps(content).encode())


class Application:
    def __init__(
        self,
        release: str,
        identity: InstanceIdentity,
        settings: CurrentSettings,
        recommendations: Recommendations,
        breaker: Breaker,
        health_check: HealthCheck,
    ) -> None:
        self._release = release
        self._identity = identity
        self._settings = settings
        self._recommendations = recommendations
        self._breaker = breaker
        self._health_check = health_check
        self._change = Change("recommendations")
        self._metrics = Metrics(
            lambda: breaker.is_open,
            lambda: math.nan if (age := settings.age_seconds()) is None else age,
        )
        self._routes: dict[str, Callable[[str], Reply]] = {
            "/": self._recommendation,
            "/healthcheck": self._health,
            "/status": self._status,
            "/metrics": self._metrics_text,
        }

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., object]
    ) -> Iterable[bytes]:
        begun_at = time.perf_counter()
        method = environ["REQUEST_METHOD"]
        with self._metrics.in_flight.track_inprogress():
            reply = self._reply(method, environ["PATH_INFO"], environ["QUERY_STRING"])
        self._metrics.replied(reply.kind, reply.status, time.perf_counter() - begun_at)
        headers = [("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body)))]
        if reply.status == 405:
            headers.append(("Allow", "GET, HEAD"))
        start_response(_STATUS_LINES[reply.status], headers)
        return [] if method == "HEAD" else [reply.body]

    def _reply(self, method: str, path: str, query: str) -> Reply:
        handler = self._routes.get(path)
        if handler is None:
            return _json_reply("rejected", 404, {"error": "Not found"})
        if method not in {"GET", "HEAD"}:
            return _json_reply("rejected", 405, {"error": "Method not allowed"})
        try:
            return handler(query)
        except Exception:  # noqa: BLE001 - a defect here must not show its traceback to users
            LOGGER.exception("defect", extra={"facts": {"path": path}})
            return _json_reply("error", 500, {"error": "Internal error"})

    def _recommendation(self, _query: str) -> Reply:
        settings = self._settings.current
        identity = self._identity.current
        metadata = {
            "InstanceId": identity.instance_id,
            "AvailabilityZone": identity.availability_zone,
            "Release": self._release,
        }
        try:
            item = self._recommendations.any(settings.table_name)
        except AwsError as error:
            self._change.now(error.code)
            if settings.failure_response == "static":
                return _json_reply("static", 200, {**STATIC_ITEM, "Metadata": metadata})
            text = f"The recommendation table gave no recommendation: {error.code}"
            return _json_reply("error", 502, {"error": text, "Metadata": metadata})
        self._change.now(None)
        return _json_reply("real", 200, {**item, "Metadata": metadata})

    def _health(self, query: str) -> Reply:
        """The depth in the query wins, so that an instance that cannot read its settings any
        more still answers the question that the load balancer asks."""
        settings = self._settings.current
        asked = parse_qs(query).get("depth", [""])[-1]
        depth = asked if asked in {"shallow", "deep"} else settings.health_check
        health = self._health_check.check(depth, settings.table_name)
        content = {name: value for name, value in asdict(health).items() if value is not None}
        return _json_reply("health", 200 if health.success else 503, content)

    def _status(self, _query: str) -> Reply:
        settings = self._settings
        return _json_reply(
            "status",
            200,
            {
                "release": self._release,
                "identity": asdict(self._identity.current),
                "settings": {
                    **asdict(settings.current),
                    "source": settings.source,
                    "age_seconds": settings.age_seconds(),
                    "last_error": settings.last_error,
                },
                "breaker": "open" if self._breaker.is_open else "closed",
                "in_flight": self._metrics.in_flight_now(),
                "stopping": self._health_check.stopping.is_set(),
            },
        )

    def _metrics_text(self, _query: str) -> Reply:
        return Reply("metrics", 200, self._metrics.text(), CONTENT_TYPE)
