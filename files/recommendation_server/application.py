"""The replies: a WSGI application with four paths.

It sits directly on CherryPy's HTTP server. CherryPy's dispatcher takes as long as all the rest of
a cached reply, and four fixed paths do not need it.
"""

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from . import config, metrics
from .aws import AwsError
from .breaker import Breaker
from .health import HealthCheck
from .holds import hold
from .identity import Identity
from .log import LOGGER, Condition
from .recommendations import STATIC_ITEM, Recommendations
from .settings import Settings


class Reply(NamedTuple):
    kind: str  # as in metrics.py
    status: int
    content: object
    content_type: str = "application/json"


@dataclass
class Application:
    identity: Identity
    settings: Settings
    breaker: Breaker
    recommendations: Recommendations
    health_check: HealthCheck

    def __post_init__(self) -> None:
        self._condition = Condition("recommendations")
        self._handlers: dict[str, Callable[[str], Reply]] = {
            "/": self._recommendation,
            "/healthcheck": self._health,
            "/status": self._status,
            "/metrics": self._metrics,
        }
        metrics.BREAKER_OPEN.set_function(self.breaker.is_open)
        metrics.SETTINGS_AGE.set_function(lambda: self.settings.age_seconds() or math.nan)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., object]
    ) -> list[bytes]:
        begun_at = time.perf_counter()
        method = environ["REQUEST_METHOD"]
        with metrics.IN_FLIGHT.track_inprogress():
            kind, status, content, content_type = self._reply(
                method, environ["PATH_INFO"], environ["QUERY_STRING"]
            )
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        metrics.REPLIES.labels(kind, status).inc()
        metrics.SECONDS.labels(kind).observe(time.perf_counter() - begun_at)
        headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
        if status == 405:
            headers.append(("Allow", "GET, HEAD"))
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [] if method == "HEAD" else [body]

    def _reply(self, method: str, path: str, query: str) -> Reply:
        if path not in self._handlers:
            return Reply("rejected", 404, {"error": "Not found"})
        if method not in ("GET", "HEAD"):
            return Reply("rejected", 405, {"error": "Method not allowed"})
        try:
            return self._handlers[path](query)
        except Exception:  # noqa: BLE001 - whatever it is, users must not see its traceback
            LOGGER.exception("defect")
            return Reply("error", 500, {"error": "Internal error"})

    def _recommendation(self, query: str) -> Reply:
        asked = parse_qs(query).get("hold")
        if asked and (refusal := hold(asked[0])):
            return Reply("rejected", refusal, {"error": "Not held"})
        settings = self.settings.current
        metadata = {
            "InstanceId": self.identity.known["instance_id"],
            "AvailabilityZone": self.identity.known["availability_zone"],
            "Release": config.RELEASE,
        }
        try:
            item = self.recommendations.random_item(settings["table"])
        except AwsError as error:
            self._condition.is_now(error.code)
            if settings["failure_response"] == "static":
                return Reply("static", 200, {**STATIC_ITEM, "Metadata": metadata})
            text = f"No recommendation from the table: {error.code}"
            return Reply("error", 502, {"error": text, "Metadata": metadata})
        self._condition.is_now(None)
        return Reply("real", 200, {**item, "Metadata": metadata})

    def _health(self, query: str) -> Reply:
        """The depth in the query wins: an instance that cannot read its settings any more still
        answers the question that the load balancer asks."""
        settings = self.settings.current
        depth = parse_qs(query).get("depth", [""])[0]
        if depth not in ("shallow", "deep"):
            depth = settings["health_check"]
        error = self.health_check.error(depth, settings["table"])
        if error:
            return Reply("health", 503, {"success": False, "depth": depth, "error": error})
        return Reply("health", 200, {"success": True, "depth": depth})

    def _status(self, _query: str) -> Reply:
        content = {
            "release": config.RELEASE,
            "identity": self.identity.known,
            "role_status": self.identity.role_status,
            "settings": self.settings.current,
            "settings_source": self.settings.source,
            "settings_age_seconds": self.settings.age_seconds(),
            "settings_error": self.settings.condition.error,
            "breaker": "open" if self.breaker.is_open() else "closed",
            "in_flight": REGISTRY.get_sample_value("recommendation_in_flight"),
            "stopping": self.health_check.stopping,
        }
        return Reply("status", 200, content)

    def _metrics(self, _query: str) -> Reply:
        return Reply("metrics", 200, generate_latest(), CONTENT_TYPE_LATEST)
