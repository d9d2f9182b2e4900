"""What the prober costs, and how well it keeps its schedule, at three rates.

Run it on a quiet machine: python packages/evidence/benchmarks/prober.py
The service is a small server in a process of its own, which answers at once.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import sys
from multiprocessing.connection import Connection

from evidence.judge.statistics import percentiles
from evidence.prober import Prober, ReplyShape, run_with_fast_loop
from evidence.records import Reply

BODY = json.dumps(
    {"title": "Dune", "server": {"name": "i-1", "zone": "us-east-1a", "release": "1.0.0"}}
).encode()
SHAPE = ReplyShape(
    statuses=(200,),
    required={"/title": "string"},
    static={"/title": "Nothing to recommend"},
    instance="/server/name",
    availability_zone="/server/zone",
    release="/server/release",
)
ANSWER = f"HTTP/1.1 200 OK\r\nContent-Length: {len(BODY)}\r\n\r\n".encode() + BODY


class Service(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(ANSWER * data.count(b"\r\n\r\n"))


async def serve(tell_port: Connection) -> None:
    server = await asyncio.get_running_loop().create_server(Service, "127.0.0.1", 0, backlog=4096)
    tell_port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def run_service(tell_port: Connection) -> None:
    run_with_fast_loop(serve(tell_port))


def measure(url: str, rate: float, seconds: float) -> str:
    replies: list[Reply] = []
    prober = Prober(url, rate, timeout_seconds=5, record=replies.append, reply_shape=SHAPE)
    before = os.times()
    run_with_fast_loop(prober.run(asyncio.Event(), seconds))
    after = os.times()
    core = (after.user + after.system - before.user - before.system) / (
        after.elapsed - before.elapsed
    )
    late = percentiles([reply.late_ms for reply in replies])
    latency = percentiles([reply.latency_ms for reply in replies])
    errors = sum(reply.kind == "error" for reply in replies)
    return (
        f"{rate:6.0f}/s  {core:5.1%} of a core  late p50 {late['p50']:.2f} p99 {late['p99']:.2f} ms"
        f"  latency p50 {latency['p50']:.2f} p99 {latency['p99']:.2f} ms"
        f"  {errors} errors, {prober.missed} not sent"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the prober.")
    parser.add_argument("--seconds", type=float, default=10)
    seconds = parser.parse_args().seconds
    receive, send = multiprocessing.Pipe(duplex=False)
    service = multiprocessing.Process(target=run_service, args=(send,), daemon=True)
    service.start()
    url = f"http://127.0.0.1:{receive.recv()}/"
    for rate in (50, 1000, 5000):
        sys.stdout.write(measure(url, rate, seconds) + "\n")
    service.terminate()


if __name__ == "__main__":
    main()
