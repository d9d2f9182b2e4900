"""Series as Plotly figures: plain data that the page's script draws.

Colours are named here and given their values by the page, for light and for dark; a colour is
written as "@name".
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Any

from evidence.record.evidence import Evidence
from evidence.record.reply import KINDS
from evidence.report import series
from evidence.report.printable import printable
from evidence.report.run_record import RunRecord

Figure = dict[str, Any]
Trace = dict[str, Any]

_STATES = ("healthy", "initial", "unhealthy", "draining", "unused", "unavailable")
_INSTANCE_COLOURS = 6
_NOBODY = "no instance"

# The rows of a scenario's figure, from the top: their names and their shares of its height.
_ROWS = (
    ("replies/s by kind", 0.22),
    ("replies/s by instance", 0.22),
    ("target health", 0.18),
    ("in service", 0.14),
    ("latency, ms", 0.24),
)
_GAP = 0.055


def scenario_figure(evidence: Evidence) -> Figure:
    """One scenario: its replies, its targets, its capacity and its latency, above one time axis."""
    cut = series.buckets(evidence.started_at, evidence.stopped_at)
    traces = [
        *_kinds(evidence, cut),
        *_instances(evidence, cut),
        *_lanes(evidence),
        *_capacity(evidence),
        *_latency(evidence, cut),
    ]
    layout = _axes([name for name, _ in _ROWS], [share for _, share in _ROWS])
    layout["yaxis5"].update(type="log", dtick=1)
    layout["yaxis4"].update(dtick=1)
    instances = {target.instance for each in evidence.target_health() for target in each.targets}
    # The first lane on top, and half a lane of room above and below.
    layout["yaxis3"].update(
        type="category", range=[max(len(instances), 1) - 0.5, -0.5], showgrid=False
    )
    layout["xaxis"].update(
        title={"text": "seconds", "standoff": 4},
        range=[0, round(evidence.stopped_at - evidence.started_at, 2)],
    )
    steady = evidence.windows["all"].start - evidence.started_at
    layout["shapes"].append(_stretch(0, steady, "@veil", "above"))
    _draw_marks(layout, [(mark.at - evidence.started_at, mark.name) for mark in evidence.marks])
    return {"data": traces, "layout": layout, "height": 820}


def run_figure(run: RunRecord) -> Figure:
    """The whole run: replies by kind, with a band for each scenario and a line for each fault."""
    stopped_at = run.started_at + run.seconds
    cut = series.buckets(run.started_at, stopped_at)
    replies = [reply for scenario in run.scenarios for reply in scenario.evidence.replies]
    by_kind = series.rates(replies, "kind", cut)
    traces = [
        _bars(cut, by_kind[kind], kind, f"@{kind}", "y", kind) for kind in KINDS if kind in by_kind
    ]
    layout = _axes([""], [1.0])  # its row has no name: the scenarios' names stand there
    layout["yaxis"]["title"] = {"text": "replies/s", "standoff": 4}
    layout["xaxis"].update(
        title={"text": "seconds", "standoff": 4}, range=[0, round(run.seconds, 2)]
    )
    layout["margin"].update(t=118, r=56)
    layout["legend"]["y"] = -0.26
    for number, scenario in enumerate(run.scenarios):
        start = scenario.evidence.started_at - run.started_at
        end = scenario.evidence.stopped_at - run.started_at
        band = "@band" if number % 2 == 0 else "@plain"
        layout["shapes"].append(_stretch(start, end, band, "below"))
        steady = scenario.evidence.windows["all"].start - run.started_at
        layout["shapes"].append(_stretch(start, steady, "@veil", "above"))
        layout["annotations"].append(
            _annotation(scenario.title, (start + end) / 2, textangle=-45, xanchor="left", yshift=4)
        )
    faults = [
        (mark.at - run.started_at, "")
        for scenario in run.scenarios
        for mark in scenario.evidence.marks
        if mark.name == "fault"
    ]
    _draw_marks(layout, faults)
    return {"data": traces, "layout": layout, "height": 380}


def _kinds(evidence: Evidence, cut: series.Buckets) -> Iterator[Trace]:
    by_kind = series.rates(evidence.replies, "kind", cut)
    for kind in KINDS:
        if kind in by_kind:
            yield _bars(cut, by_kind[kind], kind, f"@{kind}", "y", "kind")


def _instances(evidence: Evidence, cut: series.Buckets) -> Iterator[Trace]:
    by_instance = series.rates(evidence.replies, "instance", cut)
    known = sorted(instance for instance in by_instance if instance)
    for number, instance in enumerate(known):
        colour = f"@instance{number % _INSTANCE_COLOURS}"
        yield _bars(cut, by_instance[instance], _short(instance), colour, "y2", "instance")
    if "" in by_instance:
        yield _bars(cut, by_instance[""], _NOBODY, "@nobody", "y2", "instance")


def _lanes(evidence: Evidence) -> Iterator[Trace]:
    """One thick line for each state, broken between its stretches."""
    lanes = series.lanes(evidence)
    for state in _STATES:
        stretches = [lane for lane in lanes if lane.state == state]
        if not stretches:
            continue
        x: list[float | None] = []
        y: list[str | None] = []
        text: list[str | None] = []
        for lane in stretches:
            reason = f": {_plain(lane.reason)}" if lane.reason else ""
            said = f"{_plain(lane.instance)}<br>{lane.state}{reason}"
            x += [lane.start, lane.end, None]
            y += [_short(lane.instance), _short(lane.instance), None]
            text += [said, said, None]
        yield {
            "type": "scatter",
            "mode": "lines",
            "name": state,
            "x": x,
            "y": y,
            "text": text,
            "hovertemplate": "%{text}<extra></extra>",
            "line": {"width": 13, "color": f"@{state}"},
            "xaxis": "x",
            "yaxis": "y3",
            "legendgroup": "health",
        }


def _short(instance: str) -> str:
    """The end of an id: enough to tell three instances apart, and it fits on a phone."""
    return _plain(f"…{instance[-5:]}")


def _plain(text: str) -> str:
    """Text from records as text: Plotly takes some of HTML in it for markup."""
    return html.escape(printable(text))


def _capacity(evidence: Evidence) -> Iterator[Trace]:
    start = evidence.started_at
    healthy = [
        (sample.at - start, float(sample.count("healthy"))) for sample in evidence.target_health()
    ]
    in_service = [(sample.at - start, float(sample.in_service)) for sample in evidence.group()]
    for name, points, colour, dash in (
        ("in service (Auto Scaling)", in_service, "@muted", "dot"),
        ("healthy targets", healthy, "@healthy", "solid"),
    ):
        if points:
            x, y = series.steps(points)
            yield {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": x,
                "y": y,
                "line": {"shape": "hv", "width": 2, "color": colour, "dash": dash},
                "xaxis": "x",
                "yaxis": "y4",
                "legendgroup": "capacity",
            }


def _latency(evidence: Evidence, cut: series.Buckets) -> Iterator[Trace]:
    found = series.latencies(evidence.replies, cut)
    for name, values, fill in (
        ("p50", found.p50, None),
        ("p95", found.p95, "@latencyband"),
        ("p99", found.p99, "@latencyband"),
    ):
        yield {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": cut.times,
            "y": values,
            "line": {"width": 2 if fill is None else 0.8, "color": "@latency"},
            **({} if fill is None else {"fill": "tonexty", "fillcolor": fill}),
            "hovertemplate": f"{name} %{{y}} ms<extra></extra>",
            "xaxis": "x",
            "yaxis": "y5",
            "legendgroup": "latency",
        }


def _bars(
    cut: series.Buckets, values: Sequence[float], name: str, colour: str, axis: str, group: str
) -> Trace:
    return {
        "type": "bar",
        "name": name,
        "x": cut.times,
        "y": list(values),
        "width": cut.width,
        "offset": 0,
        "marker": {"color": colour, "line": {"width": 0}},
        "hovertemplate": f"{name}: %{{y}}/s<extra></extra>",
        "xaxis": "x",
        "yaxis": axis,
        "legendgroup": group,
    }


def _axes(titles: Sequence[str], shares: Sequence[float]) -> dict[str, Any]:
    """Rows of one height each, from the top, above one time axis."""
    layout: dict[str, Any] = {
        "barmode": "stack",
        "bargap": 0,
        "hovermode": "x",
        "dragmode": False,
        "showlegend": True,
        "legend": {"orientation": "h", "y": -0.08, "yanchor": "top", "x": 0},
        "margin": {"l": 52, "r": 10, "t": 44, "b": 30},
        "paper_bgcolor": "@plain",
        "plot_bgcolor": "@plain",
        "font": {"color": "@text", "size": 11, "family": "system-ui, sans-serif"},
        "shapes": [],
        "annotations": [],
        "xaxis": {"gridcolor": "@grid", "zeroline": False, "fixedrange": True},
    }
    usable = 1 - _GAP * (len(shares) - 1)
    top = 1.0
    for number, (title, share) in enumerate(zip(titles, shares, strict=True), start=1):
        bottom = max(0.0, top - share * usable / sum(shares))
        layout[f"yaxis{number if number > 1 else ''}"] = {
            "domain": [round(bottom, 4), round(top, 4)],
            "gridcolor": "@grid",
            "zeroline": False,
            "fixedrange": True,
            "rangemode": "tozero",
            "automargin": True,
        }
        layout["annotations"].append(
            {
                "text": f"<b>{title}</b>",
                "xref": "paper",
                "yref": "paper",
                "x": 0,
                "y": round(top, 4),
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 12, "color": "@text"},
            }
        )
        top = bottom - _GAP
    # The time axis stands below the last row.
    layout["xaxis"]["anchor"] = f"y{len(shares)}" if len(shares) > 1 else "y"
    return layout


def _stretch(start: float, end: float, colour: str, layer: str) -> dict[str, Any]:
    """A rectangle over the whole height of the chart, in seconds of its time axis."""
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": round(start, 3),
        "x1": round(end, 3),
        "y0": 0,
        "y1": 1,
        "line": {"width": 0},
        "fillcolor": colour,
        "layer": layer,
    }


def _draw_marks(layout: dict[str, Any], marks: Sequence[tuple[float, str]]) -> None:
    for at, name in marks:
        layout["shapes"].append(
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": round(at, 3),
                "x1": round(at, 3),
                "y0": 0,
                "y1": 1,
                "line": {"width": 1.5, "dash": "dash", "color": "@mark"},
            }
        )
        if name:
            layout["annotations"].append(_annotation(name, at, yshift=13))


def _annotation(text: str, at: float, **given: Any) -> dict[str, Any]:
    return {
        "text": _plain(text),
        "xref": "x",
        "yref": "paper",
        "x": round(at, 3),
        "y": 1,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 11, "color": "@mark"},
        **given,
    }
