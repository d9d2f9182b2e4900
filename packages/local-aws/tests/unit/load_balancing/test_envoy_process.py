"""The Envoy process: found again after it was killed, honest about what it refuses."""

from __future__ import annotations

import logging
import os
import signal
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from load_balancing_world import World, load_balancer, wait_for

from local_aws.load_balancing import envoy_binary
from local_aws.load_balancing.controller import LoadBalancing
from local_aws.load_balancing.envoy_binary import EnvoyMissingError


def answers_200(world: World) -> bool:
    try:
        return world.get()[0] == 200
    except OSError:
        return False


def test_killed_envoy_is_back_in_seconds(world: World) -> None:
    before = world.load_balancing.envoy_pid
    os.kill(before, signal.SIGKILL)
    wait_for(
        lambda: world.apply(world.desired) or world.load_balancing.envoy_pid != before, seconds=5
    )
    wait_for(lambda: answers_200(world))
    assert world.await_health(0, "healthy")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_target_health_is_not_known_while_envoy_has_failed(
    world: World, number: signal.Signals
) -> None:
    world.await_health(0, "healthy")
    pid = world.load_balancing.envoy_pid
    os.kill(pid, number)
    try:
        world.apply(world.desired)
        health = world.load_balancing.target_health()
        assert {(each.state, each.reason) for each in health.values()} == {
            ("unavailable", "Elb.InternalError")
        }
    finally:
        if number == signal.SIGSTOP:
            os.kill(pid, signal.SIGCONT)
    world.await_health(0, "healthy")


def test_listener_whose_port_is_taken_is_an_error_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as taken:
        second = load_balancer(taken.getsockname()[1], name="second")
        balancers = (*world.desired.load_balancers, second)
        with caplog.at_level(logging.ERROR):
            world.apply(replace(world.desired, load_balancers=balancers))
    assert "Envoy refuses lds.json" in caplog.text
    assert "Address already in use" in caplog.text
    assert world.get()[0] == 200  # the others go on


def test_path_longer_than_a_socket_address(tmp_path: Path) -> None:
    deep = tmp_path / ("long name " * 12)
    balancing = LoadBalancing(deep)
    try:
        assert len(str(deep)) > 108
        assert balancing.target_health() == {}
    finally:
        balancing.stop()


def test_no_folder_is_open_to_others(tmp_path: Path) -> None:
    balancing = LoadBalancing(tmp_path / "state")
    try:
        folders = [path for path in (tmp_path / "state").rglob("*") if path.is_dir()]
        assert {path.stat().st_mode & 0o077 for path in folders} == {0}
    finally:
        balancing.stop()


def test_platform_without_a_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "envoy").mkdir()
    (tmp_path / "envoy/__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(EnvoyMissingError, match=r"no Envoy for \w+ riscv64.*builds are for Linux"):
        envoy_binary.find()
