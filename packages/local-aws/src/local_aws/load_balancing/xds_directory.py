"""The folder where Envoy finds its discovery responses, and whether it has taken them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from pathlib import Path

from local_aws.host.folders import private_folder
from local_aws.load_balancing.envoy import Envoy
from local_aws.load_balancing.xds import XdsFile

_POLL_SECONDS = 0.002
_APPLIED = r"(version_text|update_rejected)$"

_LOG = logging.getLogger(__name__)


class XdsDirectory:
    def __init__(self, path: Path) -> None:
        self._path = private_folder(path)
        self._written: dict[str, XdsFile] = {}
        self._refused: dict[str, str] = {}

    @property
    def names(self) -> set[str]:
        return set(self._written)

    @property
    def refusal(self) -> str | None:
        """Why Envoy does not do what the files say now, in one line; None when it does."""
        return next(iter(self._refused.values()), None)

    def write(self, files: Iterable[XdsFile]) -> None:
        """Envoy reacts to a file that is moved to its name, never to one changed in place."""
        for file in files:
            temporary = self._path / f"{file.name}.new"
            temporary.unlink(missing_ok=True)
            temporary.touch(mode=0o600)  # it may hold a private key
            temporary.write_text(file.text)
            temporary.rename(self._path / file.name)
            self._written[file.name] = file
            self._refused.pop(file.name, None)

    def apply(self, files: Iterable[XdsFile], envoy: Envoy, seconds: float) -> None:
        """Write what differs and wait, at most so long, until Envoy has applied or refused it.

        What Envoy refuses stays as it was before; that is logged, as a time-out is, and is
        `refusal` until Envoy takes another one. An Envoy that has ended routes nothing, and finds
        the files when it is started again.
        """
        waiting = [file for file in files if self._written.get(file.name) != file]
        if not waiting:
            return
        before = _stats(envoy)
        self.write(waiting)
        deadline = time.monotonic() + seconds
        while envoy.is_running():
            now = _stats(envoy)
            for file in waiting:
                rejections = f"{file.scope}.update_rejected"
                if now.get(rejections, "0") != before.get(rejections, "0"):
                    self._refused[file.name] = envoy.last_refusal()
                    _LOG.error("Envoy refuses %s: %s", file.name, self._refused[file.name])
                    return
            waiting = [
                file
                for file in waiting
                if now.get(f"{file.scope}.version_text") != f'"{file.version}"'
            ]
            if not waiting:
                return
            if time.monotonic() > deadline:
                names = ", ".join(file.name for file in waiting)
                _LOG.error("Envoy has not applied %s within %s s", names, seconds)
                return
            time.sleep(_POLL_SECONDS)

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            (self._path / name).unlink(missing_ok=True)
            del self._written[name]
            self._refused.pop(name, None)


def _stats(envoy: Envoy) -> dict[str, str]:
    try:
        return envoy.admin.stats(_APPLIED)
    except OSError:
        return {}  # it has just ended
