"""A web server that a test starts never outlives it."""

from __future__ import annotations

from pathlib import Path

import pytest
import server_process
from server_process import Server


def test_a_server_that_does_not_answer_in_time_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_process, "_START_SECONDS", 0.1)
    server = Server(tmp_path, {}, command=("-c", "import time; time.sleep(60)"))
    with pytest.raises(ConnectionRefusedError), server:
        pass
    assert server.process.poll() is not None
