"""A folder of ours, known by its mark: only what we create in it is removed from it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local_aws.host.folders import shown
from local_aws.state import mark
from local_aws.state.home import FolderError

_SHOWN_NAMES = 3


class OwnFolder:
    """`names` are all names that we ever make in it. What has another one is left alone."""

    def __init__(self, path: Path, names: Iterable[str]) -> None:
        self.path = path
        self._names = {mark.NAME, *names}

    def is_ours(self) -> bool:
        """True when it carries our mark, False when there is no folder or nothing in it.

        Raises FolderError when it is anything else.
        """
        try:
            reason = self._reason_against()
        except FileNotFoundError:
            return False
        except OSError as error:
            reason = f"cannot be used: {error.strerror}"
        if reason:
            raise FolderError(
                f"{shown(self.path)} {reason}. Nothing in it was changed. "
                "Name another folder in LOCAL_AWS_HOME, or move this one away"
            )
        return mark.is_on(self.path)

    def _reason_against(self) -> str | None:
        facts = self.path.lstat()
        if not stat.S_ISDIR(facts.st_mode):
            return "is no folder"
        if facts.st_uid != os.getuid():
            return "belongs to another user"
        names = {path.name for path in self.path.iterdir()}
        if not names or mark.was_begun(self.path):
            return None
        if not mark.is_on(self.path):
            if mark.NAME in names:
                return "is a copy: its mark was put on another folder"
            if names <= self._names:
                return "has no mark: an older local-aws made it, or another program"
            return f"is not of local-aws: it holds {_list(names - self._names)}"
        links = [name for name in names & self._names if (self.path / name).is_symlink()]
        return f"is refused: in it {_list(links)} is a link" if links else None

    @contextmanager
    def made(self) -> Iterator[None]:
        """Create the folder or mark an empty one; nobody else creates or removes it meanwhile.

        Raises FolderError when it is not ours, and OSError.
        """
        self.is_ours()
        while True:
            missing = self._missing()
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._alone() as is_there:
                if not is_there:
                    continue  # somebody has just removed it
                if not self.is_ours():
                    mark.put(self.path, missing > 0, above=max(missing - 1, 0))
                self.path.chmod(0o700)
                yield
                return

    def _missing(self) -> int:
        """How many folders have to be created: itself, and those above it."""
        path = self.path.absolute()
        return sum(not each.exists() for each in (path, *path.parents))

    @contextmanager
    def kept(self) -> Iterator[bool]:
        """Nobody else creates or removes the folder meanwhile; False when there is none of ours."""
        if not self.is_ours():
            yield False
            return
        with self._alone() as is_there:
            yield is_there and self.is_ours()

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        try:
            folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            yield False
            return
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield self.path.is_dir() and os.path.samestat(os.fstat(folder), self.path.stat())
        finally:
            os.close(folder)

    def empty(self, *, but: Iterable[str] = ()) -> None:
        """Remove what we made in it. Raises FolderError when it is not ours."""
        if not self.is_ours():
            return
        for name in self._names - {mark.NAME, *but}:
            _remove(self.path / name)

    def remove(self) -> None:
        """Remove what we made: in it, itself, and what was created above it.

        A folder in which something else is by now stays.
        The caller has seen to it that nobody uses it. Raises FolderError when it is not ours.
        """
        self.empty()
        if not self.is_ours() or not mark.is_all_in(self.path):
            return
        created, parents = mark.says_created(self.path), mark.created_parents(self.path)
        # The mark comes last: what a kill leaves of all this is still ours.
        (self.path / mark.NAME).unlink()
        if created:
            self.path.rmdir()
            with contextlib.suppress(OSError):  # somebody else's things are in one, or it is gone
                for parent in parents:
                    parent.rmdir()


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)


def _list(names: Iterable[str]) -> str:
    """a, b, c and 4 more"""
    ordered = sorted(names)
    more = len(ordered) - _SHOWN_NAMES
    return ", ".join(map(shown, ordered[:_SHOWN_NAMES])) + (f" and {more} more" if more > 0 else "")
