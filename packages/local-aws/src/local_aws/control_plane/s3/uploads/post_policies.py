"""What a form may upload, as the policy in it says. Pure decisions.

Source: "Creating a POST policy" in the S3 API Reference: each field, but those of the signature,
the file, the policy and x-ignore-..., must be in its conditions. The words are those that users
reported.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.post_form import PostForm

_UNCONDITIONED = frozenset({"awsaccesskeyid", "policy", "signature", "x-amz-signature"})
_IGNORED = "x-ignore-"
_SIZE = "content-length-range"
_BAD_REQUEST = "400 Bad Request"


def require_allowed(form: PostForm, bucket: str, now: datetime) -> None:
    """Raise ApiError unless the form's policy allows its fields, its file's size, and now."""
    policy = _parsed(form.policy or "")
    if now >= _moment(policy):
        raise _denied("Policy expired.")
    fields = {**form.fields, "key": form.key, "bucket": bucket}
    named = {"bucket"}
    for operator, name, *values in _conditions(policy):
        if operator == _SIZE:
            _require_size(len(form.file), int(name), int(values[0]))
            continue
        field = name.removeprefix("$").lower()
        named.add(field)
        given = fields.get(field, "")
        expected = values[0]
        if not (given.startswith(expected) if operator == "starts-with" else given == expected):
            raise _denied(f"Policy Condition failed: {_written(operator, field, expected)}")
    extra = [
        field
        for field in form.fields
        if field not in named | _UNCONDITIONED and not field.startswith(_IGNORED)
    ]
    if extra:
        raise _denied(f"Extra input fields: {', '.join(extra)}")


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        policy = json.loads(base64.b64decode(text, validate=True))
    except (ValueError, RecursionError):
        policy = None
    if not isinstance(policy, dict):
        raise _invalid("Invalid JSON.")
    return policy


def _moment(policy: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(str(policy["expiration"]))
    except KeyError:
        raise _invalid("Policy missing expiration.") from None
    except ValueError:
        raise _invalid(f"Invalid 'expiration' value: '{policy['expiration']}'") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _conditions(policy: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Each as an operator, a field (or the least size) and a value (or the greatest size)."""
    conditions = policy.get("conditions")
    if not isinstance(conditions, list):
        raise _invalid("Policy missing conditions.")
    for each in conditions:
        if isinstance(each, dict):
            yield from (("eq", f"${name}", str(value)) for name, value in each.items())
        elif isinstance(each, list) and len(each) == 3:
            operator, name, value = (str(part) for part in each)
            if operator.lower() not in ("eq", "starts-with", _SIZE):
                raise _invalid(f"Invalid condition operator: {operator}")
            if operator.lower() == _SIZE and not (name.isdecimal() and value.isdecimal()):
                raise _invalid("Invalid content-length-range.")
            yield operator.lower(), name, value
        else:
            raise _invalid("Invalid condition.")


def _require_size(size: int, least: int, greatest: int) -> None:
    if size > greatest:
        raise ApiError(
            _BAD_REQUEST,
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
            {"ProposedSize": str(size), "MaxSizeAllowed": str(greatest)},
        )
    if size < least:
        raise ApiError(
            _BAD_REQUEST,
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed size",
            {"ProposedSize": str(size), "MinSizeAllowed": str(least)},
        )


def _written(operator: str, field: str, expected: str) -> str:
    return json.dumps([operator, f"${field}", expected], separators=(", ", ": "))


def _denied(why: str) -> ApiError:
    return ApiError("403 Forbidden", "AccessDenied", f"Invalid according to Policy: {why}")


def _invalid(why: str) -> ApiError:
    return ApiError(_BAD_REQUEST, "InvalidPolicyDocument", f"Invalid Policy: {why}")
