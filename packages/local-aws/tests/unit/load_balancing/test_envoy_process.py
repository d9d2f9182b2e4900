"""The Envoy process: found again after it was killed, honest about what it refuses."""

from __future__ import annotations

import logging
import os
import signal
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from load_balancing_world import World, load_balancer, target_group, wait_for

from local_aws.host import file_watches, ports
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


def test_what_envoy_lacks_the_means_for_waits_and_the_rest_is_served(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Envoy would abort for want of an inotify instance, with all that it serves."""
    pid = world.load_balancing.envoy_pid
    port = ports.free_port()
    balancers = (*world.desired.load_balancers, load_balancer(port, name="second"))
    both = replace(world.desired, load_balancers=balancers)
    monkeypatch.setattr(file_watches, "shortage", lambda needed: "none left" if needed else None)

    for _ in range(2):
        world.load_balancing.reconcile(both, world.addresses)

    assert world.load_balancing.refusal == "none left"
    assert [record.message for record in caplog.records] == ["none left"]
    assert world.load_balancing.envoy_pid == pid
    assert answers_200(world)

    without_one = replace(both, target_groups=(target_group((1, 2)),))
    world.load_balancing.reconcile(without_one, world.addresses)
    world.targets[0].requests.clear()
    assert all(answers_200(world) for _ in range(6))
    assert world.targets[0].requests == [], "what needs no more is carried out meanwhile"

    monkeypatch.undo()
    world.load_balancing.reconcile(both, world.addresses)
    assert world.load_balancing.refusal is None
    socket.create_connection(("127.0.0.1", port), 1).close()
