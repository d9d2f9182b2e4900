"""What the environment says. The defaults suit AWS's own example stack."""

from math import nan
from os import environ
from pathlib import Path

_EXAMPLE = "doc-example-resilient-architecture-"


def _number(name: str, default: float, least: float, most: float) -> float:
    """Raises ValueError with the variable's name."""
    text = environ.get(name, str(default))
    try:
        value = float(text)
    except ValueError:
        value = nan
    if not least <= value <= most:  # a NaN is in no range
        raise ValueError(f"{name} is {text!r}; a number from {least} to {most} is expected")
    return value


LISTEN_ADDRESS = environ.get("LISTEN_ADDRESS", "0.0.0.0")  # noqa: S104 - only the load balancer gets here
PORT = int(_number("PORT", 80, 1, 65535))
RELEASE = environ.get("RECOMMENDATION_RELEASE", "unknown")
# Each setting, and the SSM parameter that holds it.
PARAMETERS = {
    "table": environ.get("RECOMMENDATION_TABLE_PARAMETER", _EXAMPLE + "table"),
    "failure_response": environ.get(
        "RECOMMENDATION_FAILURE_RESPONSE_PARAMETER", _EXAMPLE + "failure-response"
    ),
    "health_check": environ.get("RECOMMENDATION_HEALTH_CHECK_PARAMETER", _EXAMPLE + "health-check"),
}
# How old an item may be; 0 reads one for each request.
ITEM_CACHE_SECONDS = _number("RECOMMENDATION_ITEM_CACHE_SECONDS", 1, 0, 3600)
# How long the health check says 503 before the server stops.
DRAIN_SECONDS = _number("DRAIN_SECONDS", 2, 0, 3600)
# The longest that a reply may be held on request; with 0 every such request is refused.
LONGEST_HOLD_SECONDS = _number("LONGEST_HOLD_SECONDS", 0, 0, 4)
STATE_DIRECTORY = Path(environ["STATE_DIRECTORY"]) if "STATE_DIRECTORY" in environ else None
AWS_ENDPOINT = environ.get("AWS_ENDPOINT_URL")
METADATA_ENDPOINT = environ.get(
    "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254"
).rstrip("/")
