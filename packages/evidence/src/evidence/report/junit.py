"""junit.xml, which CI systems read: a test suite for each scenario, a test case for each claim."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from evidence.judge.verdict import wanted_outcome
from evidence.report.printable import printable


def junit_xml(results: Sequence[Mapping[str, Any]]) -> str:
    """The results of verdicts.json as JUnit XML.

    A claim that was refuted is a failure. One that is unjudged is an error, as a test is that
    could not run: it fails the build, and says nothing about the service. In a negative control it
    is the other way round: a claim that must fail and held is the failure.
    """
    root = ElementTree.Element("testsuites", name="resilience")
    for result in results:
        root.append(_suite(result))
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(result: Mapping[str, Any]) -> ElementTree.Element:
    control = bool(result["negative_control"])
    name = printable(result["scenario"]) + (" (negative control)" if control else "")
    cases = [_case(name, claim, control) for claim in result["claims"]]
    seconds = float(result["figures"]["seconds"])
    suite = ElementTree.Element(
        "testsuite",
        name=name,
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors=str(sum(case.find("error") is not None for case in cases)),
        skipped=str(sum(case.find("skipped") is not None for case in cases)),
        time=f"{seconds:.3f}",
        timestamp=time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(result["started_at"])),
    )
    suite.extend(cases)
    return suite


def _case(suite: str, claim: Mapping[str, Any], control: bool) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=suite, name=printable(claim["claim"]))
    outcome, wanted = claim["outcome"], wanted_outcome(claim, control)
    if outcome == "unjudged":
        problem = "error"
    elif wanted is None:
        problem = "skipped"
    elif outcome != wanted:
        problem = "failure"
    else:
        seen = ElementTree.SubElement(case, "system-out")
        seen.text = printable(f"seen: {claim['seen']}")
        return case
    message = printable(f"expected: {claim['expected']}; seen: {claim['seen']}")
    element = ElementTree.SubElement(case, problem, message=message)
    if problem == "failure" and wanted == "refuted":
        element.text = "this claim must fail in the negative control, and it held"
    return case
