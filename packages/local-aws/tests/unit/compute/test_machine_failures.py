"""What the machine cannot run, through no fault of the user data, is a failure of the instance."""

from __future__ import annotations

import errno

import pytest
from fleet_driver import (
    Console,
    fact,
    instance,
    wait_for,
)

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
