"""What an AWS API request asks for, read from its headers and body before moto sees it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/,\s]+)/\d+/(?P<region>[^/]*)/(?P<service>[^/]*)/")
_READ_ONLY = re.compile(
    r"(Describe|Get|List|Query|Scan|BatchGet|TransactGet|Head|Lookup|Search|Validate|Simulate)"
)


@dataclass(frozen=True)
class ApiRequest:
    """`action` is empty for REST services (S3, Lambda), whose action is in method and path."""

    service: str
    region: str
    action: str
    method: str
    is_json: bool

    @property
    def changes_something(self) -> bool:
        """Whether AWS's state can be another one afterwards; AWS names its reads by their verb."""
        if self.action:
            return not _READ_ONLY.match(self.action)
        return self.method not in ("GET", "HEAD", "OPTIONS")


def read(environ: dict[str, Any]) -> ApiRequest:
    """Read the request; its body is buffered, so that moto can read it again."""
    length = environ.get("CONTENT_LENGTH")
    if length:
        body = environ["wsgi.input"].read(int(length))
    else:
        body = environ["wsgi.input"].read() if environ.get("wsgi.input_terminated") else b""
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))

    credential = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    return ApiRequest(
        service=credential["service"] if credential else "",
        region=credential["region"] if credential else "",
        action=target.rpartition(".")[2] or _query_action(environ, body),
        method=environ["REQUEST_METHOD"],
        is_json="json" in environ.get("CONTENT_TYPE", ""),
    )


def _query_action(environ: dict[str, Any], body: bytes) -> str:
    """The Action parameter of AWS's query protocol, from the form or the query string."""
    is_form = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
    text = body.decode("utf-8", "replace") if is_form else environ.get("QUERY_STRING", "")
    return parse_qs(text).get("Action", [""])[0] if "Action=" in text else ""
