"""The AWS endpoint: one loopback port that answers every AWS API, with moto behind it."""

from __future__ import annotations

import errno
import functools
import logging
from collections.abc import Iterable
from typing import Any

from local_aws.contract.credentials import AccessKey
from local_aws.control_plane import api_request, refused_parts, waiting, wiring
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.endpoint import (
    browser_guard,
    compressed_bodies,
    input_constraints,
    page_tokens,
    request_rates,
    rpc_v2_cbor,
    signed_region,
    unmet_requests,
)
from local_aws.control_plane.endpoint.moto_application import MotoApplication
from local_aws.control_plane.iam.authorization import enforcement
from local_aws.control_plane.iam.sessions.callers import Caller
from local_aws.control_plane.iam.signed_requests import authentication
from local_aws.control_plane.lock import LOCK
from local_aws.control_plane.service_hooks import Hooks, ServiceHooks, Take
from local_aws.control_plane.waiting import Client
from local_aws.errors import LocalAwsError
from local_aws.host import peer_user
from local_aws.host.http_server import CLIENT_IS_GONE, PEER_USER, HttpServer

_LOG = logging.getLogger(__name__)

_HOST = "127.0.0.1"
_WORKER_THREADS = 40
"""Requests are answered one at a time; the threads are for clients that wait for a stack. For each
one that waits longer, there is another thread meanwhile."""

_CONNECTIONS = 1000
_BODY_BYTES = 1024**3
"""AWS takes larger objects only in parts; so do its clients, from 8 MB on."""
_BODIES_BYTES = 2 * _BODY_BYTES

_MOTO_INTERNALS = ("/moto-api", "/latest/")
"""Paths of moto that are no AWS API: they could wipe the state from under the daemon, write files
(the recorder), or answer as an instance metadata service that knows no instance."""


class PortTakenError(LocalAwsError):
    """Another program listens on the port that the AWS endpoint should use."""


class ControlPlaneServer:
    """The HTTP server of the AWS endpoint. Install the corrections before making one.

    `administrators_key` may do everything; every other key is one that IAM or STS has issued here.
    `hooks` are what services do around requests. Port 0 takes a free one; `endpoint` names it.
    """

    def __init__(self, administrators_key: AccessKey, hooks: Hooks, port: int = 0) -> None:
        self._administrators_key = administrators_key
        self._hooks = hooks
        self._port = port
        self._moto = MotoApplication()
        self._http: HttpServer | None = None
        self._is_closed = False
        self._is_stopping = False

    @property
    def endpoint(self) -> str:
        """The URL for AWS_ENDPOINT_URL; right once the server has started."""
        return f"http://{_HOST}:{self._port}"

    def start(self) -> None:
        """Listen; returns when requests are accepted. Raises PortTakenError."""
        http = HttpServer(
            "aws-api",
            threads=_WORKER_THREADS,
            connections=_CONNECTIONS,
            body_bytes=_BODY_BYTES,
            bodies_bytes=_BODIES_BYTES,
        )
        try:
            self._port = http.listen(_HOST, self._port, self._answer).number
        except OSError as error:
            http.stop()
            raise PortTakenError(self._why(error)) from error
        self._http = http

    def _why(self, error: OSError) -> str:
        port = f"port {self._port} on {_HOST}"
        if error.errno == errno.EACCES:
            return f"{port} is not for this user: give one above 1023"
        return f"{port} is taken by another program: {error}; give another one, or 0 for a free one"

    def close(self) -> None:
        """Refuse every further request: the state was saved, and nothing may change it any more."""
        self._is_closed = True

    def stop(self) -> None:
        """Stop listening and let running requests finish, for two seconds at most.

        Those that wait for something finish without it.
        """
        self._is_stopping = True
        if self._http:
            self._http.stop()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        refusal = browser_guard.refusal(
            environ.get("HTTP_HOST"),
            environ.get("HTTP_ORIGIN"),
            environ.get("HTTP_SEC_FETCH_SITE"),
        )
        if refusal:
            return _plain(start_response, "403 Forbidden", refusal)
        if environ["PATH_INFO"].startswith(_MOTO_INTERNALS):
            return _plain(start_response, "404 Not Found", "this is no AWS API")
        if not environ["REQUEST_URI"].startswith("/") or "#" in environ["REQUEST_URI"]:
            return _plain(start_response, "400 Bad Request", "the request names no path")
        signed = api_request.read(environ)
        plain = compressed_bodies.opened(signed, environ)
        request = signed if plain is environ else api_request.read(plain)
        answer = functools.partial(self._answer_read, signed)
        if rpc_v2_cbor.is_spoken(request):
            return rpc_v2_cbor.answer(request, plain, start_response, answer)
        return answer(request, plain, start_response)

    def _answer_read(
        self,
        signed: ApiRequest,
        request: ApiRequest,
        environ: dict[str, Any],
        start_response: Any,
    ) -> Iterable[bytes]:
        """Answer a request that has been read; `signed` is what its signature is of."""
        if request.is_bare:
            return _plain(start_response, "200 OK", _WELCOME)
        take = self._hooks.taker(request)
        if take:
            return self._hand_over(request, take, start_response)
        try:
            caller, hooks = self._checked(signed, request, environ)
        except ApiError as error:
            return _error(start_response, request, error)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, clients get an AWS error
            _LOG.exception("%s %s failed", request.service, request.action or request.method)
            return _error(start_response, request, _FAILURE)
        if hooks.needs_only_its_lock(request):
            body = self._answer_beside(request, caller, hooks, environ, start_response)
            if body is not None:
                return [body]
        return self._answer_alone(request, caller, hooks, environ, start_response)

    def _checked(
        self, signed: ApiRequest, request: ApiRequest, environ: dict[str, Any]
    ) -> tuple[Caller, ServiceHooks]:
        """Who makes the request, and its service's hooks. Raises ApiError for one to refuse."""
        if request.service == "s3":  # which looks at the region before anything else
            signed_region.require_known(request)
        caller = authentication.caller_of(
            signed,
            self._administrators_key,
            lambda: peer_user.is_welcome(environ[PEER_USER]()),
        )
        _check(request)
        request_rates.require(request)
        input_constraints.require(request)
        hooks = self._hooks.of(request.service)
        hooks.prepare(request)
        return caller, hooks

    def _hand_over(self, request: ApiRequest, take: Take, start_response: Any) -> Iterable[bytes]:
        """Answer a request to a URL that holds its own signature."""
        try:
            with LOCK:
                if self._is_closed:
                    raise _STOPPING
                take(request)
        except ApiError as error:
            return _error(start_response, request, error)
        return _plain(start_response, "200 OK", "")

    def _answer_beside(
        self,
        request: ApiRequest,
        caller: Caller,
        hooks: ServiceHooks,
        environ: dict[str, Any],
        start_response: Any,
    ) -> bytes | None:
        """Answer under the service's own lock, while other requests are answered.

        None for whatever fails: it may have met a change half-made, so it is answered alone then.
        """
        try:
            refused = enforcement.authorize(request, caller)
            with hooks.lock:
                status, headers, body = self._moto.answer(
                    request, {**environ, refused_parts.ENVIRON: refused}, hooks
                )
        except Exception:  # noqa: BLE001 - it is tried again, and then answered or logged
            return None
        if self._is_closed or not status.startswith("200"):
            return None
        start_response(status, headers)
        return body

    def _answer_alone(
        self,
        request: ApiRequest,
        caller: Caller,
        hooks: ServiceHooks,
        environ: dict[str, Any],
        start_response: Any,
    ) -> Iterable[bytes]:
        """Answer while nothing else changes in AWS."""
        try:
            with LOCK:
                if self._is_closed:
                    return _error(start_response, request, _STOPPING)
                refused = enforcement.authorize(request, caller)
                hooks.require(request)
                with hooks.lock, waiting.on_behalf_of(self._client(environ)):
                    status, headers, body = self._moto.answer(
                        request, {**environ, refused_parts.ENVIRON: refused}, hooks
                    )
                wait = hooks.after()
        except ApiError as error:
            return _error(start_response, request, error)
        except NotImplementedError:
            return _error(start_response, request, _unsupported(request))
        except Exception as error:  # noqa: BLE001 - moto may raise anything: clients get an AWS error
            unmet = _unmet(request, error)
            if unmet:
                return _error(start_response, request, unmet)
            _LOG.exception("%s %s failed", request.service, request.action or request.method)
            return _error(start_response, request, _FAILURE)
        if request.changes_something:
            wiring.current().on_change()
        if wait:
            wait()
        start_response(status, headers)
        return [body]

    def _client(self, environ: dict[str, Any]) -> Client:
        http = self._http
        assert http is not None  # noqa: S101 - a request has come by it
        has_left = environ[CLIENT_IS_GONE]
        return Client(
            is_gone=lambda: self._is_closed or self._is_stopping or has_left(),
            makes_room=http.one_thread_more,
        )


