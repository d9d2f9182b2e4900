"""How busy the machine is, as it is: a thread that cannot run, and a processor that is shared."""

from __future__ import annotations

import ctypes
import sys
import threading
import time

import pytest

from evidence.observe.machine import Machine, ProcessorTime, clock_offset
from evidence.records import MachineSample, sample_from_json, sample_to_json


def taken(machine: Machine) -> MachineSample:
    (sample,) = machine.take()
    assert isinstance(sample, MachineSample)
    return sample


def test_the_clock_is_as_far_ahead_as_it_was_until_somebody_sets_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, clock = clock_offset(), time.time
    assert clock_offset() == pytest.approx(before, abs=0.02)
    monkeypatch.setattr(time, "time", lambda: clock() + 4)
    assert clock_offset() == pytest.approx(before + 4, abs=0.02)


def test_the_first_look_begins_and_each_later_one_is_a_sample() -> None:
    machine = Machine(seconds=0.1)
    assert machine.take() == []
    sample = taken(machine)
    assert 0.1 <= sample.seconds < 5
    assert sample.stall_ms >= 0
    assert sample_from_json(sample_to_json(sample, "tale")) == sample


def test_a_thread_that_is_kept_from_running_is_a_stall() -> None:
    machine = Machine(seconds=0.4)
    machine.take()
    is_over = threading.Event()
    keeping = threading.Thread(target=_keep_the_interpreter_until, args=(is_over,))
    keeping.start()
    sample = taken(machine)
    is_over.set()
    keeping.join()
    assert sample.stall_ms >= 200


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells")
def test_linux_tells_of_pressure_and_of_stolen_time() -> None:
    machine = Machine(seconds=0.05)
    machine.take()
    sample = taken(machine)
    assert sample.stolen is not None
    assert 0 <= sample.stolen <= 1
    assert sample.pressure is None or 0 <= sample.pressure <= 1  # a kernel may lack PSI


def test_the_stolen_share_is_that_of_the_time_between() -> None:
    assert ProcessorTime(1300, 70).stolen_share_since(ProcessorTime(1000, 40)) == pytest.approx(0.1)
    assert ProcessorTime(0, 0).stolen_share_since(ProcessorTime(0, 0)) == 0


def _keep_the_interpreter_until(is_over: threading.Event) -> None:
    """Again and again, for longer than a stall is held to; other threads cannot shorten it."""
    c_library = ctypes.PyDLL(None)  # unlike CDLL, calls keep the interpreter's lock
    while not is_over.wait(0.02):
        c_library.usleep(300_000)
