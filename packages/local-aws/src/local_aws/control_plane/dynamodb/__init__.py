"""DynamoDB as AWS has it, where moto differs.

tables.py         an id and a class for each; items are read while something else changes
local_indexes.py  which local indexes a table can have
numbers.py        numbers in their shortest form; malformed ones are refused
attribute_values.py   each value has exactly one data type
key_types.py      keys have the types that their table defines
expressions.py    malformed expressions, and undefined names in them, are refused
expression_requests.py   the expressions of a request and what it defines for them
expression_checks.py     what is said of an expression before an item is looked at
expression_parser.py     what an expression says, as a tree
comparisons.py    what size and begins_with make of an item's attributes
pages.py          the key of a page that ends with the last item
streams.py        a record for each change of an item
answers.py        members of answers, words of errors
updates.py        exact numbers, and lists that grow in the order of indexes
writes.py         writes that are executed once, or not at all
encryption.py     which key encrypts a table
partiql_statements.py   statements that moto's parser cannot read are refused
"""

from __future__ import annotations

from local_aws.control_plane.dynamodb import (
    answers,
    attribute_values,
    comparisons,
    encryption,
    expressions,
    key_types,
    numbers,
    pages,
    partiql_statements,
    streams,
    tables,
    updates,
    writes,
)


def install() -> None:
    """Install the corrections of DynamoDB into moto."""
    for corrections in (
        tables,
        numbers,
        key_types,
        expressions,
        comparisons,
        attribute_values,
        pages,
        streams,
        answers,
        encryption,
        partiql_statements,
        writes,
        updates,
    ):
        corrections.install()
