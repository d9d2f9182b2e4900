"""Lifecycle rules that S3's schema allows and S3 does not.

Source: API_LifecycleRule, API_LifecycleExpiration, API_Transition; "Lifecycle configuration
elements" in the S3 User Guide. The words are those that users reported and other emulators have of
the real S3.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from local_aws.control_plane.api_errors import ApiError

_LONGEST_ID = 255
_ACTIONS = (
    "Expiration",
    "Transition",
    "NoncurrentVersionExpiration",
    "NoncurrentVersionTransition",
    "AbortIncompleteMultipartUpload",
)
_POSITIVE = (
    ("Expiration", "Days"),
    ("NoncurrentVersionExpiration", "NoncurrentDays"),
    ("AbortIncompleteMultipartUpload", "DaysAfterInitiation"),
)
"""Of an action, the number that is one day at least."""
_INFREQUENT = ("STANDARD_IA", "ONEZONE_IA")
_DAYS_BEFORE_INFREQUENT = 30


def require_sense(root: Element) -> None:
    """Raise ApiError for the first rule that no bucket can have."""
    rules = root.findall("{*}Rule")
    names = [name for rule in rules if (name := rule.findtext("{*}ID"))]
    if any(len(name) > _LONGEST_ID for name in names):
        raise _invalid(f"ID length should not exceed allowed limit of {_LONGEST_ID}")
    if len(set(names)) < len(names):
        raise _invalid("Rule ID must be unique. Found same ID for more than one rule")
    for rule in rules:
        _require_one_filter(rule)
        _require_actions(rule)
        _require_days(rule)
        _require_dates(rule)
        _require_transitions(rule)


def _require_one_filter(rule: Element) -> None:
    """AWS: "A Filter must have exactly one of Prefix, Tag, ... or And"; it may be empty."""
    wanted = rule.find("{*}Filter")
    if wanted is not None and len(wanted) > 1:
        raise _malformed()


def _require_actions(rule: Element) -> None:
    if all(rule.find(f"{{*}}{name}") is None for name in _ACTIONS):
        raise ApiError(
            "400 Bad Request",
            "InvalidRequest",
            "At least one action needs to be specified in a rule",
        )
    aborts = rule.find("{*}AbortIncompleteMultipartUpload") is not None
    if aborts and rule.find("{*}Filter//{*}Tag") is not None:
        raise ApiError(
            "400 Bad Request",
            "InvalidRequest",
            "AbortIncompleteMultipartUpload cannot be specified with Tags.",
        )


def _require_days(rule: Element) -> None:
    for action, name in _POSITIVE:
        days = _number(rule.find(f"{{*}}{action}"), name)
        if days is not None and days <= 0:
            raise _invalid(f"'{name}' for {action} action must be a positive integer")


def _require_dates(rule: Element) -> None:
    """Midnight, and not beside a number of days."""
    for action in _each(rule, "Expiration", "Transition"):
        date = action.findtext("{*}Date")
        if date is None:
            continue
        if action.find("{*}Days") is not None:
            raise _malformed()
        moment = datetime.fromisoformat(date)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
        if (moment.hour, moment.minute, moment.second, moment.microsecond) != (0, 0, 0, 0):
            raise _invalid("'Date' must be at midnight GMT")


def _require_transitions(rule: Element) -> None:
    expires = _number(rule.find("{*}Expiration"), "Days")
    for transition in rule.iterfind("{*}Transition"):
        days = _number(transition, "Days")
        if days is None:
            continue
        storage_class = transition.findtext("{*}StorageClass")
        if storage_class in _INFREQUENT and days < _DAYS_BEFORE_INFREQUENT:
            raise _invalid(
                "'Days' in Transition action must be greater than or equal to "
                f"{_DAYS_BEFORE_INFREQUENT} for storageClass '{storage_class}'"
            )
        if expires is not None and expires <= days:
            raise _invalid(
                f"'Days' in the Expiration action for filter '(prefix={_prefix(rule)})' must be "
                "greater than 'Days' in the Transition action"
            )


def _each(rule: Element, *names: str) -> Iterator[Element]:
    for name in names:
        yield from rule.iterfind(f"{{*}}{name}")


def _number(action: Element | None, name: str) -> int | None:
    text = None if action is None else action.findtext(f"{{*}}{name}")
    return int(text) if text else None


def _prefix(rule: Element) -> str:
    return rule.findtext("{*}Filter/{*}Prefix") or rule.findtext("{*}Prefix") or ""


def _malformed() -> ApiError:
    return ApiError(
        "400 Bad Request",
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )


def _invalid(message: str) -> ApiError:
    return ApiError("400 Bad Request", "InvalidArgument", message)
