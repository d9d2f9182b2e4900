"""The live page in a real browser: what holds is shown, soon, as text, to everybody who looks."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from selenium.webdriver.common.keys import Keys
from watched_service import INSTANCES, MISMATCH, STACK_NAME, LiveService, RecordedRun

from evidence.observe.reply_shape import ReplyShape
from live_page import sampler, server
from live_page.configuration import PageConfig
from local_aws.host.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
FIRST, SECOND, _ = INSTANCES
SHOWN_WITHIN_SECONDS = 2.0
HOSTILE = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
UNTIL_STOPPED = "import sys, time; print(sys.argv[1:], flush=True); time.sleep(600)"


@dataclass
class Served:
    """A page of a service that a test changes; `stop` and `start` are a restart of its server."""

    config: PageConfig
    service: LiveService
    page: server.Page = field(init=False)

    def start(self) -> None:
        self.page = server.Page(self.config)
        self._server = server.server_of(self.page, self.config)
        self._server.prepare()
        self._thread = threading.Thread(target=self._server.serve)
        self._thread.start()
        self.page.sampler.start(lambda: None)

    def stop(self) -> None:
        self.page.sampler.stop()
        self.page.viewers.close()
        self._server.stop()
        self._thread.join()


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    service = LiveService()
    monkeypatch.setattr(sampler, "Api", service.api)
    monkeypatch.setattr(sampler.samplers, "samplers", service.samplers)
    config = PageConfig(
        stack_name=STACK_NAME,
        region="us-east-1",
        backend="local",
        endpoint="",
        checkout=str(ROOT),
        runs_directory=str(tmp_path),
        port=free_port(),
        token="token",
        command=(sys.executable, "-c", UNTIL_STOPPED),
        read_only="",
        reply_shape=ReplyShape(),
    )
    served = Served(config, service)
    served.start()
    yield served
    served.stop()
    for process in served.page.commands._running.values():
        process.kill()
        process.wait()


def until(holds: Callable[[], Any], seconds: float = 20) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)
    return found


def opened(browser: Any, live: Served, width: int = 1200, scheme: str = "light") -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get(live.config.address)
    until(
        lambda: (
            len(browser.find_elements("css selector", ".instance.healthy, .instance.unhealthy"))
            == 3
        )
    )


def text(browser: Any, selector: str) -> str:
    return str(
        browser.execute_script(
            "return document.querySelector(arguments[0])?.innerText ?? ''", selector
        )
    )


def card(browser: Any, instance: str) -> str:
    return text(browser, f"[data-instance={instance}]")


def played(live: Served) -> RecordedRun:
    """A scenario in the middle of its effect: static replies, every target unhealthy."""
    run = RecordedRun(Path(live.config.runs_directory), "fail-open")
    run.samples(live.service)
    run.mark("steady")
    run.replies(8)
    run.mark("fault", mutation=f"set the table to {HOSTILE}", inverse="set it back")
    live.service.states = dict.fromkeys(INSTANCES, MISMATCH)
    run.samples(live.service)
    run.mark("settled")
    run.replies(1.5, "static")
    return run


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (320, "dark")])
def test_a_scenario_is_shown_accessibly_and_without_complaint(
    browser: Any, live: Served, width: int, scheme: str
) -> None:
    run = played(live)
    opened(browser, live, width, scheme)
    until(lambda: "Fail-open: no target is healthy" in text(browser, "#balancer"))
    assert "Target.ResponseCodeMismatch" in card(browser, FIRST)
    assert "us-east-1a" in text(browser, ".zone")
    assert "most replies" not in text(browser, "#lines")
    assert "unhealthy: Target.ResponseCodeMismatch" in text(browser, "#lines")
    until(lambda: run.goes_on(live.service, "static") or "held so far" in text(browser, ".claims"))
    until(lambda: "demo-table" in text(browser, "#settings"))
    until(lambda: "CREATE_COMPLETE" in text(browser, "#stack"))
    until(lambda: browser.find_elements("css selector", "#chart path.real, #chart path.static"))
    assert "fault" in text(browser, "#chart .above")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert [entry["message"] for entry in browser.get_log("browser")] == []

    # Through the protocol, as an extension would: the page's policy lets no other script in.
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE})
    found = browser.execute_async_script(
        "const done = arguments[0]; axe.run(document).then((found) => done(found.violations), done)"
    )
    serious = [
        (each["id"], each["nodes"][0]["html"])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_hostile_text_stays_text(browser: Any, live: Served) -> None:
    live.service.facts = replace(live.service.facts, settings={"SSMTableName": HOSTILE})
    played(live)
    opened(browser, live)
    until(lambda: HOSTILE in text(browser, "#scenario-body"))
    until(lambda: HOSTILE in text(browser, "#settings"))
    assert HOSTILE in text(browser, "#lines")
    assert browser.find_elements("css selector", "main img, main script") == []
    assert browser.title.startswith("demo: ")


def test_an_unhealthy_target_is_shown_within_two_seconds(browser: Any, live: Served) -> None:
    """Of AWS's saying so, where nobody records it, and of an observer's."""
    opened(browser, live)
    live.service.states[FIRST] = MISMATCH
    until(lambda: "unhealthy" in card(browser, FIRST), SHOWN_WITHIN_SECONDS)

    run = RecordedRun(Path(live.config.runs_directory), "healthy")
    run.samples(live.service)
    until(lambda: text(browser, "#scenario-body").startswith("healthy"))
    live.service.states[SECOND] = MISMATCH
    run.samples(live.service)
    until(lambda: "unhealthy" in card(browser, SECOND), SHOWN_WITHIN_SECONDS)


def test_it_reconnects_when_the_server_comes_again(browser: Any, live: Served) -> None:
    opened(browser, live)
    until(lambda: text(browser, "#connection") == "live")
    live.stop()
    until(lambda: text(browser, "#connection") == "reconnecting")
    live.service.states[FIRST] = MISMATCH
    live.start()
    until(lambda: text(browser, "#connection") == "live")
    until(lambda: "unhealthy" in card(browser, FIRST))


def test_buttons_play_one_scenario_at_a_time_by_the_keyboard_too(
    browser: Any, live: Served
) -> None:
    opened(browser, live)
    assert browser.current_url.endswith("/")  # the token is not left in the address
    button = browser.find_element("css selector", "[data-button=fail-open]")
    until(button.is_enabled)
    assert not browser.find_element("css selector", "[data-button=stop]").is_enabled()
    button.send_keys(Keys.ENTER)
    until(lambda: "['scenario.yml', '--tags', 'fail-open']" in text(browser, "#output"))
    assert "scenario.yml --tags fail-open is at work" in text(browser, "#controls-lead")
    assert not button.is_enabled()
    assert browser.find_element("css selector", "[data-button=stop]").is_enabled()
    browser.find_element("css selector", "[data-button=request]").click()
    until(lambda: "error" in text(browser, "#reply"))  # nobody serves there


def test_without_the_token_it_can_be_looked_at(browser: Any, live: Served) -> None:
    opened(browser, live)
    browser.execute_script("sessionStorage.clear()")
    browser.get(live.config.origin)
    until(lambda: "Open the address that watch.yml has printed" in text(browser, "#controls-lead"))
    until(lambda: "healthy" in card(browser, FIRST))
    buttons = browser.find_elements("css selector", "button")
    assert len(buttons) == 11
    assert not any(each.is_enabled() for each in buttons)
