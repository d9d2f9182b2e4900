"""Parameter Store."""

from __future__ import annotations

from typing import Any


def test_public_parameters_are_read_and_not_listed(aws: Any) -> None:
    """Systems Manager User Guide, "Calling AWS service public parameters"."""
    ssm = aws("ssm", region="eu-west-1")
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"

    assert ssm.get_parameter(Name=name)["Parameter"]["Value"].startswith("ami-")

    assert ssm.describe_parameters()["Parameters"] == []
