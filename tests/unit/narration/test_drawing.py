"""Rows as text: columns, colours, narrow terminals, files, and text that is not meant well."""

import pytest
from rich.cells import cell_len

from narration.drawing import ansi, foot_of, lines_of
from narration.row import BLANK, Row

LONG = "every reply is 200: " + ", ".join(f"number {number}" for number in range(40))


def shown(row: Row, width: int | None = None) -> list[str]:
    return [line.plain for line in lines_of(row, width)]


def test_labels_texts_and_durations_are_in_columns() -> None:
    heading = Row("It holds", "static-response", "heading", number="3/8")
    phase = Row("set it", "fault", seconds=1.04)
    assert shown(heading) == ["3/8  static-response     It holds"]
    [line] = shown(phase)
    assert line.startswith("     fault               set it ")
    assert line.endswith(" 1.0 s")
    assert len(line) == 99
    assert shown(Row("a task")) == ["       a task"]
    assert shown(BLANK) == [""]


def test_a_file_has_each_row_in_one_line_and_a_terminal_as_many_as_it_needs() -> None:
    assert len(shown(Row(LONG, "held"))) == 1
    lines = shown(Row(LONG, "held", seconds=3), 80)
    assert all(cell_len(line) < 80 for line in lines)
    assert {len(line) - len(line.lstrip()) for line in lines[1:]} == {25}
    assert " ".join(" ".join(lines).replace(" 3.0 s", "").split()) == f"held {LONG}"


@pytest.mark.parametrize("width", [1, 40, 79, 80, 200])
def test_the_line_that_is_drawn_again_is_never_broken(width: int) -> None:
    foot = foot_of(Row(LONG, "effect", seconds=12, shares={"real": 1}), width)
    assert foot.cell_len < max(width, 40)
    assert foot.plain.endswith("12 s")


def test_a_word_that_fits_nowhere_is_left_whole() -> None:
    arn = "arn:aws:cloudformation:" + "x" * 100
    text = f"the stack {arn} is there, and " + "another word of the line " * 3
    lines = shown(Row(text), 80)
    assert lines[:2] == ["       the stack", f"       {arn}"]
    assert all(cell_len(line) < 80 for line in lines[2:])
    assert len(lines) == 4


def test_a_number_stays_with_its_unit() -> None:
    text = "x" * 60 + " {}, and so on"
    for seen in ("3.0 s", "57 ms"):
        lines = shown(Row(text.format(f"{'y' * 6} {seen}")), 80)
        assert lines[1].strip().startswith(f"{seen},"), "it would have fitted without its unit"
    assert shown(Row(text.format("yyyyyy 3 states")), 80)[0].endswith(" 3")


def test_wide_characters_count_twice() -> None:
    lines = shown(Row("日本語 " * 20, "名前"), 80)
    assert all(cell_len(line) < 80 for line in lines)
    assert cell_len(lines[0].partition("日")[0]) == 25


def test_what_a_terminal_would_act_on_is_written_out() -> None:
    assert shown(Row("a\x1b[2Jb\rc\x07", "x\x1b")) == [
        "     x\\x1b               a\\x1b[2Jb\\rc\\x07"
    ]
    assert shown(Row("one\ntwo", "held")) == [
        "     held                one",
        "                         two",
    ]
    assert shown(Row("[red]is no markup[/red]"))[0].endswith("[red]is no markup[/red]")


def test_colours_are_added_and_nothing_else() -> None:
    [line] = lines_of(Row("gone", "REFUTED", "bad", shares={"real": 3, "error": 1}), None)
    assert ansi(line, is_coloured=False) == line.plain
    coloured = ansi(line, is_coloured=True)
    assert "\x1b[1;31mREFUTED" in coloured
    assert "\x1b[32m█" in coloured
