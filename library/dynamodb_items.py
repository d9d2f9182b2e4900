#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: dynamodb_items
short_description: Write items to a DynamoDB table, or delete them
description:
  - Reads the items by their keys, and writes or deletes only those that differ.
  - Items that are not named are left alone.
author:
  - The contributors of this project
options:
  table:
    description: The name of the table. Its key schema says what identifies an item.
    type: str
    required: true
  items:
    description:
      - The items, as plain values or in DynamoDB's typed form, as in C({"Title":{"S":"Dune"}}).
      - The typed form is recognised by the item's key, which is never a map in plain form.
      - Binary values are not supported.
      - With O(state=absent) the key attributes are enough.
    type: list
    elements: dict
    required: true
  state:
    description: Whether the table holds exactly these attributes under the items' keys, or nothing.
    type: str
    choices: [present, absent]
    default: present
  timeout_seconds:
    description: How long to send again what DynamoDB leaves unprocessed when it throttles.
    type: float
    default: 60
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Predicts the change and writes nothing.
    support: full
  diff_mode:
    description: Shows the items that change, before and after.
    support: full
  idempotent:
    description: A second run with the same options writes nothing.
    support: full
"""

EXAMPLES = r"""
- name: Write the recommendations, which are in DynamoDB's typed form
  dynamodb_items:
    table: doc-example-recommendation-service
    items: "{{ lookup('file', 'recommendations.json') | from_json }}"

- name: Write one item, as plain values
  dynamodb_items:
    table: doc-example-recommendation-service
    items:
      - MediaType: Book
        ItemId: 1
        Title: Dune
        Creator: Frank Herbert

- name: Delete it
  dynamodb_items:
    table: doc-example-recommendation-service
    items:
      - {MediaType: Book, ItemId: 1}
    state: absent
"""

RETURN = r"""
changed_keys:
  description: The keys of the items that were written or deleted, as plain values.
  returned: always
  type: list
  elements: dict
  sample: [{MediaType: Book, ItemId: 1}]
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call
from ansible.module_utils.resilience.dynamodb_forms import Item, comparable, plain, same, typed
from ansible.module_utils.resilience.waiter import NotReachedError, wait_for
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

READ_BATCH_SIZE = 100  # BatchGetItem's limit
WRITE_BATCH_SIZE = 25  # BatchWriteItem's limit
INTERVAL_SECONDS = 1


class Table:
    """DynamoDB's calls on one table."""

    def __init__(self, dynamodb: Any, name: str, timeout_seconds: float) -> None:
        self._dynamodb = dynamodb
        self._name = name
        self._timeout_seconds = timeout_seconds
        answer = aws_call(f"describe table {name}", dynamodb.describe_table, TableName=name)
        self.key_names = [key["AttributeName"] for key in answer["Table"]["KeySchema"]]

    def key(self, item: Item) -> Item:
        return {name: item[name] for name in self.key_names}

    def identity(self, item: Item) -> tuple[Any, ...]:
        """What identifies an item; hashable."""
        return tuple(comparable(item[name]) for name in self.key_names)

    def read(self, items: list[Item]) -> list[Item | None]:
        """What the table holds under the items' keys, in their order."""
        found: dict[tuple[Any, ...], Item] = {}

        def send(keys: list[Item]) -> list[Item]:
            answer = aws_call(
                f"read {len(keys)} items of table {self._name}",
                self._dynamodb.batch_get_item,
                RequestItems={self._name: {"Keys": keys, "ConsistentRead": True}},
            )
            found.update({self.identity(item): item for item in answer["Responses"][self._name]})
            left: list[Item] = answer["UnprocessedKeys"].get(self._name, {}).get("Keys", [])
            return left

        self._send_all([self.key(item) for item in items], READ_BATCH_SIZE, send)
        return [found.get(self.identity(item)) for item in items]

    def put(self, items: list[Item]) -> None:
        self._write([{"PutRequest": {"Item": item}} for item in items])

    def delete(self, items: list[Item]) -> None:
        self._write([{"DeleteRequest": {"Key": self.key(item)}} for item in items])

    def _write(self, requests: list[dict[str, Any]]) -> None:
        def send(batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
            answer = aws_call(
                f"write {len(batch)} items to table {self._name}",
                self._dynamodb.batch_write_item,
                RequestItems={self._name: batch},
            )
            left: list[dict[str, Any]] = answer["UnprocessedItems"].get(self._name, [])
            return left

        self._send_all(requests, WRITE_BATCH_SIZE, send)

    def _send_all(
        self, entries: list[Any], batch_size: int, send: Callable[[list[Any]], list[Any]]
    ) -> None:
        """Send in batches; send again what DynamoDB leaves unprocessed, which `send` returns."""
        for start in range(0, len(entries), batch_size):
            self._send_batch(entries[start : start + batch_size], send)

    def _send_batch(self, batch: list[Any], send: Callable[[list[Any]], list[Any]]) -> None:
        pending = batch

        def send_pending() -> list[Any]:
            nonlocal pending
            pending = send(pending)
            return pending

        try:
            wait_for(
                send_pending,
                lambda unprocessed: not unprocessed,
                timeout_seconds=self._timeout_seconds,
                interval_seconds=INTERVAL_SECONDS,
            )
        except NotReachedError as error:
            raise AnsibleAWSError(
                f"DynamoDB left {len(error.last)} of {len(batch)} items of table {self._name} "
                f"unprocessed for {error.waited_seconds:.0f} s. "
                "Raise the table's capacity, or timeout_seconds."
            ) from error


def ensure(table: Table, given: list[Item], state: str, check_mode: bool) -> dict[str, Any]:
    """Make the table hold the items as given, or not at all; return the module's result."""
    items = [typed(item, table.key_names) for item in given]
    given_times = Counter(map(table.identity, items))
    for item in items:
        if given_times[table.identity(item)] > 1:
            raise AnsibleAWSError(
                f"Two of the items have the same {' and '.join(table.key_names)}, "
                f"{plain(table.key(item))}: give each item once."
            )

    held = table.read(items)
    wanted = items if state == "present" else [None] * len(items)
    changes = [
        (item, before, after)
        for item, before, after in zip(items, held, wanted, strict=True)
        if not same(before, after)
    ]
    if not check_mode:
        write = table.put if state == "present" else table.delete
        write([item for item, _, _ in changes])
    return {
        "changed": bool(changes),
        "changed_keys": [plain(table.key(item)) for item, _, _ in changes],
        "diff": {
            "before": {"items": [plain(before) for _, before, _ in changes if before]},
            "after": {"items": [plain(after) for _, _, after in changes if after]},
        },
    }


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "table": {"type": "str", "required": True},
            "items": {"type": "list", "elements": "dict", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "timeout_seconds": {"type": "float", "default": 60},
        },
        supports_check_mode=True,
    )
    options = module.params
    try:
        table = Table(module.client("dynamodb"), options["table"], options["timeout_seconds"])
        result = ensure(table, options["items"], options["state"], module.check_mode)
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
