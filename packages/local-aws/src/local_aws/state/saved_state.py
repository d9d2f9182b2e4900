"""The file of `local-aws stop --save`: a tar archive for its owner only.

    header.json          which local AWS wrote it
    control_plane        the control plane's state (control_plane/snapshot.py)
    instance_ports.json  where each instance served
    instances/           disks and consoles

The control plane's state is a pickle, which can run any code when it is read: a file of another
user, or one that others may write to, is refused.
"""

from __future__ import annotations

import errno
import gzip
import importlib.metadata
import io
import json
import os
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import moto

from local_aws.errors import LocalAwsError
from local_aws.host import write_failure

_INSTANCES = "instances"
_COMPRESSION = 1
"""The state is some 20 MB of repetitive bytes: a better ratio is not worth the wait."""
_CHUNK_BYTES = 1 << 20


class SavedStateError(LocalAwsError):
    """The file cannot be loaded; the text says why, in one line."""


@dataclass(frozen=True)
class SavedState:
    """What is loaded besides the disks; `instance_ports` is by instance id."""

    control_plane: bytes
    instance_ports: Mapping[str, int]


def write(
    path: Path, saved: SavedState, state_directory: Path, bring_disks_to_rest: Callable[[], None]
) -> None:
    """Write the file as a whole or, raising OSError, not at all; an older one is replaced."""
    if path.is_dir():  # before instances are shut down
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # it is 0600
    except OSError as error:
        error.filename = path.parent  # nobody knows the name that was tried
        raise
    try:
        with (
            os.fdopen(descriptor, "wb") as file,
            tarfile.open(fileobj=file, mode="w:gz", compresslevel=_COMPRESSION) as archive,
        ):
            _add(archive, "header.json", json.dumps(_header()).encode())
            _add(archive, "control_plane", saved.control_plane)
            _add(archive, "instance_ports.json", json.dumps(dict(saved.instance_ports)).encode())
            bring_disks_to_rest()
            if (state_directory / _INSTANCES).is_dir():
                archive.add(state_directory / _INSTANCES, _INSTANCES)
        Path(name).rename(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read(path: Path, state_directory: Path) -> SavedState:
    """Unpack the disks below the state directory and return the rest.

    Raises SavedStateError, and OSError when there is no room for the disks.
    """
    try:
        with path.open("rb") as file:
            _require_own(path, os.fstat(file.fileno()))
            unpacked = gzip.GzipFile(fileobj=file)
            _require_whole(unpacked)
            with tarfile.open(fileobj=unpacked, mode="r:") as archive:
                _require_same_versions(path, json.loads(_member(archive, "header.json")))
                disks = [m for m in archive if m.name.split("/")[0] == _INSTANCES]
                # Python 3.11.3 and older do not have it, and do not look.
                archive.extraction_filter = getattr(tarfile, "tar_filter", None)
                archive.extractall(state_directory, disks)  # noqa: S202 - own files only
                return SavedState(
                    _member(archive, "control_plane"),
                    json.loads(_member(archive, "instance_ports.json")),
                )
    except (
        tarfile.TarError,
        gzip.BadGzipFile,
        EOFError,
        zlib.error,
        KeyError,
        ValueError,
    ) as error:
        raise SavedStateError(
            f"{path} was not written by local-aws stop --save: {error}"
        ) from error
    except OSError as error:
        if error.errno in write_failure.FULL:
            raise
        raise SavedStateError(f"{path} cannot be read: {error.strerror or error}") from error


def _require_whole(unpacked: gzip.GzipFile) -> None:
    """Read to the checksum at the end, which an archive that is cut short lacks.

    A tar ends in empty blocks: without this it may be read well before what is missing.
    """
    while unpacked.read(_CHUNK_BYTES):
        pass
    unpacked.seek(0)


def _header() -> dict[str, str]:
    return {
        "local-aws": importlib.metadata.version("local-aws"),
        "moto": moto.__version__,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
    }


def _require_own(path: Path, facts: os.stat_result) -> None:
    if facts.st_uid != os.getuid() or facts.st_mode & 0o022:
        raise SavedStateError(f"{path} is refused: somebody else may have written it")


def _require_same_versions(path: Path, found: Mapping[str, str]) -> None:
    for name, version in _header().items():
        if found[name] != version:
            raise SavedStateError(
                f"{path} is of {name} {found[name]}, and this is {name} {version}"
            )


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = 0o600
    archive.addfile(entry, io.BytesIO(content))


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()
