"""What the observer is told. Apart from it, so that a playbook's tasks need not load it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from local_aws.processes import ProcessIdentity


@dataclass(frozen=True)
class Subject:
    """What is observed, in AWS's names."""

    region: str
    stack_name: str
    target_group_arn: str
    auto_scaling_group_name: str


@dataclass(frozen=True)
class ObserverConfig:
    """What the background process is told. Credentials are not in it: they stay in the environment.

    `settings` is copied to the journal: what the report shows as the run's environment.
    """

    scenario: str
    run_folder: str
    url: str
    rate: float
    timeout_seconds: float
    sample_interval_seconds: float
    limit_seconds: float
    owner: ProcessIdentity
    subject: Subject
    settings: dict[str, Any]

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> ObserverConfig:
        values = json.loads(text)
        values["owner"] = ProcessIdentity(**values["owner"])
        values["subject"] = Subject(**values["subject"])
        return cls(**values)
