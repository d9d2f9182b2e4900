"""Handles of SQS's message move tasks, as AWS forms them: they name the task and its queue."""

from __future__ import annotations

import base64
import json


def write(task_id: str, source_arn: str) -> str:
    named = json.dumps({"taskId": task_id, "sourceArn": source_arn})
    return base64.b64encode(named.encode()).decode()


def read(handle: str) -> tuple[str, str]:
    """The task's id and its source's ARN; raises ValueError for what is no handle."""
    try:
        named = json.loads(base64.b64decode(handle, validate=True))
        return str(named["taskId"]), str(named["sourceArn"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{handle!r} is no handle of a message move task") from error
