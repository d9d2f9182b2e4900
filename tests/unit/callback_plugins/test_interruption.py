"""Whatever interrupts a playbook, and whenever it comes, ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from terminal import Terminal

INTERRUPTED = 99
"""Ansible's status after Ctrl-C."""
PLUGIN = Path(__file__).parents[3] / "callback_plugins/interruption.py"
PLAYBOOK = """
import importlib.util, multiprocessing, os, signal, sys, time

# Whoever runs the tests may ignore these, such as a shell of what it has in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

spec = importlib.util.spec_from_file_location("interruption", sys.argv[1])
plugin = importlib.util.module_from_spec(spec)
spec.loader.exec_module(plugin)

def interrupt():
    os.kill(os.getpid(), signal.SIGINT)

class Stubborn:
    def __del__(self):
        interrupt()  # Python loses what is raised here, too

plugin.TASK_SECONDS = 0.5
interruption = plugin.Interruption()
context = multiprocessing.get_context("fork")  # as Ansible has it
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

    assert said == ["ended"]


@pytest.mark.parametrize("moment", ["before", "after_in_parent"])
def test_a_signal_that_comes_while_a_task_is_started_is_not_lost(moment: str) -> None:
    said, _ = played(f"""
os.register_at_fork({moment}=interrupt)
interruption.begin()
task = context.Process(target=time.sleep, args=[20])
try:
    task.start()
    time.sleep(10)
    print("lost")
except KeyboardInterrupt:
    task.join(5)
    print("ended", "with its task" if task.exitcode else "without its task")
""")

    assert said == ["ended with its task"]


def test_an_interruption_that_was_lost_comes_again() -> None:
    said, _ = played("""
plugin.AGAIN_SECONDS = 1.0
interruption.begin()
try:
    Stubborn()
    time.sleep(10)
    print("lost")
except KeyboardInterrupt:
    print("ended")
""")

    assert said == ["ended"]


def test_a_key_that_is_pressed_again_does_not_disturb_the_end() -> None:
    said, status = played("""
plugin.AGAIN_SECONDS = 1.0
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

    assert said == ["exits", "ended"]
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

    assert said == ["ended"]
    assert status == INTERRUPTED


def test_what_is_ignored_stays_ignored() -> None:
    said, _ = played("""
signal.signal(signal.SIGHUP, signal.SIG_IGN)  # nohup
interruption.begin()
os.kill(os.getpid(), signal.SIGHUP)
print("goes on")
""")

    assert said == ["goes on"]


def test_a_task_may_set_an_alarm() -> None:
    """Ansible's tasks with a timeout refuse to when somebody handles it already."""
    said, _ = played("""
interruption.begin()
def work():
    print(signal.getsignal(signal.SIGALRM) == signal.SIG_DFL, flush=True)
task = context.Process(target=work)
task.start()
task.join()
""")

    assert said == ["True"]


def test_a_second_playbook_on_the_command_line_changes_nothing() -> None:
    said, _ = played("""
interruption.begin()
interruption.begin()
try:
    interrupt()
    time.sleep(10)
except KeyboardInterrupt:
    print("ended")
""")

    assert said == ["ended"]


def test_a_task_that_does_not_end_is_killed() -> None:
    said, _ = played("""
import multiprocessing.util  # what it does at the end is registered before, as in Ansible
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

    assert said == ["works", "ended"]


@pytest.mark.parametrize("way", ["SIGTERM", "closed"])
def test_a_prompt_ends_and_the_terminal_is_as_it_was(way: str) -> None:
    body = """
import contextlib, threading
from ansible.utils.display import Display
interruption.begin()

def ask():
    with contextlib.suppress(OSError):  # Ansible's thread gives it to the task
        Display().prompt_until("Type: ")

prompt = threading.Thread(target=ask, daemon=True)
try:
    prompt.start()
    time.sleep(20)
except KeyboardInterrupt:
    prompt.join()  # as Ansible's strategies do: it has the lock of what is written
    print("ended", os.get_blocking(1))
    sys.exit(99)
"""
    terminal = Terminal("python", "-c", PLAYBOOK + body, str(PLUGIN), environment={})
    try:
        before = termios.tcgetattr(terminal.screen)
        terminal.until("Type: ", 30)
        deadline = time.monotonic() + 10
        while termios.tcgetattr(terminal.screen) == before:  # it then reads
            assert time.monotonic() < deadline
            time.sleep(0.01)

        if way == "closed":
            terminal.hang_up()
            assert terminal.process.wait(10) == INTERRUPTED
            return
        os.kill(terminal.process.pid, signal.SIGTERM)

        status = terminal.ended(10)
        assert status == INTERRUPTED, terminal.shown
        assert "ended True" in terminal.shown
        assert termios.tcgetattr(terminal.screen) == before
    finally:
        terminal.close()
