"""Who may talk to a loopback port: programs on this machine, never a web page.

A page in the user's browser can send requests to 127.0.0.1. It is refused in both of its ways in:
under a foreign host name that was rebound to loopback (by the Host header), and from a foreign
origin (by the Origin and Sec-Fetch-Site headers; scripts and pages cannot forge them).
Instances' metadata services are stricter (metadata/service.py).
"""

from __future__ import annotations

from urllib.parse import urlsplit

_LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


def refusal(host: str | None, origin: str | None, fetch_site: str | None) -> str | None:
    """Why the request is refused, or None when it is welcome.

    The arguments are the Host, Origin and Sec-Fetch-Site headers, None when absent.
    """
    if not _is_loopback(host):
        return f"the Host header must name this machine's loopback interface, not {host!r}"
    if origin is not None and urlsplit(origin).netloc != host:
        return f"web pages may not use the local AWS (Origin {origin!r})"
    if fetch_site not in (None, "none", "same-origin"):
        return f"web pages may not use the local AWS (Sec-Fetch-Site {fetch_site!r})"
    return None


def _is_loopback(host: str | None) -> bool:
    if not host:
        return False
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    # Browsers and resolvers keep *.localhost on loopback; S3 clients put a bucket's name there.
    return name in _LOOPBACK_NAMES or name.endswith(".localhost")
