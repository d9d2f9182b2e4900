"""Mailboxes for resource signals."""

from __future__ import annotations

import threading

from local_aws.control_plane.cloudformation.signals import Mailbox


def test_enough_successes_end_the_wait() -> None:
    mailbox = Mailbox()
    for name in ("a", "b"):
        mailbox.put(name, "SUCCESS")

    assert mailbox.wait_for_successes(2, 3, timeout_seconds=30) == {"a": "SUCCESS", "b": "SUCCESS"}


def test_one_failure_too_many_ends_the_wait() -> None:
    mailbox = Mailbox()
    mailbox.put("a", "FAILURE")

    assert mailbox.wait_for_successes(3, 3, timeout_seconds=30) == {"a": "FAILURE"}


def test_a_failure_that_is_allowed_does_not_end_the_wait() -> None:
    mailbox = Mailbox()
    mailbox.put("a", "FAILURE")
    mailbox.put("b", "SUCCESS")

    assert len(mailbox.wait_for_successes(2, 3, timeout_seconds=0.05)) == 2


def test_a_second_signal_of_the_same_id_is_ignored() -> None:
    mailbox = Mailbox()
    mailbox.put("a", "SUCCESS")
    mailbox.put("a", "FAILURE")

    assert mailbox.wait_for_ids(["a"], timeout_seconds=30) == {"a": "SUCCESS"}


def test_signals_of_other_ids_are_not_returned() -> None:
    mailbox = Mailbox()
    mailbox.put("old", "SUCCESS")

    assert mailbox.wait_for_ids(["new"], timeout_seconds=0.05) == {}


def test_closing_ends_a_wait() -> None:
    mailbox = Mailbox()
    waiting = threading.Thread(target=mailbox.wait_for_ids, args=(["never"], 60), daemon=True)
    waiting.start()

    mailbox.close()
    waiting.join(timeout=5)

    assert not waiting.is_alive()
