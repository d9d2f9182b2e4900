"""The folder where Envoy finds its discovery responses, and whether it has taken them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from pathlib import Path

from local_aws.load_balancing.envoy import Envoy
from local_aws.load_balancing.xds import XdsFile
from local_aws.private_folder import private_folder

_POLL_SECONDS = 0.002
_STATISTICS = r"(version_text|update_rejected)$"

log = logging.getLogger(__name__)


class XdsDirectory:
    def __init__(self, path: Path) -> None:
        self._path = private_folder(path)
        self._written: dict[str, XdsFile] = {}

    @property
    def names(self) -> set[str]:
        return set(self._written)

    def write(self, files: Iterable[XdsFile]) -> list[XdsFile]:
        """Write what differs from what is there and return it.

        Envoy reacts to a file that is moved to its name, never to one that is changed in place.
        """
        changed = [file for file in files if self._written.get(file.name) != file]
        for file in changed:
            temporary = self._path / f"{file.name}.new"
            temporary.write_text(file.text)
            temporary.rename(self._path / file.name)
            self._written[file.name] = file
        return changed

    def apply(self, files: Iterable[XdsFile], envoy: Envoy, seconds: float) -> None:
        """Write and wait, at most so long, until Envoy has applied it or refused it.

        What Envoy refuses stays as it was before; that, like a time-out, is logged.
        """
        before = envoy.admin.stats(_STATISTICS)
        waiting = self.write(files)
        deadline = time.monotonic() + seconds
        while waiting:
            now = envoy.admin.stats(_STATISTICS)
            for file in waiting:
                rejections = f"{file.scope}.update_rejected"
                if now.get(rejections, "0") != before.get(rejections, "0"):
                    log.error("Envoy refuses %s: %s", file.name, envoy.last_refusal())
                    return
            waiting = [
                file
                for file in waiting
                if now.get(f"{file.scope}.version_text") != f'"{file.version}"'
            ]
            if waiting and time.monotonic() > deadline:
                names = ", ".join(file.name for file in waiting)
                log.error("Envoy has not applied %s within %s s", names, seconds)
                return
            time.sleep(_POLL_SECONDS if waiting else 0)

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            (self._path / name).unlink(missing_ok=True)
            del self._written[name]
