"""Whatever interrupts a playbook, and whenever it comes, ends it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

INTERRUPTED = 99
"""Ansible's status after Ctrl-C."""
PLUGIN = Path(__file__).parents[3] / "callback_plugins/interruption.py"
PLAYBOOK = """
import importlib.util, os, signal, sys, time

# Whoever runs the tests may ignore these, such as a shell of what it has in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

spec = importlib.util.spec_from_file_location("interruption", sys.argv[1])
plugin = importlib.util.module_from_spec(spec)
spec.loader.exec_module(plugin)

def ansibles(number, frame):
    signal.signal(number, signal.SIG_DFL)
    print("interrupted", flush=True)
    raise KeyboardInterrupt

def interrupt():
    os.kill(os.getpid(), signal.SIGINT)

class Stubborn:
    def __del__(self):
        interrupt()  # Python loses what is raised here, too

plugin.AGAIN_SECONDS = 1.0
plugin.TASK_SECONDS = 0.5
interruption = plugin.Interruption(ansibles)
"""


def played(body: str) -> tuple[list[str], int]:
    """What a playbook of this body says, and how it ends."""
    process = subprocess.run(
        [sys.executable, "-c", PLAYBOOK + body, PLUGIN],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        timeout=30,
        check=False,
    )
    return process.stdout.split("\n")[:-1], process.returncode


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_signal_interrupts(number: signal.Signals) -> None:
    said, _ = played(f"""
interruption.begin()
try:
    os.kill(os.getpid(), {number.value})
    time.sleep(10)
except KeyboardInterrupt:
    print("ended")
""")

    assert said == ["interrupted", "ended"]


def test_a_signal_that_comes_while_it_forks_is_not_lost() -> None:
    said, _ = played("""
os.register_at_fork(before=interrupt)
interruption.begin()
try:
    if os.fork() == 0:
        os._exit(0)
    time.sleep(10)
    print("lost")
except KeyboardInterrupt:
    print("ended")
""")

    assert said == ["interrupted", "ended"]


def test_an_interruption_that_was_lost_comes_again() -> None:
    said, _ = played("""
interruption.begin()
try:
    Stubborn()
    time.sleep(10)
    print("lost")
except KeyboardInterrupt:
    print("ended")
""")

    assert said == ["interrupted", "interrupted", "ended"]


def test_a_key_that_is_pressed_again_does_not_disturb_the_end() -> None:
    said, status = played("""
import atexit
def end():
    interrupt()
    time.sleep(1.5)
    print("ended")
atexit.register(end)
interruption.begin()
try:
    interrupt()
    time.sleep(10)
except KeyboardInterrupt:
    interrupt()
    print("exits")
""")

    assert said == ["interrupted", "exits", "ended"]
    assert status == 0


def test_a_key_that_is_pressed_while_python_ends_does_not_change_the_status() -> None:
    said, status = played("""
class Last:
    def __init__(self):
        self.kill, self.process, self.number = os.kill, os.getpid(), signal.SIGINT
    def __del__(self):
        self.kill(self.process, self.number)
interruption.begin()
sys.kept = Last()  # until the modules are gone
try:
    interrupt()
    time.sleep(10)
except KeyboardInterrupt:
    print("ended", flush=True)
    sys.exit(99)
""")

    assert said == ["interrupted", "ended"]
    assert status == INTERRUPTED


def test_what_is_ignored_stays_ignored() -> None:
    said, _ = played("""
signal.signal(signal.SIGHUP, signal.SIG_IGN)  # nohup
interruption.begin()
os.kill(os.getpid(), signal.SIGHUP)
print("goes on")
""")

    assert said == ["goes on"]


def test_a_task_that_does_not_end_is_killed() -> None:
    said, _ = played("""
import multiprocessing.util  # what it does at the end is registered before, as in Ansible
context = multiprocessing.get_context("fork")
def work():
    os.setsid()
    for number in plugin.SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    print("works", flush=True)
    time.sleep(20)
    print("worked to the end", flush=True)
interruption.begin()
task = context.Process(target=work)
task.start()
try:
    time.sleep(1)
    interrupt()
    time.sleep(10)
except KeyboardInterrupt:
    print("ended", flush=True)
""")

    assert said == ["works", "interrupted", "ended"]
