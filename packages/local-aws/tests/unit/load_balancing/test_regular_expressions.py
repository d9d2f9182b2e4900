"""Regular expressions of rules as Envoy's."""

from __future__ import annotations

import pytest

from local_aws.load_balancing.regular_expressions import before_port, substitution


@pytest.mark.parametrize(
    ("expression", "replacement", "expected"),
    [
        ("(a)(b)", "$2$1", r"\2\1"),
        ("(a)", "$1$2x", r"\1x"),
        (r"\((a)[(]", "$1$2", r"\1"),
        ("(?:a)(?i)(b)", "$1$2", r"\1"),
        ("(?P<x>a)(?<y>b)", "$1$2$3", r"\1\2"),
        ("[](](a)", "$1$2", r"\1"),
        ("a", "$0-$", r"\0-$"),
        ("a", r"\1", r"\\1"),
    ],
)
def test_substitutions(expression: str, replacement: str, expected: str) -> None:
    assert substitution(expression, replacement) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("^a$", "^a(?::[0-9]+)?$"), (r"^a\$", r"^a\$"), ("[$]a", "[$]a"), ("a", "a")],
)
def test_a_host_ends_before_its_port(expression: str, expected: str) -> None:
    assert before_port(expression) == expected
