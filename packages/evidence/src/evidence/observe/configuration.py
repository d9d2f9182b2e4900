"""The observer's configuration. Apart from it, so that who starts it need not load it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evidence.observe.limits import check, check_url
from evidence.observe.reply_shape import ANY_SUCCESS, ReplyShape
from evidence.record.processes import ProcessIdentity


@dataclass(frozen=True)
class Subject:
    """What is observed, in AWS's names."""

    region: str
    stack_name: str
    target_group_arn: str
    auto_scaling_group_name: str


@dataclass(frozen=True)
class AbortCondition:
    """End the scenario when less than `below` of the requests of `seconds` succeed.

    It applies from the steady state on; with `impact` "errors", which says that the fault itself
    makes requests fail, only until the fault.
    """

    below: float = 0.5
    seconds: float = 10.0
    impact: str = "none"


@dataclass(frozen=True)
class HeldStream:
    """A second stream of requests: to a `url` at which the service holds its replies for a while.

    It shows what becomes of requests that are in flight when something happens. `timeout_seconds`
    is that of a request: longer than the reply is held.
    """

    url: str
    rate: float
    timeout_seconds: float


@dataclass(frozen=True)
class ObserverConfig:
    """That of the background process. Credentials are not in it: they stay in the environment.

    `rate` is in requests a second; `timeout_seconds` is that of a request; the process ends by
    itself after `limit_seconds`, and when its `owner` does. `settings` is copied to the journal:
    what the report shows as the run's environment. `abort` is for the owner, which finds it here.
    There are no held requests unless `held` says so.
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
    abort: AbortCondition = AbortCondition()
    reply_shape: ReplyShape = ANY_SUCCESS
    held: HeldStream | None = None

    def __post_init__(self) -> None:
        """Refuse what no observer can do. Raises ValueError with what is valid."""
        check_url("url", self.url)
        check("rate", self.rate)
        check("request_timeout_seconds", self.timeout_seconds)
        check("sample_interval_seconds", self.sample_interval_seconds)
        check("limit_seconds", self.limit_seconds)
        check("abort_below", self.abort.below)
        check("abort_seconds", self.abort.seconds)
        if self.held is not None:
            check_url("held_url", self.held.url)
            check("held_rate", self.held.rate)
            check("held_timeout_seconds", self.held.timeout_seconds)

    @property
    def longest_request_seconds(self) -> float:
        """How long a request may be in flight, of either stream."""
        held = self.held.timeout_seconds if self.held is not None else 0.0
        return max(self.timeout_seconds, held)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ObserverConfig:
        """What `asdict` made of a configuration."""
        return cls(
            **{
                **values,
                "owner": ProcessIdentity(**values["owner"]),
                "subject": Subject(**values["subject"]),
                "abort": AbortCondition(**values["abort"]),
                "reply_shape": ReplyShape.from_dict(values["reply_shape"]),
                "held": values["held"] and HeldStream(**values["held"]),
            }
        )
