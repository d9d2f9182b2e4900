"""Errors that are answered before moto sees a request, in the shape of the service's protocol."""

from __future__ import annotations

import json
from collections.abc import Mapping
from xml.sax.saxutils import escape

from local_aws.control_plane.api_request import ApiRequest


class ApiError(Exception):
    """An AWS error: HTTP status such as "403 Forbidden", error code, message.

    `details` are further members, which only S3's errors have.
    """

    def __init__(
        self, status: str, code: str, message: str, details: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self._details = details or {}
        self.status = status
        self.code = code
        self.message = message

    def content_type(self, request: ApiRequest) -> str:
        kinds = {"json": "application/x-amz-json-1.0", "rest-json": "application/json"}
        return kinds.get(request.protocol, "text/xml")

    def body(self, request: ApiRequest) -> str:
        """AWS: each protocol's error format, as botocore parses it."""
        code, message = escape(self.code), escape(self.message)
        if request.protocol in ("json", "rest-json"):
            return json.dumps({"__type": self.code, "message": self.message})
        if request.service == "s3":
            details = "".join(f"<{k}>{escape(v)}</{k}>" for k, v in self._details.items())
            return f"<Error><Code>{code}</Code><Message>{message}</Message>{details}</Error>"
        if request.protocol == "ec2":
            return (
                f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error>"
                "</Errors><RequestID>local-aws</RequestID></Response>"
            )
        return (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
            f"<Message>{message}</Message></Error><RequestId>local-aws</RequestId></ErrorResponse>"
        )
