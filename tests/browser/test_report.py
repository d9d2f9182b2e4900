"""report.html in a real browser: charts are drawn, nothing is complained of, nothing is fetched."""

import json
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.support.wait import WebDriverWait

from evidence.claims import Verdict
from evidence.evidence import Evidence, Mark
from evidence.records import GroupInstance, GroupSample, Reply, TargetHealthSample, TargetState
from evidence.report.page import render
from evidence.report.run_record import RunRecord, ScenarioRecord
from evidence.report.verdicts import scenario_result

INSTANCES = ("i-0aaaaaaaaaaaaaaaa", "i-0bbbbbbbbbbbbbbbb", "i-0cccccccccccccccc")


def scenario(name: str, started_at: float) -> ScenarioRecord:
    """Thirty seconds with a fault on one of three instances."""
    replies = tuple(
        Reply(
            scheduled_at=started_at + number / 10,
            late_ms=0.3,
            latency_ms=4.0 + number % 9,
            status=502 if 100 <= number < 110 else 200,
            kind="error" if 100 <= number < 110 else "static" if number % 5 == 0 else "real",
            error="502" if 100 <= number < 110 else None,
            instance=None if 100 <= number < 110 else INSTANCES[number % 3],
        )
        for number in range(300)
    )
    samples: list[Any] = []
    for second in range(30):
        bad = "unhealthy" if 12 <= second < 20 else "healthy"
        states = dict.fromkeys(INSTANCES, "healthy") | {INSTANCES[1]: bad}
        targets = tuple(TargetState(name, 80, None, state) for name, state in states.items())
        group = tuple(GroupInstance(name, "us-east-1a", "InService") for name in INSTANCES)
        samples += [
            TargetHealthSample(started_at + second, targets),
            GroupSample(started_at + second, group),
        ]
    evidence = Evidence(
        scenario=name,
        started_at=started_at,
        stopped_at=started_at + 30,
        marks=(
            Mark("fault", started_at + 10, INSTANCES[1], "break it", "mend it"),
            Mark("settled", started_at + 21),
        ),
        replies=replies,
        samples=tuple(samples),
        settings={"backend": "local"},
    )
    verdicts = [
        Verdict("all three targets are healthy again", "healthy_targets (after) is 3", "3", "held"),
        Verdict("no request failed", "count where kind=error (all) is 0", "10", "refuted"),
    ]
    result = scenario_result(
        evidence, verdicts, hypothesis="It mends", objective=0.95, negative_control=False
    )
    return ScenarioRecord(result, evidence)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    names = ("healthy", "fail-open", "a-scenario-with-a-rather-long-name")
    scenarios = tuple(scenario(name, 35.0 * number) for number, name in enumerate(names))
    path: Path = tmp_path_factory.mktemp("a run") / "report.html"
    path.write_text(render(RunRecord("2026-11-22T20-45-10Z", scenarios)))
    return path.as_uri()


def shown(browser: Any, page: str, width: int, scheme: str) -> None:
    """Load the page at a width, in light or dark, and wait until its charts are drawn."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(page)
    WebDriverWait(browser, 60).until(
        lambda driver: driver.execute_script("return document.documentElement.dataset.charts")
    )


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (390, "dark")])
def test_the_report_is_drawn_without_complaint_and_without_network(
    browser: Any, page: str, width: int, scheme: str
) -> None:
    shown(browser, page, width, scheme)
    for chart in browser.find_elements("css selector", ".chart"):
        name = chart.get_attribute("id")
        bars = chart.find_elements("css selector", ".bars .point path")
        assert bars, f"{name} has no bars"
        assert chart.size["width"] > width * 0.7, f"{name} does not use the width"
    lanes = browser.find_elements("css selector", "#chart-healthy .xy3 .lines path.js-line")
    assert len(lanes) == 5  # two stay healthy; the third is so twice, and unhealthy in between
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert [entry["message"] for entry in browser.get_log("browser")] == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert [url for url in asked if url != page and not url.startswith("data:")] == []


def test_the_charts_follow_a_change_between_light_and_dark(browser: Any, page: str) -> None:
    colour = "return getComputedStyle(document.querySelector('#chart-healthy .xtick text')).fill"
    shown(browser, page, 1200, "light")
    light = browser.execute_script(colour)
    feature = {"name": "prefers-color-scheme", "value": "dark"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    WebDriverWait(browser, 30).until(lambda driver: driver.execute_script(colour) != light)
