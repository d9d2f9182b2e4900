from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_aws.compute import systemd_unit, time_span
from local_aws.compute.systemd_unit import Unit, UnitError


def parse(*lines: str) -> Unit:
    text = "\n".join(["[Service]", *lines])
    return systemd_unit.parse("web.service", text)


def test_a_whole_unit() -> None:
    unit = systemd_unit.parse(
        "web.service",
        """
# a comment
[Unit]
Description=The web server
After=network-online.target database.service
StartLimitIntervalSec=1min 30s
StartLimitBurst=3

[Service]
Type=exec
ExecStart=/opt/web/bin/python /opt/web/web.pyz \\
    --title "two words" 100%%
Environment=A=1 "B=two words"
Environment=C=
EnvironmentFile=-/etc/web.env
WorkingDirectory=/opt/web
StateDirectory=web web/cache
Restart=on-failure
RestartSec=250ms
NoNewPrivileges=yes
; another comment
[Install]
WantedBy=multi-user.target
""",
    )
    assert unit == Unit(
        name="web.service",
        command=("/opt/web/bin/python", "/opt/web/web.pyz", "--title", "two words", "100%"),
        type="exec",
        environment={"A": "1", "B": "two words", "C": ""},
        environment_files=("-/etc/web.env",),
        working_directory="/opt/web",
        state_directories=("web", "web/cache"),
        restart="on-failure",
        restart_seconds=0.25,
        start_limit_burst=3,
        start_limit_seconds=90,
        after=("network-online.target", "database.service"),
    )


def test_defaults() -> None:
    unit = parse("ExecStart=/bin/web")
    assert (unit.type, unit.restart, unit.restart_seconds) == ("simple", "no", 0.1)
    assert (unit.start_limit_burst, unit.start_limit_seconds) == (5, 10)


def test_an_empty_value_resets_a_list() -> None:
    assert parse("ExecStart=/bin/a", "ExecStart=", "ExecStart=/bin/b").command == ("/bin/b",)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "needs exactly one ExecStart=, has 0"),
        (["ExecStart=/bin/a", "ExecStart=/bin/b"], "has 2"),
        (["ExecStart=web"], "ExecStart=web is not an absolute path"),
        (["ExecStart=-/bin/a"], "is not an absolute path"),
        (["ExecStart=/bin/a %n"], "uses %n: specifiers are not supported"),
        (['ExecStart=/bin/a "b'], "No closing quotation"),
        (["ExecStart=/bin/a", "Type=notify"], "Type=notify is none of simple, exec, oneshot"),
        (["ExecStart=/bin/a", "Restart=maybe"], "Restart=maybe is none of"),
        (["ExecStart=/bin/a", "Type=oneshot", "Restart=always"], "not allowed with Type=oneshot"),
        (["ExecStart=/bin/a", "ExecStartPre=/bin/b"], "ExecStartPre= is not supported"),
        (["ExecStart=/bin/a", "Environment=A"], "Environment=A is not NAME=VALUE"),
        (["ExecStart=/bin/a", "StateDirectory=../a"], "is not a path below /var/lib"),
        (["ExecStart=/bin/a", "RestartSec=soon"], "RestartSec=soon is not a time span"),
        (["ExecStart=/bin/a", "StartLimitBurst=x"], "StartLimitBurst=x is not a number"),
        (["nonsense"], "neither a section nor a directive"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(lines: list[str], message: str) -> None:
    with pytest.raises(UnitError, match=message) as refused:
        parse(*lines)
    assert str(refused.value).startswith("web.service: ")


@pytest.mark.parametrize(
    ("restart", "after"),
    [
        ("no", set()),
        ("always", {0, 1, -9, -15}),
        ("on-success", {0, -15}),
        ("on-failure", {1, -9}),
        ("on-abnormal", {-9}),
    ],
)
def test_restart(restart: str, after: set[int]) -> None:
    """The table of systemd.service(5); SIGTERM is a clean end, SIGKILL is not."""
    unit = parse("ExecStart=/bin/a", f"Restart={restart}")
    assert {status for status in (0, 1, -9, -15) if unit.restarts_after(status)} == after


def test_start_order() -> None:
    def unit(name: str, *after: str) -> Unit:
        return Unit(name, ("/bin/a",), after=after)

    units = [unit("signal", "web", "not-here"), unit("other"), unit("web", "db"), unit("db")]
    ordered = systemd_unit.in_start_order(units)
    assert [unit.name for unit in ordered] == ["other", "db", "web", "signal"]
    with pytest.raises(UnitError, match="wait for each other: a, b"):
        systemd_unit.in_start_order([unit("a", "b"), unit("b", "a")])


def test_environment_file() -> None:
    text = "# comment\nA=1\n\nB=\"two words\"\n ; more\nC='x'\nD=\n"
    variables = systemd_unit.parse_environment_file("web.service", text)
    assert variables == {"A": "1", "B": "two words", "C": "x", "D": ""}
    with pytest.raises(UnitError, match="line without '='"):
        systemd_unit.parse_environment_file("web.service", "export A")


@pytest.mark.parametrize(
    ("span", "seconds"),
    [
        ("5", 5),
        ("1min 30s", 90),
        ("1h30m", 5400),
        ("250us", 0.00025),
        ("1.5 sec", 1.5),
        ("2weeks", 1_209_600),
        ("infinity", math.inf),
        ("0", 0),
    ],
)
def test_time_spans(span: str, seconds: float) -> None:
    assert time_span.seconds(span) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "span",
    [
        "",
        "1e30s",
        "99999999999999999999999",
        "9" * 400,
        "\u00b2",
        "\u0665",
        "-1",
        "5 x",
        "x5",
        "nan",
    ],
)
@pytest.mark.parametrize("key", ["RestartSec", "StartLimitIntervalSec", "TimeoutStopSec"])
def test_what_is_no_time_span(key: str, span: str) -> None:
    text = f"[Service]\nExecStart=/x\n{key}=1\n{key}={span}"
    if not span:
        with pytest.raises(ValueError, match=r"^$"):
            time_span.seconds(span)
        return
    with pytest.raises(UnitError, match=f"x.service: {key}=.* is not a time span"):
        systemd_unit.parse("x.service", text)


