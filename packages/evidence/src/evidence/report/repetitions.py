"""A scenario that is played several times in one run, judged all together. Pure.

Its entry in verdicts.json is of all its repetitions: each claim counts in how many of them it held.
What can only be of one, such as figures and charts, is of the first that did not come out as it
must, or else of the latest that was judged.

Nothing is selected: a claim counts wherever it could be judged, also in a repetition in which
another one was left unjudged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evidence.judge.proportion import Proportion
from evidence.judge.verdict import Verdict, scenario_outcome, wanted_outcome

TIMES = ("detect", "drain", "recover", "restore")


def repetition(result: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry keeps of one repetition; `result` is the entry that it would be alone."""
    figures = result["figures"]
    return {
        "started_at": result["started_at"],
        "outcome": result["outcome"],
        "interruption": result["interruption"],
        "requests": figures["requests"],
        "errors": figures["by_kind"].get("error", 0),
        "seconds": figures["seconds"],
        "time_to_seconds": {name: figures["time_to_seconds"].get(name) for name in TIMES},
        "claims": [
            {
                "claim": claim["claim"],
                "seen": claim["seen"],
                "outcome": claim["outcome"],
                "proportion": claim.get("proportion"),
            }
            for claim in result["claims"]
        ],
    }


def together(earlier: Mapping[str, Any], latest: Mapping[str, Any], repeats: int) -> dict[str, Any]:
    """The entry of all repetitions; one that was judged before is replaced.

    `repeats` is how many were asked for: with fewer, what held is unjudged.
    """
    by_start = {each["started_at"]: each for each in earlier["repetitions"]}
    by_start |= {each["started_at"]: each for each in latest["repetitions"]}
    played = [by_start[start] for start in sorted(by_start)]
    start = _shown(played)["started_at"]
    # Judged again, the latest may say something else than when it was judged before.
    shown = earlier if earlier["started_at"] == start != latest["started_at"] else latest
    control = bool(latest["negative_control"])
    verdicts = [_verdict(claim, played, repeats, control) for claim in shown["claims"]]
    outcome = scenario_outcome(verdicts, control)
    return {
        **shown,
        "passed": outcome == "passed",
        "outcome": outcome,
        "interruption": played[-1]["interruption"],
        "claims": [asdict(verdict) for verdict in verdicts],
        "repeats": repeats,
        "repetitions": played,
    }


def outcomes_of(sentence: str, played: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """In how many repetitions a claim held, was refuted and was unjudged."""
    outcomes = Counter(claim["outcome"] for claim in _each(sentence, played))
    return {name: outcomes[name] for name in ("held", "refuted", "unjudged")}


@dataclass(frozen=True)
class Totals:
    """Of all repetitions together."""

    requests: int
    errors: int
    seconds: float

    @property
    def success_share(self) -> float | None:
        return 1 - self.errors / self.requests if self.requests else None


def totals(entry: Mapping[str, Any]) -> Totals:
    sums = {
        name: sum(each[name] for each in entry["repetitions"])
        for name in ("requests", "errors", "seconds")
    }
    return Totals(**sums)


def spread(entry: Mapping[str, Any]) -> dict[str, list[float]]:
    """How many seconds each repetition took to detect and so on; without what never happened."""
    times = {
        name: [
            each["time_to_seconds"][name]
            for each in entry["repetitions"]
            if each["time_to_seconds"][name] is not None
        ]
        for name in TIMES
    }
    return {name: values for name, values in times.items() if values}


def _shown(played: Sequence[dict[str, Any]]) -> dict[str, Any]:
    failed = [each for each in played if each["outcome"] == "failed"]
    judged = [each for each in played if each["outcome"] != "unjudged"]
    return (failed or judged[-1:] or played[-1:])[0]


def _each(sentence: str, played: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What became of a claim in each repetition that has it."""
    return [claim for each in played for claim in each["claims"] if claim["claim"] == sentence]


def _verdict(
    claim: Mapping[str, Any], played: Sequence[Mapping[str, Any]], repeats: int, control: bool
) -> Verdict:
    found = _each(claim["claim"], played)
    judged = [each for each in found if each["outcome"] != "unjudged"]
    # In a control, of what does not decide it the repetition that held is shown.
    wanted = wanted_outcome(claim, control) or "refuted"
    wrong = [each for each in judged if each["outcome"] != wanted]
    decisive = (wrong or judged[-1:] or found[-1:])[0]
    proportion = _all_counted(judged)
    seen = decisive["seen"]
    if len(judged) > 1:
        seen = f"{decisive['outcome']} in {len(wrong or judged)} of {len(judged)} repetitions; " + (
            str(proportion) if proportion and not wrong else f"in one: {seen}"
        )
    too_few = judged and not wrong and len(judged) < repeats
    if too_few:
        seen += f"; {len(judged)} of {repeats} repetitions were judged"
    return Verdict(
        claim=claim["claim"],
        expected=claim["expected"],
        seen=seen,
        outcome="unjudged" if too_few else decisive["outcome"],
        must_fail_in_control=claim["must_fail_in_control"],
        proportion=proportion,
        definition=claim.get("definition", {}),
        must_hold_in_control=claim.get("must_hold_in_control", False),
    )


def _all_counted(judged: Sequence[Mapping[str, Any]]) -> Proportion | None:
    """All replies that were counted, of all repetitions; None when a claim counts none."""
    counted = [each["proportion"] for each in judged if each["proportion"]]
    if not counted:
        return None
    return Proportion.counted(
        sum(each["matching"] for each in counted), sum(each["of"] for each in counted)
    )
