"""What ends a scenario early: the backend's death, an operator's wish, too many errors."""

from __future__ import annotations

from typing import NoReturn

from evidence.judge.backend import change, death, falls_silent
from evidence.judge.starvation import starved_in
from evidence.judge.statistics import percent, success_share
from evidence.observe.configuration import AbortCondition
from evidence.observe.observation import ObservationError, RunningObserver
from evidence.record.evidence import Evidence, Interruption, InterruptionKind
from evidence.record.journal import journal
from evidence.record.run_folder import RunFolder
from evidence.record.samples import StackSample
from evidence.record.windows import FAULT, STEADY, Window
from evidence.record.writing import require_room

_LONGEST_REQUEST = 200


class ScenarioEndedError(ObservationError):
    """The scenario must end now; it is in the journal."""

    def __init__(self, interruption: Interruption) -> None:
        super().__init__(str(interruption))
        self.interruption = interruption


class Interruptions:
    """Looks for a reason to end, again and again while a task waits, which itself changes nothing.

    So whatever happens to the stack since `began_at` is somebody else's doing.
    """

    def __init__(self, observer: RunningObserver, began_at: float) -> None:
        self._observer = observer
        self._began_at = began_at
        self._stack: StackSample | None = None

    def check(self, evidence: Evidence) -> None:
        """Raise ScenarioEndedError when the scenario must end."""
        if evidence.interruption is not None:
            raise ScenarioEndedError(evidence.interruption)
        died = death(evidence) or self._change(evidence)
        if died is not None:
            self.end("died", died)
        asked = asked_to_stop(self._observer.folder)
        if asked is not None:
            self.end("stopped", f"{asked} at {_step(evidence)}")
        abort = self._observer.config.abort
        too_low = abort_reason(evidence, abort)
        if too_low is not None and not falls_silent(evidence):
            starved = starved_in(evidence, _latest(evidence, abort))
            self.end(
                "starved" if starved else "aborted", "; ".join(filter(None, [too_low, starved]))
            )

    def _change(self, evidence: Evidence) -> str | None:
        samples = [sample for sample in evidence.stack() if sample.at >= self._began_at]
        if self._stack is None:
            self._stack = next(iter(samples), None)
        return None if self._stack is None else change([self._stack, *samples])

    def end(self, kind: InterruptionKind, reason: str) -> NoReturn:
        """Write down why the scenario ends, and raise ScenarioEndedError.

        Raises OSError instead when nothing can be recorded any more: then the records fall silent
        by themselves, which is no backend's death.
        """
        if kind == "died":
            require_room(self._observer.folder.path)
        journal(
            self._observer.folder.journal,
            self._observer.scenario,
            "interrupted",
            kind=kind,
            reason=reason,
        )
        if kind == "stopped":
            serve_stop(self._observer.folder)
        raise ScenarioEndedError(Interruption(kind, reason))


def asked_to_stop(folder: RunFolder) -> str | None:
    """Who asks the run to stop, by the file `stop` in its folder; None when nobody does."""
    try:
        with folder.stop.open(errors="replace") as file:
            text = " ".join(file.read(_LONGEST_REQUEST).split())
    except OSError:
        return None
    return f"by {text}" if text else "by an operator"


def serve_stop(folder: RunFolder) -> None:
    """Take the request away, which is served now: it does not stop the recovery that follows."""
    folder.stop.unlink(missing_ok=True)


def abort_reason(evidence: Evidence, abort: AbortCondition) -> str | None:
    """Why the condition is met by the latest `abort.seconds`, or None."""
    latest, marks = _latest(evidence, abort), evidence.marked
    if STEADY not in marks or latest.start < marks[STEADY].at:
        return None
    if abort.impact == "errors" and FAULT in marks:
        return None
    share = success_share(evidence.replies_in(latest))
    if share is None or share >= abort.below:
        return None
    return (
        f"{percent(share)} of the requests of {abort.seconds:g} s succeeded, outside the fault's "
        f"impact; {percent(abort.below)} must"
    )


def _latest(evidence: Evidence, abort: AbortCondition) -> Window:
    return Window(evidence.stopped_at - abort.seconds, evidence.stopped_at)


def _step(evidence: Evidence) -> str:
    """Where the scenario was: after the mark that was written last.

    Two marks may name one moment: what settled may have begun with the steady state.
    """
    return f"the step after '{evidence.marks[-1].name}'" if evidence.marks else "its beginning"
