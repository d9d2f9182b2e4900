"""DynamoDB as AWS has it, where moto differs.

tables.py         an id and a class for each; items are read while something else changes
local_indexes.py  which local indexes a table can have
numbers.py        numbers as they are told, and those that are none
pages.py          the key of a page that ends with the last item
"""

from __future__ import annotations

from local_aws.control_plane.dynamodb import numbers, pages, tables


def install() -> None:
    """Install the corrections of DynamoDB into moto."""
    for corrections in (tables, numbers, pages):
        corrections.install()
