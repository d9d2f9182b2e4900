"""Signed calls to AWS services that speak the query protocol: a form in, XML out.

Unlike those of aws.py they are made a few times in an instance's life, and may take their time.
"""

import re
from http.client import HTTPException
from urllib.parse import urlencode
from xml.etree import ElementTree

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from . import config
from .aws import Access, AwsError, OutageError, public_endpoint
from .exchange import Exchanges, Request

_EXCHANGES = Exchanges(connect_seconds=5.0, read_seconds=5.0)
_VERSIONS = {"cloudformation": "2010-05-15", "elasticloadbalancing": "2015-12-01"}


def call(
    access: Access, service: str, action: str, parameters: dict[str, str]
) -> ElementTree.Element:
    """The reply's root element. Raises AwsError."""
    if not access.credentials:
        raise AwsError("NoCredentials")
    url = config.AWS_ENDPOINT or public_endpoint(service, access.region)
    signed = AWSRequest(
        "POST",
        url,
        {"Content-Type": "application/x-www-form-urlencoded"},
        urlencode({"Action": action, "Version": _VERSIONS[service], **parameters}),
    )
    SigV4Auth(access.credentials, service, access.region).add_auth(signed)
    request = Request("POST", url, dict(signed.headers), signed.data.encode())
    try:
        status, body = _EXCHANGES.exchange(request)
        content = body.decode(errors="replace")
        if status == 200:
            return ElementTree.fromstring(content)  # noqa: S314 - from AWS, over TLS
    except (OSError, HTTPException) as error:
        raise OutageError(type(error).__name__) from error
    except ElementTree.ParseError as error:
        raise OutageError("UnreadableReply") from error
    code = re.search(r"<Code>(\w{1,64})</Code>", content)
    raise AwsError(code[1] if code else f"Http{status}")
