"""What Prometheus can read, beside what its client reports of any process."""

from prometheus_client import Counter, Gauge, Histogram

REPLIES = Counter(
    "recommendation_replies",
    "By kind (real, static, error, health, status, metrics, rejected) and status.",
    ["kind", "status"],
)
SECONDS = Histogram("recommendation_reply_seconds", "Time to make a reply.", ["kind"])
IN_FLIGHT = Gauge("recommendation_in_flight", "Requests being answered.")
BREAKER_OPEN = Gauge("recommendation_breaker_open", "1 while the table is not asked.")
SETTINGS_AGE = Gauge("recommendation_settings_age_seconds", "Since SSM confirmed them; or NaN.")
