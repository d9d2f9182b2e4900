"""Access logs of Application Load Balancers, in the buckets that their attributes name.

destinations.py  which load balancers have logs, and where these go
buckets.py       may Elastic Load Balancing write there?
enabling.py      what happens when logs are enabled: the check, and a test file
lines.py         a request as a line of a log: pure
files.py         lines as an object of S3: pure
delivery.py      when the requests are taken from the load balancer and put into S3

Source: "Access logs for your Application Load Balancer" in its User Guide.
"""

from __future__ import annotations

from local_aws.control_plane.elbv2 import load_balancer_attributes
from local_aws.control_plane.load_balancer_logs import enabling


def connect() -> None:
    """Have this know when a load balancer's logs are enabled."""
    load_balancer_attributes.on_access_logs(enabling.enable)
