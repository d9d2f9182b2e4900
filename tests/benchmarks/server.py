"""Measures the web server against AWS's way of building it, side by side on this machine.

    python tests/benchmarks/server.py

prints a table, writes benchmarks/latest.json, and exits 1 when a figure misses its goal.
All servers run at once and are loaded in turns, several rounds each; figures are medians.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import operator
import statistics
import sys
import tempfile
import time
from pathlib import Path

import uvloop

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "files")]

from load import closed_loop, latency_ms, open_loop  # noqa: E402
from server_process import Server, Stub, aws_stub  # noqa: E402

from recommendation_server.http_server import THREADS  # noqa: E402

COMPARED = Path(__file__).parent / "compared"
CONNECTIONS = 32
ROUNDS = 3
ROUND_SECONDS = 3.0
OUTAGE_SECONDS = 20.0
GOALS = {
    "uncached_vs_baseline": (operator.ge, 10),
    "cached_vs_baseline": (operator.ge, 30),
    "cached_vs_hello": (operator.ge, 0.9),
    "instant_vs_baseline": (operator.ge, 1.5),
    "outage_p99_ms": (operator.le, 300),
    "outage_p50_ms": (operator.le, 5),
    "outage_static_share": (operator.ge, 1.0),
    "shallow_under_outage_p99_ms": (operator.le, 50),
    "deep_under_outage_p99_ms": (operator.le, 300),
    "ssm_calls_per_second": (operator.le, 1),
    "rss_mib": (operator.le, 90),
    "start_to_serving_ms": (operator.le, 1500),
}
UNCACHED = {"RECOMMENDATION_ITEM_CACHE_SECONDS": "0"}
CACHED = {"RECOMMENDATION_ITEM_CACHE_SECONDS": "1"}


def rates(servers: dict[str, Server]) -> dict[str, float]:
    """Replies per second of each, loaded in turns. Raises when one replies with an error."""
    seen: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(ROUNDS):
        for name, server in servers.items():
            measured = closed_loop(server.port, "/", CONNECTIONS, ROUND_SECONDS)
            if set(measured.statuses) != {200}:
                raise RuntimeError(f"{name} answered {dict(measured.statuses)}")
            seen[name].append(measured.replies_per_second)
    return {name: statistics.median(values) for name, values in seen.items()}


def speed(stub: Stub, home: Path, with_cache: bool) -> tuple[dict[str, float], dict[str, float]]:
    """The rates of all servers, and what was seen of ours: its memory, its calls to SSM."""
    everywhere = stub.environment()
    static_keys = {"AWS_ACCESS_KEY_ID": "AKIASTUB", "AWS_SECRET_ACCESS_KEY": "stub"}
    programs = {
        "aws_example": Server(home, everywhere | static_keys, (str(COMPARED / "aws_example.py"),)),
        "uncached": Server(home, everywhere | UNCACHED),
    }
    if with_cache:
        programs["cached"] = Server(home, everywhere | CACHED)
        programs["hello"] = Server(
            home, {"THREADS": str(THREADS)}, (str(COMPARED / "cherrypy_hello.py"),)
        )
    with contextlib.ExitStack() as running:
        for server in programs.values():
            running.enter_context(server)
        measured = rates(programs)
        seen = {
            "rss_mib": max(
                programs[name].rss_mib() for name in ("uncached", "cached") if name in programs
            ),
        }
    return measured, seen


def ssm_calls_per_second(stub: Stub, home: Path) -> float:
    """Of one server under full load."""
    with Server(home, stub.environment() | CACHED) as server:
        before, begun_at = stub.calls()["GetParameters"], time.monotonic()
        closed_loop(server.port, "/", CONNECTIONS, 10.0)
        return (stub.calls()["GetParameters"] - before) / (time.monotonic() - begun_at)


def outage(stub: Stub, home: Path) -> dict[str, float]:
    """The table accepts connections and never answers."""

    async def load(port: int) -> list[list[object]]:
        return await asyncio.gather(
            open_loop(port, "/", 50, OUTAGE_SECONDS),
            open_loop(port, "/healthcheck?depth=shallow", 5, OUTAGE_SECONDS),
            open_loop(port, "/healthcheck?depth=deep", 5, OUTAGE_SECONDS),
        )

    parameters = {
        "doc-example-resilient-architecture-table": "recommendations",
        "doc-example-resilient-architecture-failure-response": "static",
        "doc-example-resilient-architecture-health-check": "shallow",
    }
    stub.behave(parameters=parameters)
    with Server(home, stub.environment() | CACHED) as server:
        stub.behave(dynamodb="hang")
        users, shallow, deep = uvloop.run(load(server.port))
        stub.behave(dynamodb="ok")
    static = sum(b'"ItemId": {"N": "0"}' in sample.body for sample in users)
    return {
        "outage_p50_ms": latency_ms(users, 50),
        "outage_p99_ms": latency_ms(users, 99),
        "outage_static_share": static / len(users),
        "shallow_under_outage_p99_ms": latency_ms(shallow, 99),
        "deep_under_outage_p99_ms": latency_ms(deep, 99),
    }


def start_to_serving_ms(stub: Stub, home: Path) -> float:
    seconds = []
    for _ in range(ROUNDS):
        with Server(home, stub.environment(), ready_path="/") as server:
            seconds.append(server.start_seconds)
    return statistics.median(seconds) * 1000


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        with aws_stub("--dynamodb-delay-ms", "4", "--ssm-delay-ms", "12") as stub:
            delayed, seen = speed(stub, home, with_cache=True)
            seen["ssm_calls_per_second"] = ssm_calls_per_second(stub, home)
            seen["start_to_serving_ms"] = start_to_serving_ms(stub, home)
            seen |= outage(stub, home)
        with aws_stub() as stub:
            instant, _ = speed(stub, home, with_cache=False)
    figures = {
        "uncached_vs_baseline": delayed["uncached"] / delayed["aws_example"],
        "cached_vs_baseline": delayed["cached"] / delayed["aws_example"],
        "cached_vs_hello": delayed["cached"] / delayed["hello"],
        "instant_vs_baseline": instant["uncached"] / instant["aws_example"],
        **seen,
    }
    lines = []
    for title, replies in (
        ("GetItem takes 4 ms, GetParameters 12 ms", delayed),
        ("No delay", instant),
    ):
        lines.append(f"\n{title}; {CONNECTIONS} connections, replies per second:")
        lines += [f"  {name:12} {rate:8.0f}" for name, rate in replies.items()]
    lines.append(f"\n{'figure':30} {'measured':>10} {'goal':>10}")
    missed = 0
    for name, (compare, goal) in GOALS.items():
        sign = ">=" if compare is operator.ge else "<="
        met = compare(round(figures[name], 2), goal)
        missed += not met
        verdict = "" if met else "MISSED"
        lines.append(f"{name:30} {figures[name]:10.2f} {sign:>4} {goal:<6} {verdict}")
    sys.stdout.write("\n".join(lines) + "\n")
    latest = ROOT / "benchmarks" / "latest.json"
    latest.parent.mkdir(exist_ok=True)
    latest.write_text(
        json.dumps({"figures": figures, "delayed": delayed, "instant": instant}, indent=2) + "\n"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    plain = argparse.RawDescriptionHelpFormatter
    argparse.ArgumentParser(description=__doc__, formatter_class=plain).parse_args()
    sys.exit(main())
