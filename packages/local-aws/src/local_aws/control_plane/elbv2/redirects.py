"""Redirect actions: what each part may hold, and where a redirect may lead.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html;
the words for missing settings, paths and loops as users reported them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from moto.elbv2.exceptions import ELBClientError

from local_aws.control_plane.elbv2 import values

_PLACEHOLDER = re.compile(r"#\{[^}]*\}")
_HOST = re.compile(r"[A-Za-z0-9.*?_:-]*")
_PATH = re.compile(r"/[!-~]*")
_LONGEST = 128


def check(action: Mapping[str, Any]) -> None:
    """Raises ValidationError, or InvalidLoadBalancerAction."""
    redirect = action.get("RedirectConfig")
    if redirect is None:
        raise missing("redirect", "RedirectConfig")
    values.text("redirectConfig.statusCode", redirect.get("StatusCode"), "HTTP_30[12]", 8)
    for part, pattern in (
        ("Protocol", r"HTTPS?|#\{protocol\}"),
        ("Host", r"[^\r\n]+"),
        ("Path", r"[^\r\n]+"),
        ("Query", r"[!-~]*"),
    ):
        if redirect.get(part) is not None:
            values.text(f"redirectConfig.{part.lower()}", redirect[part], pattern, _LONGEST)
    if redirect.get("Port") not in (None, "#{port}"):
        values.port("redirectConfig.port", redirect["Port"])
    if not _fits(redirect.get("Host", ""), _HOST, ("#{host}",)):
        raise _not_valid(
            "The Host parameter must be a valid host name, and may contain up to one of each of "
            "these placeholders: '#{host}'."
        )
    if not _fits(redirect.get("Path", "/"), _PATH, ("#{path}", "#{host}", "#{port}")):
        raise _not_valid(
            "The Path parameter must be a valid path, should start with a '/', and may contain up "
            "to one of each of these placeholders: '#{path}', '#{host}', '#{port}'."
        )


def check_directions(actions: Sequence[Mapping[str, Any]], protocol: str, port: int) -> None:
    """Where the redirects of a listener with this protocol and port lead.

    Raises InvalidLoadBalancerAction for one from HTTPS to HTTP, and for one to where the listener's
    clients come from: "You must modify at least one of" protocol, host, port and path.
    """
    for action in actions:
        if action.get("Type") != "redirect":
            continue
        redirect = action.get("RedirectConfig") or {}
        if (protocol, redirect.get("Protocol")) == ("HTTPS", "HTTP"):
            raise _not_valid("You can't redirect HTTPS to HTTP.")
        keeps = (
            redirect.get("Protocol") in (None, "#{protocol}", protocol),
            redirect.get("Host") in (None, "#{host}"),
            str(redirect.get("Port")) in ("None", "#{port}", str(port)),
            redirect.get("Path") in (None, "/#{path}"),
        )
        if all(keeps):
            raise _not_valid("The redirect configuration is not valid because it creates a loop.")


def missing(action_type: str, member: str) -> ELBClientError:
    """An action without the settings of its type."""
    return _not_valid(
        f"For actions of type '{action_type}', you must specify the following fields: '{member}'"
    )


def _fits(text: str, pattern: re.Pattern[str], placeholders: Iterable[str]) -> bool:
    """Whether a text holds no others than these placeholders, and each of them once at most."""
    found = _PLACEHOLDER.findall(text)
    rest = _PLACEHOLDER.sub("", text)
    return (
        len(set(found)) == len(found)
        and {*found} <= {*placeholders}
        and bool(pattern.fullmatch(rest))
    )


def _not_valid(message: str) -> ELBClientError:
    return ELBClientError("InvalidLoadBalancerAction", message)
