"""What an AWS API request asks for, read from its headers and body before moto sees it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

_CREDENTIAL = re.compile(
    r"(?P<key>[^/,\s=]+)/(?P<date>\d{8})/(?P<region>[^/]*)/(?P<service>[^/]*)/aws4_request"
)
_READ_ONLY = re.compile(
    r"(Describe|Get|List|Query|Scan|BatchGet|TransactGet|Head|Lookup|Search|Validate|Simulate)"
)
_ITEM_READS = frozenset({"GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan"})
_REST_XML_SERVICES = ("s3", "route53", "cloudfront")


@dataclass(frozen=True)
class ApiRequest:
    """`action` is empty for REST services (S3, Lambda), whose action is in method and path.

    `parameters` are the members of a JSON body, or the flat pairs of the query protocol
    ("InstanceId.1"), or of the URL's query. `headers` have lower-case names.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    service: str
    region: str
    access_key_id: str
    action: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_json(self) -> bool:
        return "x-amz-target" in self.headers

    @property
    def protocol(self) -> str:
        """How the service's answers are written, in botocore's words for it."""
        if self.is_json:
            return "json"
        if self.service == "ec2":
            return "ec2"
        if self.action:
            return "query"
        return "rest-xml" if self.service in _REST_XML_SERVICES else "rest-json"

    @property
    def is_presigned(self) -> bool:
        return "X-Amz-Credential" in self.parameters

    @property
    def session_token(self) -> str:
        token = self.headers.get("x-amz-security-token")
        return token or str(self.parameters.get("X-Amz-Security-Token", ""))

    @property
    def changes_something(self) -> bool:
        """Whether AWS's state can be another one afterwards; AWS names its reads by their verb."""
        if self.action:
            return not _READ_ONLY.match(self.action)
        return self.method not in ("GET", "HEAD", "OPTIONS")

    @property
    def reads_items(self) -> bool:
        """Whether it reads what a DynamoDB table holds."""
        return self.service == "dynamodb" and self.action in _ITEM_READS


def read(environ: dict[str, Any]) -> ApiRequest:
    """Read a WSGI request; its body is buffered, so that moto can read it again."""
    length = environ.get("CONTENT_LENGTH")
    if length:
        body = environ["wsgi.input"].read(int(length))
    else:
        body = environ["wsgi.input"].read() if environ.get("wsgi.input_terminated") else b""
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))

    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")
    }
    query = environ.get("QUERY_STRING", "")
    parameters = _parameters(headers, query, body)
    scope = headers.get("authorization") or unquote(str(parameters.get("X-Amz-Credential", "")))
    credential = _CREDENTIAL.search(scope)
    target = headers.get("x-amz-target", "")
    return ApiRequest(
        method=environ["REQUEST_METHOD"],
        path=environ["REQUEST_URI"].partition("?")[0],
        query=query,
        headers=headers,
        body=body,
        service=credential["service"].lower() if credential else "",
        region=credential["region"] if credential else "",
        access_key_id=credential["key"] if credential else "",
        action=target.rpartition(".")[2] or str(parameters.get("Action", "")),
        parameters=parameters,
    )


def _parameters(headers: Mapping[str, str], query: str, body: bytes) -> Mapping[str, Any]:
    if "x-amz-target" in headers:
        try:
            members = json.loads(body or b"{}")
        except ValueError:  # moto answers it with the service's own error
            return {}
        return members if isinstance(members, dict) else {}
    is_form = headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True) if is_form else []
    return dict([*parse_qsl(query, keep_blank_values=True), *form])
