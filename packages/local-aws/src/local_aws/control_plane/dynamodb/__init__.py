"""DynamoDB as AWS has it, where moto differs.

tables.py         an id and a class for each; items are read while something else changes
table_rules.py    which keys and indexes a table can have
tags.py           each key once; of no table an error
numbers.py        numbers in their shortest form; malformed ones are refused
attribute_values.py   each value has exactly one data type
request_items.py  the keys and items that a request names
request_flaws.py  what is wrong with a request itself, in its operation's words
key_types.py      keys have the types that their table defines
index_keys.py     keys of indexes have the types that their table defines
expressions.py    malformed expressions, and undefined names in them, are refused
expression_requests.py   the expressions of a request and what it defines for them
expression_checks.py     what is said of an expression before an item is looked at
expression_parser.py     what an expression says, as a tree
comparisons.py    what size and begins_with make of an item's attributes
projections.py    the parts of an item that document paths name
reads.py          which index is read, and what can be asked of it
pages.py          where a page ends, and its key
item_sizes.py     how many bytes an item has
item_limits.py    how many it has at most
capacity.py       the units that a read or a write consumes
consumed_capacity.py     those of a request
streams.py        a record for each change of an item
answers.py        members of answers, words of errors
updates.py        exact numbers, and lists that grow in the order of indexes
writes.py         writes that are executed once, or not at all
transactions.py   what cancels a transaction, and what it reads
encryption.py     which key encrypts a table
partiql_statements.py   what moto's parser cannot read is refused; INSERT makes new items
"""

from __future__ import annotations

from local_aws.control_plane.dynamodb import (
    answers,
    attribute_values,
    comparisons,
    consumed_capacity,
    encryption,
    expressions,
    index_keys,
    item_limits,
    key_types,
    numbers,
    pages,
    partiql_statements,
    projections,
    reads,
    request_flaws,
    streams,
    tables,
    tags,
    transactions,
    updates,
    writes,
)


def install() -> None:
    """Install the corrections of DynamoDB into moto."""
    for corrections in (
        tables,
        key_types,
        numbers,
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
        projections,
        tags,
        index_keys,
        item_limits,
        transactions,
        reads,
        request_flaws,
        consumed_capacity,
    ):
        corrections.install()
