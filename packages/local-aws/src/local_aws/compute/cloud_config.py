"""User data of the kind #cloud-config: what it writes and which units it starts.

Shapes and defaults: cloud-init's modules "write_files", "runcmd" and "packages". Of runcmd only
`systemctl` has an effect here, of packages Python under its names; nothing from user data is ever
given to a shell. What user data may stand for is bounded: 16 KB of it can unpack to gigabytes.
"""

from __future__ import annotations

import base64
import gzip
import io
import re
import shlex
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

from local_aws.host.yaml_bounds import SafeLoader, YamlBoundsError, require_bounded

_UNIT_SUFFIX = ".service"
_LARGEST_TEXT = 1_048_576  # bytes of user data that was compressed
_LARGEST_CONTENT = 16_777_216  # bytes of all files together
_MOST_FILES = 1_000
_LONGEST_PATH = 1_024
_ALL_BITS = 0o7777
_MODE = re.compile("[0-7]{1,5}")
_PYTHON = re.compile(r"python3(\.[0-9]{1,2})?")


class UserDataError(ValueError):
    """User data that cannot be carried out; the message names the entry and what is wrong."""


@dataclass(frozen=True)
class WriteFile:
    """One entry of write_files. `mode` are the permission bits, 0 to 0o7777."""

    path: PurePosixPath  # absolute
    content: bytes
    mode: int
    append: bool


@dataclass(frozen=True)
class CloudConfig:
    """Units come in the order in which runcmd names them.

    `started` start on the first boot, `enabled` on every later one: `systemctl enable --now` puts
    a unit into both. `pythons` are the packages that are Python. `skipped` names in words what has
    no effect here, for the console log.
    """

    files: tuple[WriteFile, ...]
    started: tuple[str, ...]
    enabled: tuple[str, ...]
    skipped: tuple[str, ...]
    pythons: tuple[str, ...] = ()


def parse(user_data: bytes) -> CloudConfig | None:
    """Read user data as it is after base64; gzip is opened.

    None means that it is not cloud-config (empty, a shell script), so the image's own program
    runs. Raises UserDataError when it is cloud-config and wrong.
    """
    text = _text(user_data)
    if text.startswith(("Content-Type: multipart", "MIME-Version:")):
        raise UserDataError("multi-part user data is not supported: give its cloud-config alone")
    if text.split("\n", 1)[0].strip() != "#cloud-config":
        return None
    document = _document(text)
    files = tuple(_files(document))
    started: list[str] = []
    enabled: list[str] = []
    skipped = [
        f"{str(key)[:100]}: not done here"
        for key in document
        if key not in ("write_files", "runcmd", "packages")
    ]
    packages = document.get("packages") or []
    pythons = tuple(each for each in packages if isinstance(each, str) and _PYTHON.fullmatch(each))
    if len(pythons) != len(packages):
        skipped.insert(0, "packages: not done here")
    for i, entry in _entries(document, "runcmd"):
        words = _words(f"runcmd[{i}]", entry)
        if not _take_systemctl(words, started, enabled):
            skipped.append(f"runcmd[{i}]: {shlex.join(words)}: commands are not run here")
    return CloudConfig(files, tuple(started), tuple(enabled), tuple(skipped), pythons)


def _document(text: str) -> dict[Any, Any]:
    try:
        require_bounded(text, aliases=True)
        document = yaml.load(text, Loader=SafeLoader)  # noqa: S506 - it is a SafeLoader
    except YamlBoundsError as error:
        raise UserDataError(f"the cloud-config is too large: {error}") from error
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        # A date such as 2024-13-45, or a number of 5,000 digits, is a ValueError.
        reason = " ".join(str(error).split())
        raise UserDataError(f"the cloud-config is not YAML: {reason}") from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise UserDataError("the cloud-config is not a mapping of module names")
    return document


def _files(document: dict[Any, Any]) -> Iterator[WriteFile]:
    bytes_left = _LARGEST_CONTENT
    for i, entry in _entries(document, "write_files"):
        if i == _MOST_FILES:
            raise UserDataError(f"write_files has more than {_MOST_FILES:,} files")
        file = _file(f"write_files[{i}]", entry, bytes_left)
        bytes_left -= len(file.content)
        yield file


def _text(user_data: bytes) -> str:
    if user_data.startswith(b"\x1f\x8b"):
        user_data = _gunzip("user data", user_data, _LARGEST_TEXT)
    try:
        return user_data.decode()
    except UnicodeDecodeError:
        return ""  # a binary: not cloud-config


def _entries(document: dict[Any, Any], key: str) -> Iterator[tuple[int, Any]]:
    value = document.get(key) or []
    if not isinstance(value, list):
        raise UserDataError(f"{key} is not a list")
    yield from enumerate(value)


