"""User data of the kind #cloud-config: what it writes and which units it starts.

Shapes and defaults: cloud-init's modules "write_files" and "runcmd". Of runcmd only `systemctl`
has an effect here; nothing from user data is ever given to a shell.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import shlex
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

_UNIT_SUFFIX = ".service"


class UserDataError(ValueError):
    """User data that cannot be carried out; the message names the entry and what is wrong."""


@dataclass(frozen=True)
class WriteFile:
    path: PurePosixPath  # absolute
    content: bytes
    mode: int
    append: bool


@dataclass(frozen=True)
class CloudConfig:
    """Units come in the order in which runcmd names them.

    `started` start on the first boot, `enabled` on every later one: `systemctl enable --now` puts
    a unit into both. `skipped` names in words what has no effect here, for the console log.
    """

    files: tuple[WriteFile, ...]
    started: tuple[str, ...]
    enabled: tuple[str, ...]
    skipped: tuple[str, ...]


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
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UserDataError(f"the cloud-config is not YAML: {error}") from error
    if document is None:
        document = {}
    if not isinstance(document, dict):
        raise UserDataError("the cloud-config is not a mapping of module names")
    files = tuple(
        _file(f"write_files[{i}]", entry) for i, entry in _entries(document, "write_files")
    )
    started: list[str] = []
    enabled: list[str] = []
    skipped = [f"{key}: not done here" for key in document if key not in ("write_files", "runcmd")]
    for i, entry in _entries(document, "runcmd"):
        words = _words(f"runcmd[{i}]", entry)
        if not _take_systemctl(words, started, enabled):
            skipped.append(f"runcmd[{i}]: {shlex.join(words)}: commands are not run here")
    return CloudConfig(files, tuple(started), tuple(enabled), tuple(skipped))


def _text(user_data: bytes) -> str:
    if user_data.startswith(b"\x1f\x8b"):
        user_data = _gunzip("user data", user_data)
    try:
        return user_data.decode()
    except UnicodeDecodeError:
        return ""  # a binary: not cloud-config


def _entries(document: dict[str, Any], key: str) -> Iterator[tuple[int, Any]]:
    value = document.get(key) or []
    if not isinstance(value, list):
        raise UserDataError(f"{key} is not a list")
    yield from enumerate(value)


def _file(where: str, entry: Any) -> WriteFile:
    if not isinstance(entry, dict):
        raise UserDataError(f"{where} is not a mapping with path and content")
    path = PurePosixPath(str(entry.get("path") or ""))
    if not path.is_absolute() or ".." in path.parts:
        raise UserDataError(f"{where}: path {str(path)!r} is not an absolute path without '..'")
    return WriteFile(path, _content(where, entry), _mode(where, entry), bool(entry.get("append")))


def _content(where: str, entry: dict[str, Any]) -> bytes:
    content = entry.get("content") or b""
    data = content if isinstance(content, bytes) else str(content).encode()
    encoding = str(entry.get("encoding") or "text/plain").lower()
    if encoding in ("text/plain", "text"):
        return data
    steps = encoding.replace("base64", "b64").replace("gzip", "gz").split("+")
    if steps not in (["b64"], ["gz"], ["gz", "b64"]):
        raise UserDataError(
            f"{where}: encoding {encoding!r} is none of text/plain, b64, gz, gz+b64"
        )
    if "b64" in steps:
        try:
            data = base64.b64decode(b"".join(data.split()), validate=True)
        except binascii.Error as error:
            raise UserDataError(f"{where}: content is not base64: {error}") from error
    return _gunzip(where, data) if "gz" in steps else data


def _gunzip(where: str, data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise UserDataError(f"{where}: content is not gzip: {error}") from error


def _mode(where: str, entry: dict[str, Any]) -> int:
    permissions = entry.get("permissions", "0644")
    # A bare 0644 is an octal number to YAML, "0644" is text: both mean the same.
    if isinstance(permissions, int):
        return permissions
    try:
        return int(str(permissions), 8)
    except ValueError:
        raise UserDataError(f"{where}: permissions {permissions!r} are not octal") from None


def _words(where: str, entry: Any) -> list[str]:
    if isinstance(entry, list):
        return [str(word) for word in entry]
    try:
        return shlex.split(str(entry))
    except ValueError as error:
        raise UserDataError(f"{where}: {error}: {entry!r}") from error


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
