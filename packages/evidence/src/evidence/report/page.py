"""The HTML of a report: one file that needs no network and runs no script.

Its charts are drawn when it is written. So they are there wherever it is opened, on paper too.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib import resources

import jinja2
from markupsafe import Markup

from evidence.judge.statistics import percent
from evidence.report import charts
from evidence.report.behind import behind
from evidence.report.comparison import Row, compare, regressions
from evidence.report.repetitions import totals
from evidence.report.run_record import BADGES, RunRecord


def render(run: RunRecord, against: RunRecord | None = None) -> str:
    """The report of a run; with `against`, also what changed since that older run."""
    rows = compare(against, run) if against is not None else []
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_asset),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"percent": percent, "clock": _clock, "number": _number}
    return environment.get_template("report.html.j2").render(
        run=run,
        against=against,
        rows=_grouped(rows),
        regressions=regressions(rows),
        environment=_environment(run),
        behind=behind,
        run_chart=charts.run_chart(run),
        charts={each.anchor: charts.scenario_chart(each.evidence) for each in run.scenarios},
        spreads={each.anchor: charts.spread_chart(each.result) for each in run.scenarios},
        totals=totals,
        badges=BADGES,
        style=Markup(_asset("report.css")),  # noqa: S704 - ours, it belongs into the page as it is
    )


def _asset(name: str) -> str:
    return resources.files("evidence.report").joinpath(name).read_text()


def _environment(run: RunRecord) -> Mapping[str, str]:
    settings = {name: str(value) for name, value in sorted(run.settings.items())}
    checks = (scenario.evidence.health_check for scenario in run.scenarios)
    check = next((each for each in checks if each is not None), None)
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
