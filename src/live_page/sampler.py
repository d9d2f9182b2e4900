"""The one who looks at the service, for all viewers: the run's record first, AWS for the rest.

While an observer records the service, its samples are read and AWS is not asked for the same.
Between runs the page samples target health and the group itself, by the observer's own functions.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from evidence.observe import samplers
from evidence.observe.configuration import Subject
from evidence.record.latest import Latest
from evidence.record.samples import Sample
from live_page import claims, snapshot
from live_page.api import Api, is_silence
from live_page.commands import Commands
from live_page.configuration import PageConfig
from live_page.facts import Facts
from live_page.priority import step_back
from live_page.record import Record
from live_page.traffic import KEPT_SECONDS
from live_page.view import View
from safeguards.scenarios import Scenario as Plan

_READ_SECONDS = 0.4
_ASK_SECONDS = 1.0
_CLAIMS_SECONDS = 1.0
ABANDONED_SECONDS = 10.0
"""When there has been nothing to look at for so long, the page ends."""
_SAMPLED = ("health_check", "target_health", "group", "activity")
_LOGGER = logging.getLogger("live_page")


class Sampler:
    def __init__(
        self,
        config: PageConfig,
        plans: Mapping[str, Plan],
        commands: Commands,
        publish: Callable[[str], None],
    ) -> None:
        """`plans` are all scenarios by name; `publish` gets each state of the page as JSON."""
        self._config = config
        self._plans = plans
        self._commands = commands
        self._publish = publish
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._view = View()
        self._record = Record(Path(config.runs_directory), config.stack_name)
        self._latest: Latest | None = None
        self._claims: list[dict[str, str]] = []
        self._judged_at = 0.0
        self._is_observed = False
        self._subject: Subject | None = None
        self._samplers: list[samplers.Sampler] = []
        self._failed: dict[str, str] = {}
        self._state: dict[str, Any] = {}

    def start(self, ended: Callable[[], object]) -> None:
        """`ended` is called when there is nothing left to look at."""
        for look in (self._read, self._ask):
            threading.Thread(target=look, args=(ended,), daemon=True).start()

    def stop(self) -> None:
        self._over.set()

    def history(self) -> str:
        """What somebody who begins to look must know, besides the state."""
        with self._lock:
            return json.dumps(
                {
                    "now": time.time(),
                    "seconds": self._view.traffic.seconds(),
                    "state": self._state,
                    "scenarios": [
                        {"name": plan.name, "hypothesis": " ".join(plan.hypothesis.split())}
                        for plan in self._plans.values()
                    ],
                    "read_only": self._config.read_only,
                }
            )

    @property
    def is_busy(self) -> bool:
        """Whether a playbook records a run on the stack just now, here or elsewhere."""
        with self._lock:
            return self._record.is_going_on

    @property
    def service_url(self) -> str:
        with self._lock:
            return str(self._state.get("stack", {}).get("url", ""))

    def _read(self, _: Callable[[], object]) -> None:
        """Read the record on, and publish what is known."""
        step_back()
        while not self._over.wait(_READ_SECONDS):
            with self._going_on("the record"):
                with self._lock:
                    self._take_in(time.time())
                    text = json.dumps(self._state)
                self._publish(text)

    @contextmanager
    def _going_on(self, what: str) -> Iterator[None]:
        """Whatever cannot be read, such as a record of another version: the page goes on."""
        try:
            yield
        except Exception as error:
            if repr(error) != self._failed.get(what):  # the next look finds the same
                self._failed[what] = repr(error)
                _LOGGER.exception("%s could not be read", what)

    def _take_in(self, now: float) -> None:
        view, record = self._view, self._record
        stack = view.facts.stack
        found = record.read(stack.stack_id if stack else None)
        self._is_observed = record.is_observed
        view.journaled(found.entries)
        recent = now - KEPT_SECONDS
        view.sampled(each for each in found.samples if each.at > recent)
        view.replied(each for each in found.replies if each.scheduled_at > recent)
        if any(entry.get("event") == "started" for entry in found.entries):
            self._latest, self._claims, self._judged_at = None, [], 0.0
        view.moved_on(now)
        self._judge(now)
        plan = self._plans.get(view.scenario.name) if view.scenario else None
        self._state = snapshot.state(
            view,
            self._config,
            now,
            is_observed=self._is_observed,
            plan=plan,
            claims=self._claims,
            commands=self._commands.shown(is_busy=record.is_going_on),
        )

    def _judge(self, now: float) -> None:
        """How the claims of the scenario stand: by its verdict, or so far."""
        scenario = self._view.scenario
        if scenario is None or scenario.result is not None:
            return
        if now - self._judged_at < _CLAIMS_SECONDS:
            return
        self._judged_at = now
        plan = self._plans.get(scenario.name)
        result = self._record.result(scenario.name) if scenario.stopped_at else None
        if result is not None:
            self._view.judged(result, now)
            self._claims = claims.judged(result)
        elif plan is not None and scenario.stopped_at is None and self._is_observed:
            self._latest = self._latest or self._record.latest(scenario.name)
            if self._latest is not None:
                evidence = self._latest.read()
                self._claims = claims.standing(plan.entries, evidence, scenario.victim)

    def _ask(self, ended: Callable[[], object]) -> None:
        """Ask AWS for what nobody records."""
        step_back()
        api = Api(self._config.region, self._config.stack_name)
        seen_at = time.monotonic()
        while not self._over.wait(_ASK_SECONDS):
            facts: Facts | None = None
            with self._going_on("AWS"):
                facts = self._asked(api)
                if facts is not None:
                    self._sample(facts)
            # A network that is away comes back; a local AWS that does not answer has ended.
            is_away = facts is None and self._config.backend == "aws"
            if is_away or (facts is not None and facts.stack is not None):
                seen_at = time.monotonic()
            if time.monotonic() - seen_at > ABANDONED_SECONDS:
                ended()
                return

    def _sample(self, facts: Facts) -> None:
        """Take the samples that an observer would take, unless there is one."""
        subject = _subject(self._config, facts)
        if subject != self._subject:
            self._subject = subject
            self._samplers = _samplers(subject) if subject else []
        if not self._is_observed:
            for each in self._samplers:
                each.take_once(self._sampled)

    def _asked(self, api: Api) -> Facts | None:
        """None when nobody answered."""
        now = time.time()
        try:
            facts = api.facts(now)
        except (BotoCoreError, ClientError) as error:
            with self._lock:
                self._view.unread = f"AWS could not be read: {error}"
            return None if is_silence(error) else Facts(now, self._view.facts.stack)
        with self._lock:
            self._view.answered(facts)
        return facts

    def _sampled(self, sample: Sample) -> None:
        with self._lock:
            self._view.sampled([sample])


def _subject(config: PageConfig, facts: Facts) -> Subject | None:
    """What to sample; None while the stack has no load balancer, or no group."""
    outputs = facts.stack.outputs if facts.stack else {}
    if "TGArn" not in outputs or "AutoScalingGroup" not in outputs:
        return None
    return Subject(config.region, config.stack_name, outputs["TGArn"], outputs["AutoScalingGroup"])


def _samplers(subject: Subject) -> list[samplers.Sampler]:
    return [each for each in samplers.samplers(subject, _ASK_SECONDS) if each.name in _SAMPLED]
