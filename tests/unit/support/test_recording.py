"""The README's picture of a terminal: what stays on it, and nothing that must be fetched."""

from recording import ROOT, left_on_screen, of_anybodys, picture

DRAWN = "first\r\n" + "one\ntwo\x1b[1m!\x1b[0m" + "\r\x1b[2K\x1b[1A\r\x1b[2K" + "last\r\n"


def test_what_was_drawn_again_and_again_is_gone() -> None:
    assert left_on_screen(DRAWN) == ["first", "last", ""]


def test_the_picture_begins_after_the_preflight_and_could_be_anybodys() -> None:
    lines = ["", "Preflight", "  ids", "", "one", f"at {ROOT}/runs/1", "", "recap", ""]
    assert of_anybodys(lines) == ["one", "at runs/1", "", "recap"]


def test_the_picture_has_the_text_and_needs_no_network() -> None:
    drawn = picture(["plain", "\x1b[32mgreen\x1b[0m"], "a command")
    for text in ("plain", "green", "a&#160;command"):
        assert text in drawn
    assert "url(http" not in drawn
    assert "cdnjs" not in drawn
