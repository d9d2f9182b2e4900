"""Claims, read and judged; the rooms behind them are in `judge/`."""

from evidence.judge.claims import Claim, ClaimError, Verdict, judge, parse_claims, passed

__all__ = ["Claim", "ClaimError", "Verdict", "judge", "parse_claims", "passed"]
