"""A stand-in for DynamoDB, SSM and instance metadata whose every misbehaviour can be chosen.

    python aws_stub.py [--dynamodb-delay-ms 4] [--ssm-delay-ms 12]

prints one line, {"aws": PORT, "imds": PORT}, and serves on loopback until its standard input ends.
`PUT /behaviour` on the IMDS port merges a JSON object into what is served (see `Behaviour`);
`GET /calls` there counts the calls by operation. It speaks the services' wire formats but does not
check signatures: moto, elsewhere in the tests, does that.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import struct
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import uvloop

MODES = {
    "dynamodb": (
        "ok", "slow", "hang", "hang_body", "dribble", "dribble_head", "reset", "throttled", "5xx",
        "denied", "missing_table", "wrong_schema", "empty_table", "malformed_item", "garbage",
    ),
    "ssm": (
        "ok", "slow", "hang", "hang_body", "dribble", "dribble_head", "reset", "throttled", "5xx",
        "denied", "missing_parameter", "bad_values", "malformed", "garbage",
    ),
    "imds": ("ok", "slow", "hang", "reset", "5xx", "no_role", "garbage"),
}  # fmt: skip
SLOW_SECONDS = 1.0


@dataclass
class Behaviour:
    """What is served. `PUT /behaviour` sets any of these by name."""

    dynamodb: str = "ok"
    ssm: str = "ok"
    imds: str = "ok"
    dynamodb_delay_ms: float = 0.0
    ssm_delay_ms: float = 0.0
    tables: list[str] = field(default_factory=lambda: ["recommendations"])
    parameters: dict[str, str] = field(
        default_factory=lambda: {
            "doc-example-resilient-architecture-table": "recommendations",
            "doc-example-resilient-architecture-failure-response": "none",
            "doc-example-resilient-architecture-health-check": "shallow",
        }
    )
    instance_id: str = "i-0123456789abcdef0"
    credentials_seconds: float = 21600.0
    access_key_id: str = "ASIASTUBSTUBSTUBSTUB"
    accepted_access_key_ids: list[str] | None = None  # others get ExpiredTokenException
    refuse: bool = False  # nothing listens on the AWS port


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    delay_seconds: float = 0.0


def _json(status: int, content: object, delay_seconds: float = 0.0) -> Reply:
    return Reply(status, json.dumps(content).encode(), delay_seconds)


def _error(code: str, status: int = 400) -> Reply:
    return _json(status, {"__type": f"com.amazonaws.stub#{code}", "message": "arn:aws:secret"})


_GARBAGE = Reply(200, b"Traceback (most recent call last):\x00\xff<html>")
_COMMON: dict[str, Reply] = {
    "5xx": Reply(500, b"<html>Traceback (most recent call last)</html>"),
    "denied": _error("AccessDeniedException"),
    "garbage": _GARBAGE,
}


class Stub:
    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.calls: Counter[str] = Counter()
        self.changed = asyncio.Event()
        self.connections: set[asyncio.Transport] = set()

    def reply(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply | str:
        """A reply, or the mode that is none: hang, hang_body, dribble, dribble_head, reset."""
        target = headers.get("x-amz-target", "")
        service, _, operation = target.partition(".")
        self.calls[operation or f"{method} {path}"] += 1
        if service.startswith("DynamoDB"):
            return self._dynamodb(json.loads(body), headers)
        if service == "AmazonSSM":
            return self._ssm(json.loads(body))
        if body.startswith(b"Action="):  # CloudFormation
            self.calls[body.decode()] += 1
            return Reply(200, b"<SignalResourceResponse/>")
        return self._imds(method, path, body)

    def _dynamodb(self, request: dict[str, Any], headers: dict[str, str]) -> Reply | str:
        now = self.behaviour
        replies = _COMMON | {
            "throttled": _error("ProvisionedThroughputExceededException"),
            "missing_table": _error("ResourceNotFoundException"),
            "wrong_schema": _error("ValidationException"),
            "empty_table": _json(200, {}),
            "malformed_item": _json(200, {"Item": {"MediaType": "Book", "ItemId": {"N": 1}}}),
        }
        if now.dynamodb in replies:
            return replies[now.dynamodb]
        if now.dynamodb not in {"ok", "slow"}:
            return now.dynamodb
        accepted = now.accepted_access_key_ids
        signed = headers.get("authorization", "")
        if accepted is not None and not any(f"={key}/" in signed for key in accepted):
            return _error("ExpiredTokenException")
        if request["TableName"] not in now.tables:
            return _error("ResourceNotFoundException")
        item = {**request["Key"], "Title": {"S": "A title"}, "Creator": {"S": "Somebody"}}
        delay = SLOW_SECONDS if now.dynamodb == "slow" else now.dynamodb_delay_ms / 1000
        return _json(200, {"Item": item}, delay)

    def _ssm(self, request: dict[str, Any]) -> Reply | str:
        now = self.behaviour
        found = [
            {"Name": name, "Type": "String", "Value": now.parameters[name]}
            for name in request["Names"]
            if name in now.parameters
        ]
        bad = [{**parameter, "Value": "!\x00 {}"} for parameter in found]
        replies = _COMMON | {
            "throttled": _error("ThrottlingException"),
            "missing_parameter": _json(
                200, {"Parameters": [], "InvalidParameters": request["Names"]}
            ),
            "bad_values": _json(200, {"Parameters": bad}),
            "malformed": _json(200, {"Parameters": [3, {"Name": []}]}),
        }
        if now.ssm in replies:
            return replies[now.ssm]
        if now.ssm not in {"ok", "slow"}:
            return now.ssm
        delay = SLOW_SECONDS if now.ssm == "slow" else now.ssm_delay_ms / 1000
        return _json(200, {"Parameters": found, "InvalidParameters": []}, delay)

    def _imds(self, method: str, path: str, body: bytes) -> Reply | str:
        now = self.behaviour
        if path == "/behaviour" and method == "PUT":
            for name, value in json.loads(body).items():
                setattr(now, name, value)
            self.changed.set()
            return _json(200, {})
        if path == "/calls":
            return _json(200, self.calls)
        role = "/latest/meta-data/iam/security-credentials/"
        if now.imds in {"5xx", "garbage"}:
            return _COMMON[now.imds]
        if now.imds == "no_role" and path.startswith(role):
            return Reply(404, b"Not Found")
        if now.imds not in {"ok", "slow", "no_role"}:
            return now.imds
        expiry = datetime.now(UTC) + timedelta(seconds=now.credentials_seconds)
        stamp = "%Y-%m-%dT%H:%M:%SZ"
        credentials = {
            "Code": "Success",
            "Type": "AWS-HMAC",
            "AccessKeyId": now.access_key_id,
            "SecretAccessKey": "stub-secret",
            "Token": "stub-token",
            "LastUpdated": datetime.now(UTC).strftime(stamp),
            "Expiration": expiry.strftime(stamp),
        }
        known = {
            "/latest/api/token": "stub-metadata-token",
            "/latest/meta-data/instance-id": now.instance_id,
            "/latest/meta-data/placement/availability-zone": "us-east-1a",
            "/latest/meta-data/placement/region": "us-east-1",
            role: "stub-role",
            f"{role}stub-role": json.dumps(credentials),
        }
        delay = SLOW_SECONDS if now.imds == "slow" else 0.0
        if path not in known:
            return Reply(404, b"Not Found", delay)
        return Reply(200, known[path].encode(), delay)


class Connection(asyncio.Protocol):
    """HTTP/1.1 with Content-Length, one request at a time."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._received = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._stub.connections.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._stub.connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, rest = self._received.partition(b"\r\n\r\n")
        if not separator:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return
        self._received = rest[length:]
        method, path, _ = first.split(" ")
        reply = self._stub.reply(method, path, headers, rest[:length])
        if isinstance(reply, Reply):
            self._later(reply.delay_seconds, lambda: self._send(reply))
        else:
            self._misbehave(reply)

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        if seconds:
            asyncio.get_running_loop().call_later(seconds, action)
        else:
            action()

    def _send(self, reply: Reply) -> None:
        head = f"HTTP/1.1 {reply.status} Stub\r\nContent-Length: {len(reply.body)}\r\n\r\n"
        if not self._transport.is_closing():  # by a client that did not wait for it
            self._transport.write(head.encode() + reply.body)

    def _misbehave(self, mode: str) -> None:
        if mode == "reset":
            sock = self._transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        elif mode == "hang_body":
            self._transport.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"It')
        elif mode == "dribble":
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            self._dribble(100)
        elif mode == "dribble_head":
            self._transport.write(b"HTTP/1.1 200 OK\r\nX-Blank: ")
            self._dribble(100)
        # "hang": nothing, for ever

    def _dribble(self, left: int) -> None:
        if left and not self._transport.is_closing():
            self._transport.write(b" ")
            asyncio.get_running_loop().call_later(0.05, self._dribble, left - 1)