def _file(where: str, entry: Any, most_bytes: int) -> WriteFile:
    if not isinstance(entry, dict):
        raise UserDataError(f"{where} is not a mapping with path and content")
    content = _content(where, entry, most_bytes)
    return WriteFile(_path(where, entry), content, _mode(where, entry), bool(entry.get("append")))


def _path(where: str, entry: dict[Any, Any]) -> PurePosixPath:
    text = entry.get("path") or ""
    if not isinstance(text, str):
        raise UserDataError(f"{where}: path is not text")
    path = PurePosixPath("/" + text.lstrip("/"))
    problem = None
    if not text.startswith("/") or ".." in path.parts or path == PurePosixPath("/"):
        problem = "is not an absolute path without '..'"
    elif "\0" in text:
        problem = "has a NUL"
    elif len(text.encode(errors="surrogatepass")) > _LONGEST_PATH:
        problem = f"has more than {_LONGEST_PATH:,} bytes"
    if problem:
        raise UserDataError(f"{where}: path {_shown(text)} {problem}")
    return path


def _content(where: str, entry: dict[Any, Any], most_bytes: int) -> bytes:
    data = _bytes(where, entry.get("content"))
    if len(data) > most_bytes:
        raise _too_large(where, most_bytes)
    encoding = entry.get("encoding") or "text/plain"
    if encoding in ("text/plain", "text"):
        return data
    steps = str(encoding)[:100].lower().replace("base64", "b64").replace("gzip", "gz").split("+")
    if steps not in (["b64"], ["gz"], ["gz", "b64"]):
        raise UserDataError(
            f"{where}: encoding {_shown(encoding)} is none of text/plain, b64, gz, gz+b64"
        )
    if "b64" in steps:
        try:
            data = base64.b64decode(b"".join(data.split()), validate=True)
        except ValueError as error:
            raise UserDataError(f"{where}: content is not base64: {error}") from error
    return _gunzip(where, data, most_bytes) if "gz" in steps else data


def _bytes(where: str, content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    if isinstance(content, list | dict):
        raise UserDataError(f"{where}: content is not text")
    try:
        return str("" if content is None else content).encode()
    except (UnicodeEncodeError, ValueError) as error:
        raise UserDataError(f"{where}: content is not text: {error}") from error


def _gunzip(where: str, data: bytes, most_bytes: int) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            unpacked = stream.read(most_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UserDataError(f"{where}: content is not gzip: {error}") from error
    if len(unpacked) > most_bytes:
        raise _too_large(where, most_bytes)
    return unpacked


def _too_large(where: str, most_bytes: int) -> UserDataError:
    return UserDataError(f"{where}: content has more than {most_bytes:,} bytes")


def _mode(where: str, entry: dict[Any, Any]) -> int:
    permissions = entry.get("permissions", "0644")
    # A bare 0644 is an octal number to YAML, "0644" is text: both mean the same.
    if isinstance(permissions, int) and 0 <= permissions <= _ALL_BITS:
        return permissions
    if isinstance(permissions, str) and _MODE.fullmatch(permissions):
        return int(permissions, 8) & _ALL_BITS
    raise UserDataError(f"{where}: permissions {_shown(permissions)} are not octal, 0 to 07777")


def _words(where: str, entry: Any) -> list[str]:
    items = entry if isinstance(entry, list) else [entry]
    if any(isinstance(item, list | dict) for item in items):
        raise UserDataError(f"{where} is neither a command nor a list of words")
    if isinstance(entry, list):
        return [str(word) for word in entry]
    try:
        return shlex.split(str(entry))
    except ValueError as error:
        raise UserDataError(f"{where}: {error}: {_shown(entry)}") from error


def _shown(value: object) -> str:
    """A value in a message, however long it is."""
    if isinstance(value, list | dict):
        return f"(a {type(value).__name__})"
    text = ascii(value) if isinstance(value, str) else str(value)  # surrogates, for one
    return text if len(text) <= 100 else f"{text[:100]}..."


def _take_systemctl(words: list[str], started: list[str], enabled: list[str]) -> bool:
    """Note the units of one systemctl command; False when it is another command."""
    if not words or PurePosixPath(words[0]).name != "systemctl":
        return False
    options = {word for word in words[1:] if word.startswith("-")}
    verb, *units = [word for word in words[1:] if not word.startswith("-")] or [""]
    if verb == "daemon-reload":
        return True
    if verb not in ("enable", "start", "restart"):
        return False
    for unit in units:
        name = unit if unit.endswith(_UNIT_SUFFIX) else unit + _UNIT_SUFFIX
        if name not in started and (verb != "enable" or "--now" in options):
            started.append(name)
        if name not in enabled and verb == "enable":
            enabled.append(name)
    return True
