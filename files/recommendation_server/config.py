"""What the environment says. Everything has a default that suits AWS's own example stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Config:
    listen_address: str
    port: int
    release: str
    table_parameter: str
    failure_response_parameter: str
    health_check_parameter: str
    item_cache_seconds: float  # 0 reads an item for each request
    drain_seconds: float  # how long the health check says 503 before the server stops
    state_directory: Path | None
    metadata_endpoint: str
    aws_endpoint: str | None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Config:
        """Raises ValueError, naming the variable, for a number that is none."""

        def number(name: str, default: float) -> float:
            try:
                return float(environment.get(name, default))
            except ValueError:
                raise ValueError(f"{name} is not a number: {environment[name]!r}") from None

        example = "doc-example-resilient-architecture"
        state_directory = environment.get("STATE_DIRECTORY")
        return cls(
            listen_address=environment.get("LISTEN_ADDRESS", "0.0.0.0"),  # noqa: S104 - behind a load balancer
            port=int(number("PORT", 80)),
            release=environment.get("RECOMMENDATION_RELEASE", "unknown"),
            table_parameter=environment.get("RECOMMENDATION_TABLE_PARAMETER", f"{example}-table"),
            failure_response_parameter=environment.get(
                "RECOMMENDATION_FAILURE_RESPONSE_PARAMETER", f"{example}-failure-response"
            ),
            health_check_parameter=environment.get(
                "RECOMMENDATION_HEALTH_CHECK_PARAMETER", f"{example}-health-check"
            ),
            item_cache_seconds=number("RECOMMENDATION_ITEM_CACHE_SECONDS", 1),
            drain_seconds=number("DRAIN_SECONDS", 2),
            state_directory=Path(state_directory) if state_directory else None,
            metadata_endpoint=environment.get(
                "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254"
            ).rstrip("/"),
            aws_endpoint=environment.get("AWS_ENDPOINT_URL"),
        )
