from __future__ import annotations

import json
from pathlib import Path

import pytest

from local_aws.load_balancing import health_log
from local_aws.load_balancing.health_log import HealthLog
from local_aws.load_balancing.target_health import FailedCheck


def line(**event: object) -> str:
    host = {"socket_address": {"address": "127.0.0.1", "port_value": 20_000}}
    whole = {"host": host, "cluster_name": "web", "timestamp": "2026-01-02T03:04:05.500Z"}
    return json.dumps(whole | event) + "\n"


def failure(kind: str, **more: object) -> str:
    return line(health_check_failure_event={"failure_type": kind, **more})


def checks(log: HealthLog) -> list[FailedCheck]:
    return [event.check for event in log.new_failures()]


def test_no_log_yet(tmp_path: Path) -> None:
    assert checks(HealthLog(tmp_path / "log")) == []


def test_kinds_of_failure(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text(
        line(add_healthy_event={"first_check": True})
        + failure("ACTIVE", http_status_code=503)
        + failure("NETWORK_TIMEOUT")
        + failure("NETWORK")
        + line(eject_unhealthy_event={"failure_type": "ACTIVE"})
    )
    (first, *others) = HealthLog(path).new_failures()
    assert (first.cluster, first.address, first.at) == ("web", ("127.0.0.1", 20_000), 1767323045.5)
    assert [first.check, *(event.check for event in others)] == [
        FailedCheck(timed_out=False, status=503),
        FailedCheck(timed_out=True, status=None),
        FailedCheck(timed_out=False, status=None),
    ]


@pytest.mark.parametrize("keep_bytes", [4_000_000, 100], ids=["kept", "cut"])
def test_only_what_is_new_and_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep_bytes: int
) -> None:
    monkeypatch.setattr(health_log, "_KEEP_BYTES", keep_bytes)
    path = tmp_path / "log"
    log = HealthLog(path)
    whole = failure("NETWORK")
    path.write_text(whole + whole[:20])
    assert len(checks(log)) == 1
    with path.open("a") as output:
        output.write(whole[20:])
    assert len(checks(log)) == 1


def test_log_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_log, "_KEEP_BYTES", 100)
    path = tmp_path / "log"
    log = HealthLog(path)
    for _ in range(3):
        with path.open("a") as output:
            output.write(failure("NETWORK"))
        assert len(checks(log)) == 1
        assert path.stat().st_size == 0
