"""The report of an account's credentials."""

from __future__ import annotations

from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from refusals import refusal_of


def test_a_report_that_nobody_generated_is_not_there(
    aws: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded from AWS: ReportNotPresent."""
    # Another test may have generated one: they share the account.
    monkeypatch.setattr(iam_backends[DEFAULT_ACCOUNT_ID]["aws"], "credential_report", None)
    words = "No credential report found. Use GenerateCredentialReport to create one."
    refused = refusal_of(aws("iam", region="us-east-1").get_credential_report)
    assert refused == (410, "ReportNotPresent", words)
