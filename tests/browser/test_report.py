"""report.html in a real browser: charts are drawn, nothing is complained of, nothing is fetched."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from evidence.claims import judge, parse_claims
from evidence.evidence import Evidence, Mark
from evidence.records import GroupInstance, GroupSample, Reply, TargetHealthSample, TargetState
from evidence.report.page import render
from evidence.report.run_record import RunRecord, ScenarioRecord
from evidence.report.verdicts import scenario_result

CLAIMS = [
    {
        "claim": "all three targets are healthy again",
        "measure": "healthy_targets",
        "during": "after",
        "is": 3,
    },
    {"claim": "no request failed", "measure": "count", "where": {"kind": "error"}, "is": 0},
]
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
            Mark("fault", started_at + 10, INSTANCES[1], "break it", "restore it"),
            Mark("settled", started_at + 21),
        ),
        replies=replies,
        samples=tuple(samples),
        settings={"backend": "local"},
    )
    verdicts = [judge(claim, evidence) for claim in parse_claims(CLAIMS)]
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
    """Load the page at a width, in light or dark."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    in_media(browser, "screen", scheme)
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(page)


def in_media(browser: Any, media: str, scheme: str) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [feature]})


def colours(browser: Any) -> dict[str, str]:
    """What the page, its text and the replies in its charts are painted in."""
    return {
        selector: browser.execute_script(
            f"return getComputedStyle(document.querySelector(arguments[0])).{painted}", selector
        )
        for selector, painted in (
            ("body", "color"),
            ("section", "backgroundColor"),
            (".row .real", "fill"),
        )
    }


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (390, "dark")])
def test_the_report_is_drawn_without_complaint_and_without_network(
    browser: Any, page: str, width: int, scheme: str
) -> None:
    shown(browser, page, width, scheme)
    for chart in browser.find_elements("css selector", ".chart"):
        name = chart.get_attribute("id")
        [bars] = chart.find_elements("css selector", ".row:nth-of-type(1) path.real")
        assert bars.size["width"] > width * 0.6, f"{name} does not use the width"
        assert bars.size["height"] > 50, f"{name} has no bars"
    lanes = browser.find_elements("css selector", "#chart-healthy path.healthy:not(.line)")
    assert len(lanes) == 4  # two stay healthy; the third is so twice
    assert len(browser.find_elements("css selector", "#chart-healthy path.unhealthy")) == 1
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert [entry["message"] for entry in browser.get_log("browser")] == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert [url for url in asked if url != page] == []


def test_the_page_follows_a_change_between_light_and_dark(browser: Any, page: str) -> None:
    shown(browser, page, 1200, "light")
    light = colours(browser)
    in_media(browser, "screen", "dark")
    dark = colours(browser)
    assert all(light[part] != dark[part] for part in light)


def test_paper_is_light_whatever_the_screen_is(browser: Any, page: str) -> None:
    shown(browser, page, 1200, "light")
    light = colours(browser)
    in_media(browser, "screen", "dark")
    assert colours(browser) != light
    in_media(browser, "print", "dark")
    assert colours(browser) == light


def test_all_of_it_is_printed(browser: Any, page: str) -> None:
    """Every chart without scrolling to it, what is folded on the screen, and no table cut off."""
    in_media(browser, "print", "light")
    shown(browser, page, 720, "light")
    in_media(browser, "print", "light")
    problems = browser.execute_script(
        """
        return [...document.querySelectorAll(".chart, .row svg, table, tr, details li")].flatMap(
            (element) => [
                element.checkVisibility() ? [] : `not printed: ${element.outerHTML}`,
                element.getBoundingClientRect().right <= 720 ? [] : `cut: ${element.outerHTML}`,
            ].flat());
        """
    )
    assert problems == []
    pages = browser.execute_cdp_cmd("Page.printToPDF", {"transferMode": "ReturnAsBase64"})["data"]
    pdf = base64.b64decode(pages)
    sheets = len(re.findall(rb"/Type ?/Page\b", pdf))
    assert 4 <= sheets <= 10  # the run, and at most three for each scenario


def test_a_claim_opens_on_its_requests_and_lights_up_their_time(browser: Any, page: str) -> None:
    shown(browser, page, 1200, "light")
    held, refuted = browser.find_elements("css selector", "#healthy .records")
    [after] = browser.find_elements("css selector", "#chart-healthy .behind .after")
    assert refuted.get_attribute(
        "open"
    )  # what speaks against a claim shows without being asked for
    assert len(refuted.find_elements("css selector", "tbody tr")) == 10
    assert held.get_attribute("open") is None
    unlit = after.value_of_css_property("fill")
    held.find_element("css selector", "summary").send_keys(Keys.ENTER)
    assert held.get_attribute("open")
    assert "samples.jsonl" in held.find_element("css selector", "code").text
    assert after.value_of_css_property("fill") != unlit
