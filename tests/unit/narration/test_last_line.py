"""The last line says what a run has left, and what to type; nothing when nothing is left."""

from __future__ import annotations

import pytest

from narration.last_line import last_line

AGAIN = "ansible-playbook deploy.yml -e expires_hours=8"
RECOVER = "ansible-playbook recover.yml"


@pytest.mark.parametrize(
    ("fault", "unfinished", "text"),
    [
        ("", "", None),
        ("stop it", "", f"The fault stays: stop it. Restore the service with: {RECOVER}"),
        ("stop it", "scenario", f"The fault stays: stop it. Restore the service with: {RECOVER}"),
        ("", "scenario", f"The scenario was interrupted. Restore the service with: {RECOVER}"),
        ("", "deploy", f"deploy.yml was interrupted. Finish it with: {AGAIN}"),
    ],
)
def test_the_last_line(fault: str, unfinished: str, text: str | None) -> None:
    row = last_line(fault, unfinished, AGAIN, RECOVER)
    assert (row and row.text) == text
