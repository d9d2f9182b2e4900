"""What a message may contain, and how large it is: its body and its attributes, in bytes.

Source: API_SendMessage, API_SendMessageBatch in the SQS API Reference; "Amazon SQS message quotas"
in the SQS Developer Guide; answers of the real SQS as they have been recorded: the name, the data
type and the value of an attribute count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from moto.sqs.exceptions import InvalidParameterValue, SQSException

_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Attributes = Mapping[str, Mapping[str, Any]]


def size(body: str, attributes: Attributes | None) -> int:
    """In bytes."""
    return _bytes(body) + sum(
        _bytes(name)
        + _bytes(attribute.get("DataType"))
        + _bytes(attribute.get("StringValue"))
        + _bytes(attribute.get("BinaryValue"))
        for name, attribute in (attributes or {}).items()
    )


def refusal(body: str, attributes: Attributes | None, most: int) -> SQSException | None:
    """Why a queue whose messages have `most` bytes does not take it; None if it does."""
    if _NO_CHARACTER.search(body):
        return SQSException(
            "InvalidMessageContents",
            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | "
            "#x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
        )
    if size(body, attributes) > most:
        return InvalidParameterValue(
            "One or more parameters are invalid. Reason: Message must be shorter than "
            f"{most} bytes."
        )
    return None


def _bytes(value: str | bytes | None) -> int:
    return len(value.encode(errors="surrogatepass") if isinstance(value, str) else value or b"")
