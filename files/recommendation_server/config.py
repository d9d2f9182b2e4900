"""What the environment says. The defaults suit AWS's own example stack."""

from os import environ
from pathlib import Path

_EXAMPLE = "doc-example-resilient-architecture-"

LISTEN_ADDRESS = environ.get("LISTEN_ADDRESS", "0.0.0.0")  # noqa: S104 - only the load balancer gets here
PORT = int(environ.get("PORT", "80"))
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
ITEM_CACHE_SECONDS = float(environ.get("RECOMMENDATION_ITEM_CACHE_SECONDS", "1"))
# How long the health check says 503 before the server stops.
DRAIN_SECONDS = float(environ.get("DRAIN_SECONDS", "2"))
# The longest that a reply may be held on request; with 0 every such request is refused.
LONGEST_HOLD_SECONDS = float(environ.get("LONGEST_HOLD_SECONDS", "0"))
STATE_DIRECTORY = Path(environ["STATE_DIRECTORY"]) if "STATE_DIRECTORY" in environ else None
AWS_ENDPOINT = environ.get("AWS_ENDPOINT_URL")
METADATA_ENDPOINT = environ.get(
    "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254"
).rstrip("/")
