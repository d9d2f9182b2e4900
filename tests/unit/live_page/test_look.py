"""The live page and a run's report look alike: what both name has one colour."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "src/live_page/static/page.css"
REPORT = ROOT / "packages/evidence/src/evidence/report/report.css"


def _colours(sheet: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Of a light and of a dark screen, by name."""
    light, _, dark = sheet.read_text().partition("prefers-color-scheme: dark")
    named = re.compile(r"(--[a-z-]+): ([^;]+);")
    return dict(named.findall(light)), dict(named.findall(dark))


def test_what_the_page_and_the_report_both_name_has_one_colour() -> None:
    for page, report in zip(_colours(PAGE), _colours(REPORT), strict=True):
        shared = page.keys() & report.keys()
        assert {"--good", "--bad", "--doubt", "--real", "--error"} <= shared
        assert {name: page[name] for name in shared} == {name: report[name] for name in shared}
