"""What a daemon is started with: chosen on the command line, handed on as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from local_aws.host.processes import ProcessIdentity


@dataclass(frozen=True)
class DaemonSettings:
    """The options of `local-aws start` that are the daemon's, by their names.

    `load` is absolute. `image_program` is what an instance runs whose user data is no cloud-config.
    """

    port: int
    region: str
    with_process: ProcessIdentity | None = None
    load: Path | None = None
    skip_custom_resources: bool = False
    signal_for_user_data: bool = False
    unkind: bool = False
    image_program: Sequence[str] = ()

    @classmethod
    def chosen(cls, options: Mapping[str, Any]) -> DaemonSettings:
        """Those among a command's options."""
        return cls(**{field.name: options[field.name] for field in fields(cls)})

    def to_json(self) -> str:
        return json.dumps({**asdict(self), "load": str(self.load) if self.load else None})

    @classmethod
    def from_json(cls, text: str) -> DaemonSettings:
        given = json.loads(text)
        process, load = given["with_process"], given["load"]
        return cls(
            **{
                **given,
                "with_process": ProcessIdentity(**process) if process else None,
                "load": Path(load) if load else None,
            }
        )
