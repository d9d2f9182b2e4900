"""IMDSv2 session tokens that carry their own expiry, so that no flood of requests fills a store."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

MAX_TTL_SECONDS = 21_600


class Tokens:
    """The tokens of one instance: another instance's, or another daemon's, are not valid here."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def issue(self, ttl_seconds: int, now: float) -> str:
        """A token valid from `now` (Unix time) for so many seconds."""
        expiry = int(now + ttl_seconds).to_bytes(8, "big") + secrets.token_bytes(8)
        return base64.urlsafe_b64encode(expiry + self._sign(expiry)).decode()

    def remaining_seconds(self, token: str, now: float) -> int:
        """How long the token is still valid; 0 when it is expired, foreign or made up."""
        try:
            raw = base64.urlsafe_b64decode(token)
        except ValueError:
            return 0
        expiry, signature = raw[:16], raw[16:]
        if not hmac.compare_digest(signature, self._sign(expiry)):
            return 0
        return max(0, int.from_bytes(expiry[:8], "big") - int(now))

    def _sign(self, data: bytes) -> bytes:
        return hmac.digest(self._key, data, hashlib.sha256)
