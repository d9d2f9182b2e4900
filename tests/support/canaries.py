"""Secrets that a caller has, planted to see where they come out again: nowhere.

canaries = Canaries(folder)
run(..., env={**os.environ, **canaries.environment})
canaries.in_files(state_folder, runs) == canaries.in_text(output) == []
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_WATCH_SECONDS = 0.1
_LOOKS = 100
_BETWEEN_LOOKS_SECONDS = 0.001
_TYPED = {"ansible-playbook", "local-aws"}


class Canaries:
    """Of a caller who has keys in the environment and in a profile. Each value is unique."""

    def __init__(self, folder: Path) -> None:
        """`folder` becomes the caller's home."""
        self._values: dict[str, bytes] = {}
        credentials = folder / ".aws" / "credentials"
        credentials.parent.mkdir(parents=True)
        credentials.write_text(
            "[canary]\n"
            f"aws_access_key_id = {self.plant('the key of the profile', 'AKIA')}\n"
            f"aws_secret_access_key = {self.plant('the secret of the profile')}\n"
            f"aws_session_token = {self.plant('the token of the profile')}\n"
        )
        self.environment = {
            "HOME": str(folder),
            "AWS_PROFILE": "canary",
            "AWS_ACCESS_KEY_ID": self.plant("the key of the environment", "AKIA"),
            "AWS_SECRET_ACCESS_KEY": self.plant("the secret of the environment"),
            "AWS_SESSION_TOKEN": self.plant("the token of the environment"),
        }

    def plant(self, name: str, prefix: str = "canary") -> str:
        """A new secret, known by `name` when it is found."""
        value = prefix + secrets.token_hex(16).upper()
        self._values[name] = value.encode()
        return value

    def __len__(self) -> int:
        return len(self._values)

    def in_bytes(self, content: bytes) -> list[str]:
        return [name for name, value in self._values.items() if value in content]

    def in_text(self, text: str) -> list[str]:
        return self.in_bytes(text.encode())

    def in_files(self, *folders: Path) -> list[str]:
        """Every file below these folders that has one, with its name."""
        return [
            f"{path}: {name}"
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file() and not path.is_symlink()
            for name in self.in_bytes(_read(path))
        ]

    def in_process_list(self) -> list[str]:
        """Every process of this machine that shows one in its command line or its environment.

        What the caller types is excepted: it begins with the caller's environment, and so do its
        forks. What it starts is not.
        """
        return [
            f"{part} of {' '.join(words)}: {name}"
            for process in Path("/proc").glob("[0-9]*")
            for words, shown in [settled(process)]
            if not _is_typed(words)
            for part, content in shown.items()
            for name in self.in_bytes(content)
        ]

    @contextmanager
    def watch_process_list(self) -> Iterator[set[str]]:
        """Look at it again and again; the set is what showed a secret so far."""
        found: set[str] = set()
        over = threading.Event()

        def look() -> None:
            while not over.wait(_WATCH_SECONDS):
                found.update(self.in_process_list())

        watcher = threading.Thread(target=look)
        watcher.start()
        try:
            yield found
        finally:
            over.set()
            watcher.join()


def settled(process: Path) -> tuple[list[str], dict[str, bytes]]:
    """What a process is and shows, not read while it becomes another program.

    In that moment its command line is empty, or one is the old program's and one the new one's.
    """
    for _ in range(_LOOKS):
        words = _command(process)
        shown = {part: _read(process / part) for part in ("cmdline", "environ")}
        if words == _command(process) and (words or not shown["environ"]):
            break
        time.sleep(_BETWEEN_LOOKS_SECONDS)
    return words, shown


def _command(process: Path) -> list[str]:
    return _read(process / "cmdline").decode(errors="replace").split("\0")[:-1]


def _is_typed(words: list[str]) -> bool:
    """Python and one of our commands, or the terminal that is becoming it."""
    return any(Path(word).name in _TYPED for word in words[:2])


def _read(path: Path) -> bytes:
    with suppress(OSError):  # gone, or a process that has ended
        return path.read_bytes()
    return b""
