"""watch.yml serves a page whose buttons play scenarios; it ends when it is told to."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from live_page import running

ROOT = Path(__file__).parents[3]
STACK = "resilience-demo"


@contextmanager
def states(origin: str) -> Iterator[Iterator[dict[str, Any]]]:
    """The states of the page, as a browser gets them."""
    with urllib.request.urlopen(f"{origin}/events", timeout=60) as events:
        data = (line for line in events if line.startswith(b"data: "))
        found = (json.loads(line.removeprefix(b"data: ")) for line in data)
        yield (each for each in found if "zones" in each)


@pytest.mark.usefixtures("deployed")
def test_a_scenario_is_played_by_its_button_and_its_claims_turn(playbook: Any) -> None:
    watched = playbook("watch.yml")
    assert watched.status == 0, watched.output
    [address] = re.findall(rf"Watch {STACK} at (\S+)", watched.output)
    origin, _, token = address.partition("/#")
    try:
        play = urllib.request.Request(
            f"{origin}/play?button=static-response",
            data=b"",
            headers={"Authorization": f"Bearer {token}"},
        )
        seen: list[str] = []
        outcome = ""
        with states(origin) as found:
            with urllib.request.urlopen(play, timeout=30) as reply:
                assert reply.status == 202
            for state in found:
                scenario = state["scenario"] or {"name": "", "claims": [], "outcome": ""}
                if scenario["name"] == "static-response":
                    seen += [each["state"] for each in scenario["claims"]]
                    outcome = scenario["outcome"]
                if outcome and not state["commands"]["running"]:
                    break
        assert outcome in ("passed", "unjudged")  # a busy machine allows no more
        assert {"pending", "held so far", "held"} <= set(seen)
        assert len(state["zones"]) == 3
        assert state["settings"][0] == {"name": "SSMTableName", "value": f"{STACK}-recommendations"}
        texts = [line["text"] for line in state["lines"]]
        assert any(text.startswith("most replies are static now, ") for text in texts)
        assert any(text.startswith("static-response: ") for text in texts)

        again = playbook("watch.yml")
        assert address in again.output
        assert again.changed == 0
    finally:
        stopped = playbook("watch.yml", "--tags", "stop")
    assert stopped.status == 0, stopped.output
    assert stopped.changed == 1
    assert running.served(ROOT / "runs", STACK) is None
    assert playbook("watch.yml", "--tags", "stop").changed == 0