_WELCOME = 'This is a local AWS. Point any AWS client at it with: eval "$(local-aws env)"\n'
_NO_ACTION = (
    "The request names no Action. Send it in the URL's query, or in a body with the header "
    "Content-Type: application/x-www-form-urlencoded."
)
_STOPPING = ApiError(
    "503 Service Unavailable", "ServiceUnavailable", "The local AWS was saved and is stopping."
)
_FAILURE = ApiError(
    "500 Internal Server Error",
    "InternalFailure",
    "The local AWS failed; `local-aws logs` has the traceback.",
)


def _check(request: ApiRequest) -> None:
    """Raise ApiError for a request that no service can answer."""
    if request.flaw:
        raise _unreadable(request)
    if request.protocol == "query" and not request.action:
        raise ApiError("400 Bad Request", "MissingAction", _NO_ACTION)
    signed_region.require_known(request)


def _unmet(request: ApiRequest, error: Exception) -> ApiError | None:
    """The client's mistake that moto failed at, when the failure shows that it is one."""
    of_token = page_tokens.refusal(request, error) if isinstance(error, ValueError) else None
    return of_token or unmet_requests.refusal(request, error)


def _unreadable(request: ApiRequest) -> ApiError:
    code = "SerializationException" if request.protocol.endswith("json") else "MalformedInput"
    return ApiError("400 Bad Request", code, f"The request cannot be read: {request.flaw}")


def _unsupported(request: ApiRequest) -> ApiError:
    """moto raises for an action it lacks; a client should get an answer it does not retry."""
    return ApiError(
        "400 Bad Request",
        "UnknownOperationException" if request.protocol.endswith("json") else "InvalidAction",
        f"The local AWS does not emulate {request.service} {request.action}.",
    )


def _error(start_response: Any, request: ApiRequest, error: ApiError) -> Iterable[bytes]:
    return _plain(start_response, error.status, error.body(request), error.content_type(request))


def _plain(
    start_response: Any, status: str, text: str, content_type: str = "text/plain; charset=utf-8"
) -> Iterable[bytes]:
    body = text.encode()
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body]
