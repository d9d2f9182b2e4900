"""The eight scenarios' claims: each holds for what must happen, and fails when it does not."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from project_yaml import ROOT, loaded, templated
from story import Story

from evidence.claims import judge, parse_claims, passed

ALL = ("i-a", "i-b", "i-c")
HEALTHY = dict.fromkeys(ALL, "healthy")
IN_SERVICE = dict.fromkeys(ALL, "InService")
# What a play knows when its claims are judged.
KNOWN = {
    "instance_credentials_victim": "i-b",
    "next_release": "2.0.0",
    "observation_detected_within": 4.0,
    "observation_reporting_lag_seconds": 1,
}
OF_ALL_SCENARIOS = loaded(ROOT / "roles/observation/defaults/main.yml") | {
    "observation_latency_during": ["before", "during", "after"]
}
PLAYS = {path.stem: path for path in (ROOT / "playbooks/scenarios").glob("*.yml")}


def values_of(node: Any, name: str) -> Iterator[Any]:
    """Every value of this name, however deep it is."""
    if isinstance(node, dict):
        yield from [node[name]] if name in node else []
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from values_of(each, name)


def claims_of(scenario: str) -> list[Any]:
    """The claims that the scenario's play judges, as it judges them."""
    [claims] = values_of(loaded(PLAYS[scenario]), "observation_claims")
    return parse_claims(templated(claims, KNOWN), negative_control=True)


def claims_of_all_scenarios(name: str) -> list[Any]:
    return parse_claims(templated(OF_ALL_SCENARIOS[name], OF_ALL_SCENARIOS))


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
    tale.traffic(0, 30, ["i-a", "i-c"]).hold(0, 30)
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
        tale.hold(0, 16).hold(16, 17, "error").hold(17, 30)
        tale.reply(16, "error").health(16, 17, dict.fromkeys(fleets[-1], "initial"))
        return tale.group(16, 17, dict.fromkeys(fleets[-1], "Pending"))
    return tale.hold(0, 30)


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
def test_the_claims_hold_when_all_goes_as_it_must(scenario: str) -> None:
    tell, marks = SCENARIOS[scenario]
    assert set(outcomes(scenario, tell(Story(**marks), True).evidence()).values()) == {"held"}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_claims_fail_without_what_makes_them_true(scenario: str) -> None:
    tell, marks = SCENARIOS[scenario]
    assert control_passes(scenario, tell(Story(**marks), False).evidence())
    assert not control_passes(scenario, tell(Story(**marks), True).evidence())


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_silence_proves_nothing(scenario: str) -> None:
    _, marks = SCENARIOS[scenario]
    evidence = Story(**marks).evidence()
    assert "held" not in outcomes(scenario, evidence).values()
    assert not control_passes(scenario, evidence)


@pytest.mark.parametrize(
    ("latency_ms", "slow", "refuted"),
    [
        (3, 30, set()),  # one read, every now and then
        (400, 30, {"half", "99"}),  # each reply: no machine is so slow that this is the server
        (2000, 30, {"half", "99", "none"}),
        (3, 900, {"99", "none"}),
    ],
)
@pytest.mark.parametrize("window", ["before", "during", "after"])
def test_clients_wait_no_longer_than_the_servers_limits_in_any_window(
    latency_ms: int, slow: int, refuted: set[str], window: str
) -> None:
    tale = Story(fault=10, settled=20)
    start = {"before": 0, "during": 10, "after": 20}[window]
    for second in range(30):
        usual = latency_ms if start <= second < start + 10 else 3
        for tenth in range(10):
            tale.reply(second + tenth / 10, latency_ms=usual)
    for late in (5.01, 5.02):
        tale.reply(start + late, latency_ms=max(slow, latency_ms))
    verdicts = [
        judge(claim, tale.evidence()) for claim in claims_of_all_scenarios("observation_latency")
    ]
    assert {each.claim.split()[0] for each in verdicts if each.outcome == "refuted"} == refuted
    assert {each.outcome for each in verdicts} <= {"held", "refuted"}


@pytest.mark.parametrize("good", [True, False])
def test_the_restored_service_is_as_it_was(good: bool) -> None:
    tale = steady(Story(fault=5, settled=10, repair=15, restored=20))
    tale.traffic(0, 5, ALL).traffic(5, 20, ALL, "error")
    tale.traffic(20, 30, ALL, "real" if good else "static")
    verdicts = [
        judge(claim, tale.evidence()) for claim in claims_of_all_scenarios("observation_restored")
    ]
    assert [each.outcome for each in verdicts] == ["held" if good else "refuted", "held"]


@pytest.mark.parametrize(
    ("rate", "hold", "longest", "held"),
    [
        (5, 1.5, "2", True),
        (5, 1.5, "1.5", True),
        (5, 1.5, "1", False),
        (5, 1.5, "0", False),
        (0, 1.5, "2", False),
    ],
)
def test_nothing_is_claimed_about_held_requests_where_none_is_held(
    rate: float, hold: float, longest: str, held: bool
) -> None:
    [claims] = values_of(loaded(PLAYS["rolling-update"]), "observation_claims")
    known = KNOWN | {
        "observation_held_rate": rate,
        "observation_hold_seconds": hold,
        "observation_longest_hold_seconds": longest,
    }
    role = loaded(ROOT / "roles/observation/vars/main.yml")
    judged = templated(
        role["__observation_judged"],
        {**known, "observation_claims": claims, "__observation_holds": role["__observation_holds"]},
    )
    sentences = [claim["claim"] for claim in judged]
    assert ("no slow request was cut or refused" in sentences) == held
    assert "no request failed" in sentences
