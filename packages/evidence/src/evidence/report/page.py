"""The HTML of a report: one file that needs no network.

Plotly's script weighs 4.8 MB; deflated and in base64 it is 2.0 MB, and every browser since 2023 can
unpack it. So the file stays small and the charts stay alive.
"""

from __future__ import annotations

import base64
import functools
import json
import time
import zlib
from collections.abc import Mapping
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from evidence.judge.statistics import percent
from evidence.report import charts
from evidence.report.comparison import Row, compare, regressions
from evidence.report.run_record import RunRecord


def render(run: RunRecord, against: RunRecord | None = None) -> str:
    """The report of a run; with `against`, also what changed since that older run."""
    rows = compare(against, run) if against is not None else []
    figures = {"run": charts.run_figure(run)} | {
        scenario.anchor: charts.scenario_figure(scenario.evidence) for scenario in run.scenarios
    }
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"percent": percent, "clock": _clock, "number": _number}
    template = environment.from_string(_asset("report.html.j2"))
    return template.render(
        run=run,
        against=against,
        rows=_grouped(rows),
        regressions=regressions(rows),
        environment=_environment(run),
        figures=_json(figures),
        # Both are ours, and belong into the page as they are.
        style=Markup(_asset("report.css")),  # noqa: S704
        script=Markup(_asset("report.js")),  # noqa: S704
        plotly=_plotly(),
    )


@functools.cache
def _plotly() -> str:
    return base64.b64encode(zlib.compress(get_plotlyjs().encode(), 9)).decode()


def _asset(name: str) -> str:
    return resources.files("evidence.report").joinpath(name).read_text()


def _json(value: Any) -> Markup:
    """JSON inside a script element: "<" would end it early, whatever a title says."""
    return Markup(json.dumps(value, separators=(",", ":")).replace("<", "\\u003c"))  # noqa: S704


def _environment(run: RunRecord) -> Mapping[str, str]:
    settings = {name: str(value) for name, value in sorted(run.settings.items())}
    check = next((scenario.evidence.health_check for scenario in run.scenarios), None)
    if check is not None:
        settings["health check"] = (
            f"every {check.interval_seconds} s, {check.timeout_seconds} s allowed, "
            f"{check.healthy_threshold} to be healthy, {check.unhealthy_threshold} to be unhealthy"
        )
    return settings


def _grouped(rows: list[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.scenario, []).append(row)
    return groups


def _clock(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(at))


def _number(value: float | None, digits: int = 1) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"
