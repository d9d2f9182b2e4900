"""moto, as the endpoint has it answer: addressed where it looks, with filters that it lacks."""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import moto.core.responses
import moto.core.utils
import moto.moto_server.werkzeug_app
from moto.core.loaders import create_loader
from moto.core.request import (
    PRESERVED_HEADER_NAMES_ENVIRON_KEY,
    environ_key_for_header,
    should_preserve_original_header_name,
)
from moto.core.utils import method_names_from_class
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from local_aws.control_plane import moto_seams
from local_aws.control_plane.api_request import ApiRequest
from local_aws.control_plane.endpoint import filters
from local_aws.control_plane.service_hooks import ServiceHooks
from local_aws.host.http_server import FIELDS

Answer = tuple[str, list[tuple[str, str]], bytes]
"""Status, headers, body."""

_HOSTS = 1024
"""Clients name the services and regions, so not all of them are kept."""


class MotoApplication:
    """moto's own WSGI application. Install the corrections before making one."""

    def __init__(self) -> None:
        # Answers must not invite web pages in.
        moto.moto_server.werkzeug_app.__dict__["DISABLE_GLOBAL_CORS"] = True
        self._application = DomainDispatcherApplication(create_backend_app)
        # moto lists its folders and tries hundreds of patterns, a fifth of a request's time.
        of_host = functools.lru_cache(_HOSTS)(self._application.get_backend_for_host)
        self._application.get_backend_for_host = of_host  # type: ignore[method-assign]
        moto_seams.replace(moto.core.responses, method_names_from_class=_method_names)
        moto_seams.replace(moto.core.utils, create_loader=_loader)

    def answer(
        self, request: ApiRequest, environ: Mapping[str, Any], hooks: ServiceHooks
    ) -> Answer:
        """Answer under the lock that the caller holds; `environ` may be given again.

        Raises ApiError for a filter that cannot be evaluated, and whatever moto raises.
        """
        addressed = _addressed(request, environ)
        if not filters.has_any(request):
            return self._answer(addressed)
        return filters.answer(
            request,
            functools.partial(self._answer_with, addressed),
            pages_are_cut=hooks.cuts_pages(request),
        )

    def _answer_with(self, environ: Mapping[str, Any], parameters: Mapping[str, Any]) -> Answer:
        """The answer to the request with these parameters instead of its own."""
        body = urlencode(parameters).encode()
        return self._answer(
            {
                **environ,
                "REQUEST_METHOD": "POST",
                "QUERY_STRING": "",
                "RAW_URI": environ["PATH_INFO"],
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
            }
        )

    def _answer(self, environ: dict[str, Any]) -> Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []
        parts = self._application(
            environ, lambda status, headers, _=None: started.append((status, headers))
        )
        body = b"".join(parts)
        (status, headers), *_ = started
        return status, headers, body


@functools.cache
def _method_names(kind: type) -> frozenset[str]:
    """What moto may call of a service. It would list hundreds of methods at each request."""
    return frozenset(method_names_from_class(kind))


_loader = functools.cache(create_loader)
"""Reads a service's model at its first request. Each new one would first look for all services."""


def _addressed(request: ApiRequest, environ: Mapping[str, Any]) -> dict[str, Any]:
    """Name service, region and key where moto looks for them, however the request was signed."""
    addressed = {
        **environ,
        "RAW_URI": environ["REQUEST_URI"],  # moto's name for it
        "wsgi.input": io.BytesIO(request.body),
    }
    addressed.pop("HTTP_X_MOTO_ACCOUNT_ID", None)  # moto would act in that account
    if request.service:
        scope = (request.access_key_id or "unsigned", "20000101", request.region or "us-east-1")
        addressed["HTTP_AUTHORIZATION"] = (
            f"AWS4-HMAC-SHA256 Credential={'/'.join(scope)}/{request.service}/aws4_request, "
            "SignedHeaders=host, Signature=0"
        )
    if request.protocol in ("query", "ec2"):
        # moto reads these services' parameters only under this name, wherever they are.
        addressed["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
    # WSGI has no place for underscores in names, which S3's metadata may have.
    names = addressed[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = {}
    for name, value in environ[FIELDS]:
        if should_preserve_original_header_name(name):
            key = environ_key_for_header(name)
            names[key], addressed[key] = name, value
    return addressed