@pytest.mark.parametrize("count", ["9" * 20, "4294967296", "\u00b2", "\u0665", "-1", "1.5"])
def test_what_is_no_count(count: str) -> None:
    with pytest.raises(UnitError, match=r"x.service: StartLimitBurst=.* is not a number up to"):
        systemd_unit.parse("x.service", f"[Service]\nExecStart=/x\nStartLimitBurst={count}")


def test_counts_up_to_systemds() -> None:
    unit = systemd_unit.parse("x.service", "[Service]\nExecStart=/x\nStartLimitBurst=4294967295")
    assert unit.start_limit_burst == 4294967295


@pytest.mark.parametrize(
    "line",
    ["Environment==x", "Environment=A=b\0c", "ExecStart=/usr/bin/python3 a\0b", "ExecStart=''"],
)
def test_what_no_program_can_be_started_with(line: str) -> None:
    with pytest.raises(UnitError):
        systemd_unit.parse("x.service", f"[Service]\nExecStart=\n{line}\nExecStart=/x")


_DIRECTIVES = (
    *("ExecStart", "Restart", "RestartSec", "StartLimitBurst", "Environment", "Type"),
    *("StateDirectory", "StartLimitIntervalSec", "TimeoutStopSec", "After"),
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "ExecStart",
                    "Restart",
                    "RestartSec",
                    "StartLimitBurst",
                    "Environment",
                    "Type",
                    "StateDirectory",
                    "StartLimitIntervalSec",
                    "TimeoutStopSec",
                    "After",
                ]
            ),
            st.text(max_size=30),
        ),
        max_size=5,
    )
)
def test_whatever_a_unit_says_it_is_taken_or_refused(lines: list[tuple[str, str]]) -> None:
    text = "[Service]\nExecStart=/x\n" + "\n".join(f"{key}={value}" for key, value in lines)
    with contextlib.suppress(UnitError):
        assert systemd_unit.parse("x.service", text).restart_seconds >= 0
