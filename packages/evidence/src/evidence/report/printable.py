"""Text from records as text: what a terminal or an XML reader would act on is written out."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""The text with every character that does not print as its escape, such as \x1b or \n."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )
