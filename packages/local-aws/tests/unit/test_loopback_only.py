"""Nothing the data plane starts listens anywhere but on loopback or in a private folder."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from load_balancing_world import health_check, instance, load_balancer, target_group
from process_tree import all_processes_below, listening_on, socket_inodes

from local_aws.compute.fleet import Compute
from local_aws.contract.desired_state import DesiredState
from local_aws.host import ports
from local_aws.load_balancing.controller import LoadBalancing
from local_aws.metadata.service import MetadataService

SERVER = (
    "import http.server, os; http.server.HTTPServer((os.environ['LISTEN_ADDRESS'],"
    "int(os.environ['PORT'])), http.server.SimpleHTTPRequestHandler).serve_forever()"
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def unix_sockets_of(pid: int) -> set[str]:
    """Paths of a process's bound Unix sockets; abstract ones, open to all, begin with @."""
    inodes = socket_inodes(pid)
    rows = (line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:])
    return {row[7] for row in rows if row[6] in inodes and len(row) > 7}


def test_every_listening_socket_is_on_loopback(tmp_path: Path) -> None:
    others = all_processes_below(os.getpid())  # of other tests: a browser's driver, for one
    metadata = MetadataService(lambda _: None)
    image = [sys.executable, "-c", SERVER]
    compute = Compute(tmp_path, "http://127.0.0.1:1", metadata, image)
    load_balancing = LoadBalancing(tmp_path)
    listener = ports.free_port()
    instances = tuple(instance(n) for n in range(3))
    group = target_group((0, 1, 2), health_check=health_check(path="/"))
    desired = DesiredState(instances, (load_balancer(listener),), (group,))
    before = listening_on(os.getpid())
    try:
        compute.reconcile(instances)
        load_balancing.reconcile(desired, compute.addresses())
        deadline = time.monotonic() + 10
        while {h.state for h in load_balancing.target_health().values()} != {"healthy"}:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        mine = listening_on(os.getpid()) - before
        started = all_processes_below(os.getpid()) - others
        theirs = {pid: listening_on(pid) for pid in started}
        instance_ports = {port for _, port in compute.addresses().values()}

        assert len(mine) == 3  # one metadata service for each instance
        assert {fact.pid for fact in compute.facts().values()} <= started
        assert theirs[load_balancing.envoy_pid] == {("127.0.0.1", listener)}
        everything = mine | set().union(*theirs.values())
        assert instance_ports < {port for _, port in everything}
        assert {address for address, _ in everything} == {"127.0.0.1"}
        assert set().union(*(unix_sockets_of(pid) for pid in started)) == {"admin.sock"}
        assert (tmp_path / "load_balancing").stat().st_mode & 0o077 == 0
    finally:
        load_balancing.stop()
        compute.power_off()
        metadata.stop()
    assert all_processes_below(os.getpid()) & started == set()
