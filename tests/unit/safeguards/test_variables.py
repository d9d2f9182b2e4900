"""All variables of all roles have a rule, and what is wrong is said in one line each."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from safeguards import values, variables

ROOT = Path(__file__).resolve().parents[3]
OPTIONS = variables.role_options(ROOT / "roles")
RULES = variables.rules_of(OPTIONS, "local")


def test_the_options_of_every_role_are_known() -> None:
    defaults = [
        name
        for path in (ROOT / "roles").glob("*/defaults/main.yml")
        for name in yaml.safe_load(path.read_text())
    ]
    assert set(defaults) <= set(RULES)


def test_every_inventory_variable_is_known() -> None:
    for path in (ROOT / "inventory").glob("*/group_vars/*.yml"):
        names = yaml.safe_load(path.read_text())
        assert variables.unknown_names(names, RULES) == []


def test_the_index_of_the_docs_names_what_is_given_on_a_command_line() -> None:
    page = (ROOT / "docs" / "README.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([a-z_]+)=", row)}
    assert named == set(variables._OF_COMMAND_LINES)


def test_one_variable_names_the_region_that_a_stack_is_in() -> None:
    of_the_stack = {name for name in RULES if name.startswith("service_stack_")}
    assert [name for name in of_the_stack if "region" in name] == []
    assert len(variables.unknown_names(["service_stack_region"], RULES)) == 1


def test_everything_wrong_is_said_at_once_by_name_and_value() -> None:
    wrong = {
        "service_stack_ssh_cidr": "anywhere",
        "service_stack_rolling_update": "quick",
        "observation_rate": -5,
        "service_stack_release": "1.0.0",
    }
    assert variables.wrong_values(wrong, RULES) == [
        "observation_rate is -5; a number from 0.1 to 5000 requests a second is expected",
        "service_stack_rolling_update is 'quick'; one of gated, all-at-once is expected",
        f"service_stack_ssh_cidr is 'anywhere'; {values.cidr('anywhere')}",
    ]


@pytest.mark.parametrize(("backend", "right"), [("local", True), ("aws", False)])
def test_only_the_local_aws_checks_health_each_second(backend: str, right: bool) -> None:
    given = {"service_stack_health_check_interval_seconds": 1}
    wrong = variables.wrong_values(given, variables.rules_of(OPTIONS, backend))
    assert (wrong == []) is right


@pytest.mark.parametrize(
    "value",
    ["", "a\nb", "'; touch x; '", "$(touch x)", "`touch x`", "\x00", "\u202e", "x" * 10_000, "ß"],
)
@pytest.mark.parametrize(
    "name", ["service_stack_name", "service_stack_instance_type", "observation_rate", "aws_region"]
)
def test_whatever_is_given_makes_one_line(name: str, value: str) -> None:
    (line,) = variables.wrong_values({name: value}, RULES)
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert len(line) < 300


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("service_stack_adpot", "did you mean service_stack_adopt?"),
        ("negativ_control", "did you mean negative_control?"),
        ("service_stack_realease", "did you mean service_stack_release?"),
        ("zzz", "the names are: "),
    ],
)
def test_an_unknown_name_comes_with_the_closest(name: str, expected: str) -> None:
    (line,) = variables.unknown_names([name, "plan", "ansible_verbosity"], RULES)
    assert line.startswith(f"'{name}' is no variable here; {expected}")


def test_an_inventory_may_have_variables_of_its_own_but_no_misspelt_ones() -> None:
    assert variables.misspelt_names(["team", "office_range"], RULES) == []
    assert len(variables.misspelt_names(["service_stack_ssh_cdir"], RULES)) == 1


@pytest.mark.parametrize("value", ["{{ x }}", "{% x %}", "{# #}", ["a", {"b": "{{ x }}"}]])
def test_a_template_is_found_wherever_it_is(value: Any) -> None:
    assert variables.templates_in(value)


@pytest.mark.parametrize("value", ["{x}", "", 1, None, ["a"], {"a": "b"}])
def test_a_value_is_no_template(value: Any) -> None:
    assert not variables.templates_in(value)


@pytest.mark.parametrize("name", ["run", "against", "report_run", "report_against"])
def test_a_run_is_a_folder_among_the_runs(name: str, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    (runs / "2027-01-31T18-00-00Z").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (runs / "out").symlink_to(tmp_path / "elsewhere")
    rules = variables.rules_of(OPTIONS, "local", runs)

    for right in ("", "2027-01-31T18-00-00Z"):
        assert variables.wrong_values({name: right}, rules) == []
    for wrong in ("../../etc", "..", ".", "out", "nonexistent", "/etc", "a\0b", "x" * 10_000, 3):
        (line,) = variables.wrong_values({name: wrong}, rules)
        assert line.startswith(f"{name} is ")
        assert isinstance(wrong, int) or line.endswith("expected: 2027-01-31T18-00-00Z")
