"""SNS's words for what it refuses: most is an invalid parameter, and then why.

Source: answers of the real SNS as they have been recorded.
"""

from __future__ import annotations

from moto.sns.exceptions import SNSInvalidParameter


def invalid(words: str) -> SNSInvalidParameter:
    return SNSInvalidParameter(f"Invalid parameter: {words}")
