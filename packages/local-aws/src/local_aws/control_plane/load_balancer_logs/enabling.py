"""What happens when a load balancer's access logs are enabled: the check, and a test file.

Source: "Enable access logs for your Application Load Balancer" in its User Guide,
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from moto.elbv2.exceptions import InvalidConfigurationRequest
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer

from local_aws.control_plane.load_balancer_logs import buckets, destinations, files


def enable(
    backend: ELBv2Backend, balancer: FakeLoadBalancer, attributes: Mapping[str, str]
) -> None:
    """Put a test file where the attributes say that the logs go, each time that they say so.

    Raises InvalidConfigurationRequest when that is not possible.
    """
    destination = destinations.of(backend, balancer, attributes)
    test_file = files.test_file(destination, datetime.now(UTC))
    if not buckets.takes(destination, test_file.key):
        raise InvalidConfigurationRequest(
            f"Access Denied for bucket: {destination.bucket}. Please check S3bucket permission"
        )
    files.put(destination, test_file)
