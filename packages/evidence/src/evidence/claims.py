"""Claims, read and judged; from `judge/`."""

from evidence.judge.claims import Claim, ClaimError, Verdict, judge, parse_claims, passed

__all__ = ["Claim", "ClaimError", "Verdict", "judge", "parse_claims", "passed"]
