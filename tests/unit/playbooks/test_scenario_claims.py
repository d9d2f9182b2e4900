"""The eight scenarios' claims: each holds for what must happen, and fails when it does not."""

from collections.abc import Callable, Iterator
from typing import Any

import lab
import pytest
from story import Story

from evidence.claims import judge, parse_claims, passed

Tale = Callable[..., Any]
ALL = ("i-a", "i-b", "i-c")
HEALTHY = dict.fromkeys(ALL, "healthy")
IN_SERVICE = dict.fromkeys(ALL, "InService")
# What a play knows when its claims are judged.
KNOWN = {"instance_credentials_victim": "i-b", "next_release": "2.0.0"}
PLAYS = {path.stem: path for path in (lab.ROOT / "playbooks/scenarios").glob("*.yml")}


@pytest.fixture
def story() -> Callable[..., Story]:
    return Story


def values_of(node: Any, name: str) -> Iterator[Any]:
    """Every value of this name, however deep it is."""
    if isinstance(node, dict):
        yield from [node[name]] if name in node else []
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from values_of(each, name)


def claims_of(scenario: str) -> list[Any]:
    """The claims that the scenario's play judges, as it judges them."""
    [claims] = values_of(lab.loaded(PLAYS[scenario]), "observation_claims")
    return parse_claims(lab.templated(claims, KNOWN), negative_control=True)


def outcomes(scenario: str, evidence: Any) -> dict[str, str]:
    verdicts = [judge(claim, evidence) for claim in claims_of(scenario)]
    return {verdict.claim: verdict.outcome for verdict in verdicts}


def control_passes(scenario: str, evidence: Any) -> bool:
    verdicts = [judge(claim, evidence) for claim in claims_of(scenario)]
    return passed(verdicts, negative_control=True)


def steady(tale: Any) -> Any:
    return tale.group(0, 30, IN_SERVICE).health(0, 30, HEALTHY)


def healthy(tale: Any, good: bool) -> Any:
    return steady(tale).traffic(0, 30, ALL, "real" if good else "error")


def broken_dependency(tale: Any, good: bool) -> Any:
    steady(tale).traffic(0, 10, ALL)
    return tale.traffic(10, 30, ALL, "error" if good else "real")


def static_response(tale: Any, good: bool) -> Any:
    steady(tale).traffic(0, 10, ALL)
    return tale.traffic(10, 30, ALL, "static" if good else "error")


def bad_credentials(tale: Any, good: bool) -> Any:
    steady(tale).traffic(0, 30, ["i-a", "i-c"]).traffic(0, 10, ["i-b"])
    return tale.traffic(10, 30, ["i-b"], "static" if good else "real")


def deep_health_checks(tale: Any, good: bool) -> Any:
    tale.group(0, 30, IN_SERVICE).traffic(0, 30, ["i-a", "i-c"])
    tale.health(0, 12, HEALTHY).traffic(0, 12, ["i-b"], "static")
    if not good:
        return tale.health(12, 30, HEALTHY).traffic(12, 30, ["i-b"], "static")
    return tale.health(12, 30, HEALTHY | {"i-b": "unhealthy"}, "Target.ResponseCodeMismatch")


def replace_instance(tale: Any, good: bool) -> Any:
    tale.traffic(0, 30, ["i-a", "i-c"])
    if not good:
        return tale.group(0, 30, IN_SERVICE).health(0, 30, HEALTHY | {"i-b": "unhealthy"})
    others = {"i-a": "InService", "i-c": "InService"}
    tale.group(0, 10, IN_SERVICE).group(10, 14, others | {"i-b": "Terminating", "i-d": "Pending"})
    tale.group(14, 30, others | {"i-d": "InService"}).traffic(18, 30, ["i-d"])
    well = {"i-a": "healthy", "i-c": "healthy"}
    tale.health(0, 10, well | {"i-b": "unhealthy"})
    tale.health(10, 18, well | {"i-b": "draining", "i-d": "initial"})
    return tale.health(18, 30, well | {"i-d": "healthy"})


def fail_open(tale: Any, good: bool) -> Any:
    tale.group(0, 30, IN_SERVICE).health(0, 12, HEALTHY)
    tale.health(12, 30, dict.fromkeys(ALL, "unhealthy")).traffic(0, 10, ALL)
    if good:
        return tale.traffic(10, 30, ALL, "static")
    return tale.traffic(10, 12, ALL, "static").traffic(12, 30, [None], "error")


def rolling_update(tale: Any, good: bool) -> Any:
    fleets = [ALL, ("i-b", "i-c", "i-d"), ("i-c", "i-d", "i-e"), ("i-d", "i-e", "i-f")]
    for number, fleet in enumerate(fleets):
        start, end = (0, 12, 15, 18, 30)[number : number + 2]
        newest = {} if number == 0 or start > 17 else {fleet[-1]: "Pending"}
        starting = {} if not newest else {fleet[-1]: "initial"}
        tale.group(start, end, dict.fromkeys(fleet, "InService") | newest)
        tale.health(start, end, dict.fromkeys(fleet, "healthy") | starting)
    tale.traffic(0, 20, ["i-c"], release="1.0.0").traffic(20, 30, fleets[-1], release="2.0.0")
    if not good:  # no gate: everything is replaced before anything serves
        tale.reply(16, "error").health(16, 17, dict.fromkeys(fleets[-1], "initial"))
        tale.group(16, 17, dict.fromkeys(fleets[-1], "Pending"))
    return tale


SCENARIOS: dict[str, tuple[Callable[[Any, bool], Any], dict[str, Any]]] = {
    "healthy": (healthy, {"settled": 20}),
    "broken-dependency": (broken_dependency, {"fault": 10, "settled": 20}),
    "static-response": (static_response, {"fault": 10, "settled": 20}),
    "bad-credentials": (bad_credentials, {"fault": 10, "fault_on": "i-b", "settled": 20}),
    "deep-health-checks": (deep_health_checks, {"fault": 10, "fault_on": "i-b", "settled": 20}),
    "replace-instance": (replace_instance, {"fault": 10, "fault_on": "i-b", "settled": 20}),
    "fail-open": (fail_open, {"fault": 10, "settled": 20}),
    "rolling-update": (rolling_update, {"fault": 10, "settled": 20}),
}


def test_all_eight_are_there() -> None:
    assert set(PLAYS) == set(SCENARIOS)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_claims_hold_when_all_goes_as_it_must(story: Tale, scenario: str) -> None:
    tell, marks = SCENARIOS[scenario]
    assert set(outcomes(scenario, tell(story(**marks), True).told()).values()) == {"held"}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_claims_fail_without_what_makes_them_true(story: Tale, scenario: str) -> None:
    tell, marks = SCENARIOS[scenario]
    assert control_passes(scenario, tell(story(**marks), False).told())
    assert not control_passes(scenario, tell(story(**marks), True).told())


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_silence_proves_nothing(story: Tale, scenario: str) -> None:
    _, marks = SCENARIOS[scenario]
    evidence = story(**marks).told()
    assert "held" not in outcomes(scenario, evidence).values()
    assert not control_passes(scenario, evidence)
