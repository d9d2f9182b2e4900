"""DynamoDB as AWS has it, where moto differs.

tables.py         an id and a class for each; items are read while something else changes
local_indexes.py  which local indexes a table can have
numbers.py        numbers in their shortest form; those that are none are refused
attribute_values.py   of exactly one data type each
key_types.py      keys are of the types of their table's
expressions.py    those that cannot be read, or name what is not defined, are refused
pages.py          the key of a page that ends with the last item
streams.py        a record for each change of an item
answers.py        members and words of answers and errors
writes.py         writes that are made once, or not at all
encryption.py     the key of AWS's that encrypts tables
partiql_statements.py   those that moto's parser does not read are refused
"""

from __future__ import annotations

from local_aws.control_plane.dynamodb import (
    answers,
    attribute_values,
    encryption,
    expressions,
    key_types,
    numbers,
    pages,
    partiql_statements,
    streams,
    tables,
    writes,
)


def install() -> None:
    """Install the corrections of DynamoDB into moto."""
    for corrections in (
        tables,
        numbers,
        key_types,
        expressions,
        attribute_values,
        pages,
        streams,
        answers,
        encryption,
        partiql_statements,
        writes,
    ):
        corrections.install()