async def _serve(behaviour: Behaviour) -> None:
    stub = Stub(behaviour)
    loop = asyncio.get_running_loop()

    async def listen(port: int = 0) -> asyncio.Server:
        return await loop.create_server(lambda: Connection(stub), "127.0.0.1", port, backlog=1024)

    aws, imds = await listen(), await listen()
    aws_port, imds_port = (server.sockets[0].getsockname()[1] for server in (aws, imds))
    print(json.dumps({"aws": aws_port, "imds": imds_port}), flush=True)  # noqa: T201 - the contract
    ended = loop.run_in_executor(None, sys.stdin.read)
    while not ended.done():
        changed = asyncio.ensure_future(stub.changed.wait())
        await asyncio.wait({ended, changed}, return_when=asyncio.FIRST_COMPLETED)
        stub.changed.clear()
        if behaviour.refuse and aws.is_serving():
            aws.close()
            for connection in stub.connections:
                if connection.get_extra_info("sockname")[1] == aws_port:
                    connection.abort()
        elif not behaviour.refuse and not aws.is_serving():
            aws = await listen(aws_port)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--dynamodb-delay-ms", type=float, default=0.0)
    parser.add_argument("--ssm-delay-ms", type=float, default=0.0)
    arguments = parser.parse_args()
    uvloop.run(_serve(Behaviour(**vars(arguments))))


if __name__ == "__main__":
    main()
