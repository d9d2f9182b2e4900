"""A request as a line of an access log, in AWS's form. Pure.

Source: "Access log entries" in
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

from local_aws.contract.access_log import AccessLogEntry

_NONE = "-"
_LONGEST_USER_AGENT = 8 * 1024
_UNSAFE = re.compile(r'[^ -~]|["\\]')
_TRACE_DIGITS = 32


def line(entry: AccessLogEntry) -> str:
    """All fields in AWS's order, with a space between them; without the end of the line."""
    has_answer = entry.target_seconds is not None  # of the target: without one all three are -1
    target_status = _text(entry.target_status)
    return " ".join(
        (
            entry.kind,
            _time(entry.answered_at),
            entry.load_balancer_arn.partition(":loadbalancer/")[2],
            entry.client,
            _text(entry.target),
            _seconds(entry.request_seconds if has_answer else None),
            _seconds(entry.target_seconds),
            _seconds(entry.response_seconds if has_answer else None),
            _text(entry.status),
            target_status,
            str(entry.received_bytes),
            str(entry.sent_bytes),
            _quoted(_request(entry)),
            _quoted(entry.user_agent and entry.user_agent[:_LONGEST_USER_AGENT]),
            _text(entry.tls_cipher),
            _text(entry.tls_version),
            _text(entry.target_group_arn),
            _quoted(entry.trace_id),
            _quoted(entry.server_name),
            _quoted(entry.certificate_arn),
            _text(entry.rule_priority),
            _time(entry.received_at),
            _quoted(entry.action),
            _quoted(entry.redirect_url),
            _quoted(None),  # error_reason: of authentication and functions, which there are not
            _quoted(entry.target),
            _quoted(target_status),
            _quoted(entry.classification),
            _quoted(entry.classification_reason),
            f"TID_{hashlib.sha256(entry.connection.encode()).hexdigest()[:_TRACE_DIGITS]}",
            _quoted(entry.transformed_host),
            _quoted(entry.transformed_path),
            _quoted(entry.transform_status),
        )
    )


def _request(entry: AccessLogEntry) -> str:
    """The request line with the whole URL; the listener's port stands for one of loopback."""
    origin = f"{entry.scheme}://{re.sub(r':[0-9]*$', '', entry.host)}:{entry.port}"
    if entry.method is None:  # it was malformed
        return f"- {origin}- -"
    return f"{entry.method} {origin}{_text(entry.path)} {_text(entry.http_version)}"


def _text(value: str | int | None) -> str:
    return _NONE if value is None or value == "" else str(value)


def _quoted(value: str | None) -> str:
    """In quotation marks, with \\xHH for what would be none of a line's printable characters."""
    escaped = _UNSAFE.sub(lambda found: f"\\x{ord(found[0]):02X}", _text(value))
    return f'"{escaped}"'


def _seconds(value: float | None) -> str:
    return "-1" if value is None else f"{value:.3f}"


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
