"""The forms of a schedule: a rate, whose unit agrees with its number, or six fields of cron.

Source: "Setting a schedule pattern for scheduled rules" in the EventBridge User Guide; answers of
the real EventBridge as they have been reported. AWS takes a comma after a field's last value.
"""

from __future__ import annotations

import re

_RATE = re.compile(r"rate\((1 (minute|hour|day)|(?!1 )0*[1-9]\d* (minutes|hours|days))\)")
_CRON = re.compile(r"cron\((.+)\)")
_MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_DAYS = "SUN|MON|TUE|WED|THU|FRI|SAT"
_FIELDS = tuple(
    re.compile(rf"(?:{allowed})+", re.IGNORECASE)
    for allowed in (
        r"[\d,*/-]",  # minutes
        r"[\d,*/-]",  # hours
        r"[\d,*/?LW-]",  # day of month
        rf"[\d,*/-]|{_MONTHS}",
        rf"[\d,*/?L#-]|{_DAYS}",
        r"[\d,*/-]",  # year
    )
)
_DAY_OF_MONTH, _DAY_OF_WEEK = 2, 4


def is_valid(expression: str) -> bool:
    """Whether EventBridge has such a schedule."""
    cron = _CRON.fullmatch(expression)
    return _is_cron(cron[1].split()) if cron else _RATE.fullmatch(expression) is not None


def _is_cron(fields: list[str]) -> bool:
    """Exactly one of the two fields for days leaves the day to the other one."""
    if len(fields) != len(_FIELDS):
        return False
    left_open = [fields[each].strip(",") == "?" for each in (_DAY_OF_MONTH, _DAY_OF_WEEK)]
    return left_open.count(True) == 1 and all(
        form.fullmatch(field) for form, field in zip(_FIELDS, fields, strict=True)
    )
