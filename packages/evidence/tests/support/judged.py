"""What becomes of one claim."""

from typing import Any

from evidence.claims import Verdict, judge, parse_claims
from evidence.evidence import Evidence


def verdict_on(evidence: Evidence, **claim: Any) -> Verdict:
    [parsed] = parse_claims([{"claim": "so it is", **claim}])
    return judge(parsed, evidence)


def outcome(evidence: Evidence, **claim: Any) -> str:
    return verdict_on(evidence, **claim).outcome
