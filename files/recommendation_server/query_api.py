"""Signed calls to AWS services that speak the query protocol: a form in, XML out.

Unlike those of aws.py they are made a few times in an instance's life, and may take their time.
"""

import re
from http.client import HTTPException
from urllib.parse import urlencode
from xml.etree import ElementTree

from .aws import Access, AwsError, OutageError, signed
from .exchange import Exchanges

_EXCHANGES = Exchanges(connect_seconds=5.0, read_seconds=5.0)
_VERSIONS = {"cloudformation": "2010-05-15", "elasticloadbalancing": "2015-12-01"}


def call(
    access: Access, service: str, action: str, parameters: dict[str, str]
) -> ElementTree.Element:
    """The reply's root element. Raises AwsError."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    form = {"Action": action, "Version": _VERSIONS[service], **parameters}
    request = signed(access, service, headers, urlencode(form))
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
