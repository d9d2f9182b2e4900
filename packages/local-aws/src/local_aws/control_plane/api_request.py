"""What an AWS API request says, read from its headers and body before moto sees it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from local_aws.host.http_server import FIELDS

_CREDENTIAL = re.compile(
    r"(?P<key>[^/,\s=]+)/(?P<date>\d{8})/(?P<region>[^/]*)/(?P<service>[^/]*)/aws4_request"
)
_READ_ONLY = re.compile(
    r"(Describe|Get|List|Query|Scan|BatchGet|TransactGet|Head|Lookup|Search|Validate|Simulate)"
)
_REST_XML_SERVICES = ("s3", "route53", "cloudfront")
_QUERY_SERVICES = frozenset(
    {
        "autoscaling",
        "cloudformation",
        "elasticache",
        "elasticbeanstalk",
        "elasticloadbalancing",
        "iam",
        "monitoring",
        "rds",
        "redshift",
        "sdb",
        "sns",
        "sqs",
        "sts",
    }
)
"""Those whose requests name an Action, by the name in the signature; some know JSON, too."""
_MOST_PARAMETERS = 50_000
_DEEPEST = 100
"""No service of AWS nests its input so far; moto fails somewhere behind it."""


@dataclass(frozen=True)
class ApiRequest:
    """`action` is empty for REST services (S3, Lambda), whose action is in method and path.

    `fields` are the header fields as they came, `headers` the same by name, in lower case.
    `parameters` are the members of a JSON body, or the flat pairs of the query protocol
    ("InstanceId.1"), or of the URL's query, which are `url_parameters`. `flaw` says why what
    the request holds cannot be read.
    """

    method: str
    path: str
    query: str
    fields: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes
    service: str
    region: str
    access_key_id: str
    action: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    url_parameters: Mapping[str, str] = field(default_factory=dict)
    flaw: str = ""

    @property
    def is_json(self) -> bool:
        return "x-amz-target" in self.headers

    @property
    def protocol(self) -> str:
        """How the service's answers are written, in botocore's words for it.

        One of Smithy's protocols has AWS JSON's words for everything.
        """
        if self.is_json or "smithy-protocol" in self.headers:
            return "json"
        if self.service == "ec2":
            return "ec2"
        if self.action or self.service in _QUERY_SERVICES:
            return "query"
        return "rest-xml" if self.service in _REST_XML_SERVICES else "rest-json"

    @property
    def is_presigned(self) -> bool:
        return "X-Amz-Credential" in self.url_parameters

    @property
    def host_bucket(self) -> str:
        """S3's bucket, where the host names it: bucket.localhost."""
        host = self.headers.get("host", "").partition(":")[0]
        return host.partition(".")[0] if host.endswith(".localhost") else ""

    @property
    def is_bare(self) -> bool:
        """Whether it names no action: a probe that only looks whether something answers."""
        is_read = self.method in ("GET", "HEAD") and (self.path, self.query) == ("/", "")
        return is_read and "authorization" not in self.headers and not self.is_json

    @property
    def session_token(self) -> str:
        token = self.headers.get("x-amz-security-token")
        in_url = self.url_parameters.get("X-Amz-Security-Token")
        return token or in_url or self.url_parameters.get("x-amz-security-token", "")

    @property
    def changes_something(self) -> bool:
        """Whether AWS's state can be another one afterwards; AWS names its reads by their verb."""
        if self.action:
            return not _READ_ONLY.match(self.action)
        return self.method not in ("GET", "HEAD", "OPTIONS")


def read(environ: dict[str, Any]) -> ApiRequest:
    """Read a WSGI request; its body is buffered, so that moto can read it again."""
    body = environ["wsgi.input"].read()
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))

    fields = environ[FIELDS]
    headers: dict[str, str] = {}
    for name, value in fields:
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    path, _, query = environ["REQUEST_URI"].partition("?")
    flaw = ""
    in_url: dict[str, str] = {}
    in_body: Mapping[str, Any] = {}
    try:
        in_url = _pairs(query)
        in_body = _parameters(headers, body)
    except (ValueError, RecursionError) as error:
        flaw = str(error)
    parameters = {**in_url, **in_body}
    credential = _CREDENTIAL.fullmatch(_credential(headers, in_url))
    target = headers.get("x-amz-target", "")
    action = target.rpartition(".")[2] or str(parameters.get("Action", ""))
    unsigned_service = "" if action or flaw else "s3"  # as moto does
    return ApiRequest(
        method=environ["REQUEST_METHOD"],
        path=path,
        query=query,
        fields=fields,
        headers=headers,
        body=body,
        service=credential["service"].lower() if credential else unsigned_service,
        region=credential["region"] if credential else "",
        access_key_id=credential["key"] if credential else in_url.get("AWSAccessKeyId", ""),
        action=action,
        parameters=parameters,
        url_parameters=in_url,
        flaw=flaw,
    )


def authorization_parts(authorization: str) -> list[tuple[str, str]]:
    """What an Authorization header says behind its algorithm, in the header's order.

    AWS: "Authorization header" in "Elements of an AWS API request signature", IAM User Guide.
    """
    pairs = (part.partition("=") for part in authorization.partition(" ")[2].split(","))
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _credential(headers: Mapping[str, str], in_url: Mapping[str, str]) -> str:
    """The key and the scope that the signature is checked with; nothing else may look like one."""
    authorization = headers.get("authorization")
    if authorization:
        return dict(authorization_parts(authorization)).get("Credential", "")
    return in_url.get("X-Amz-Credential", "")


def _parameters(headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
    """Raises ValueError when the body is not what its headers say."""
    if "x-amz-target" in headers:
        members = json.loads(body or b"{}")
        if not isinstance(members, dict):
            raise ValueError("the body must be a JSON object")
        _require_shallow(members, body)
        return members
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return _pairs(body.decode())
    if body[:1] in (b"{", b"["):
        _require_shallow(_json_or_none(body), body)
    return {}


def _pairs(text: str) -> dict[str, str]:
    pairs = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS))
    if any(name.count(".") > _DEEPEST for name in pairs):
        raise ValueError(f"a parameter is nested more than {_DEEPEST} deep")
    return pairs


def _json_or_none(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:  # some services take any bytes
        return None


def _require_shallow(value: Any, body: bytes) -> None:
    if body.count(b"{") + body.count(b"[") <= _DEEPEST:
        return
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
        if not level:
            return
    raise ValueError(f"the body is nested more than {_DEEPEST} deep")
