"""A request as a load balancer has served it, for its access log."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AccessLogEntry:
    """One request. What is None is not known, or there was none of it.

    Times are Unix time, durations seconds. Texts of a client's are as it sent them, each byte as
    the character of that number.
    """

    load_balancer_arn: str
    kind: str  # "http", "https", "h2", "grpcs", "ws" or "wss"
    received_at: float
    answered_at: float
    client: str  # address:port
    connection: str  # the same for all requests of one connection, and for no others
    scheme: str  # "http" or "https"
    host: str
    port: int  # the listener's, as AWS's clients see it
    method: str | None = None
    path: str | None = None  # with the query
    http_version: str | None = None  # "HTTP/1.1"
    user_agent: str | None = None
    received_bytes: int = 0
    sent_bytes: int = 0
    status: int | None = None
    target: str | None = None  # address:port, as on AWS
    target_status: int | None = None  # of the target's own answer
    request_seconds: float | None = None  # until it was sent to the target
    target_seconds: float | None = None  # from then until the target began to answer
    response_seconds: float | None = None  # from then until the client got the beginning
    target_group_arn: str | None = None
    tls_cipher: str | None = None
    tls_version: str | None = None
    server_name: str | None = None  # that the client named in the TLS handshake
    certificate_arn: str | None = None
    trace_id: str | None = None
    rule_priority: int | None = None  # 0: the default action; None: no rule was looked at
    action: str | None = None  # "forward", "redirect" or "fixed-response"
    redirect_url: str | None = None
    classification: str | None = None  # of desync mitigation: "Acceptable" or "Ambiguous"
    classification_reason: str | None = None
    transformed_host: str | None = None
    transformed_path: str | None = None
    transform_status: str | None = None
