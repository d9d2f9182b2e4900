"""Claims, read and judged; from `judge/`."""

from evidence.judge.claims import Claim, ClaimError, parse_claims
from evidence.judge.verdict import Verdict, judge, passed, wanted_outcome

__all__ = [
    "Claim",
    "ClaimError",
    "Verdict",
    "judge",
    "parse_claims",
    "passed",
    "wanted_outcome",
]
