"""What the machine cannot run, through no fault of the user data, is a failure of the instance."""

from __future__ import annotations

import errno
import threading
from typing import Any

import pytest
from fleet_driver import (
    Console,
    MakeCompute,
    boot,
    fact,
    instance,
    wait_for,
)

from local_aws.compute import fleet
from local_aws.compute.disk import Disk
from local_aws.compute.fleet import Compute
from local_aws.contract.desired_state import Instance
from local_aws.host.process_table import ProcessTable
from local_aws.metadata.service import MetadataService


def full_disk(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_machine_that_cannot_boot_says_so(
    compute: Compute, monkeypatch: pytest.MonkeyPatch, console: Console
) -> None:
    monkeypatch.setattr(Disk, "write", full_disk)
    compute.reconcile([instance()])

    assert wait_for(lambda: fact(compute) and fact(compute).failure) == "No space left on device"
    assert "cloud-init: failed: No space left on device" in console()
    compute.reconcile([])
    compute.shut_down()
    assert not compute.facts()


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (
            BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"),
            "web.service: Resource",
        ),
        (MemoryError("none"), "web.service: MemoryError: none"),
        (RuntimeError("nobody expects"), "web.service: RuntimeError: nobody expects"),
    ],
)
def test_a_unit_that_the_machine_cannot_run_says_so(
    compute: Compute,
    monkeypatch: pytest.MonkeyPatch,
    console: Console,
    error: Exception,
    failure: str,
) -> None:
    def start(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(ProcessTable, "start", start)
    compute.reconcile([instance()])

    assert failure in wait_for(lambda: fact(compute) and fact(compute).failure)
    assert failure in console().replace("failed: ", "")


def test_one_instance_that_cannot_be_started_stops_no_other(
    compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve = MetadataService.serve

    def serve_all_but_the_first(self: MetadataService, wanted: Instance) -> None:
        if wanted.instance_id == instance(1).instance_id:
            raise OSError(errno.EMFILE, "Too many open files")
        serve(self, wanted)

    monkeypatch.setattr(MetadataService, "serve", serve_all_but_the_first)
    compute.reconcile([instance(1), instance(2)])

    assert fact(compute, 1).failure == "Too many open files"
    assert wait_for(lambda: fact(compute, 2) and fact(compute, 2).pid)
    compute.reconcile([instance(2)])
    assert fact(compute, 1) is None


@pytest.mark.parametrize(
    ("part", "name"),
    [(MetadataService, "serve"), (fleet.Instance, "boot"), (Disk, "write")],
    ids=["its metadata", "its machine", "its disk"],
)
@pytest.mark.parametrize("boot_seconds", [0.0, 0.5], ids=["at once", "slowly"])
def test_a_failure_ends_with_the_next_boot(
    make_compute: MakeCompute,
    monkeypatch: pytest.MonkeyPatch,
    part: type,
    name: str,
    boot_seconds: float,
) -> None:
    compute = make_compute(boot_seconds=boot_seconds)
    with monkeypatch.context() as full:
        full.setattr(part, name, full_disk)
        compute.reconcile([instance()])
        wait_for(lambda: fact(compute) and fact(compute).failure)

    boot(compute, instance(boots=2))
    assert (fact(compute).failure, fact(compute).alive) == (None, True)


def test_a_failed_boot_is_not_that_of_one_that_was_wanted_meanwhile(
    compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, wanted_again = threading.Event(), threading.Event()
    real_boot = fleet.Instance.boot

    def first_fails(self: Any, desired: Instance) -> None:
        if desired.boots == 1:
            begun.set()
            assert wanted_again.wait(10)
            full_disk()
        real_boot(self, desired)

    monkeypatch.setattr(fleet.Instance, "boot", first_fails)
    compute.reconcile([instance()])
    assert begun.wait(10)
    compute.reconcile([instance(boots=2)])
    wanted_again.set()

    assert wait_for(lambda: fact(compute) and fact(compute).pid)
    assert (fact(compute).boots, fact(compute).failure) == (2, None)
