"""What the service costs per hour on AWS, roughly.

List prices of us-east-1 in US dollars, without tax, free tier and traffic, as of June 2025:
https://aws.amazon.com/ec2/pricing/on-demand/, .../elasticloadbalancing/pricing/,
.../vpc/pricing/ (public IPv4 addresses), .../ebs/pricing/.
"""

from __future__ import annotations

AS_OF = "June 2025"
INSTANCES = 3
ZONES = 3

INSTANCE_HOUR = {
    "t2.micro": 0.0116,
    "t3.nano": 0.0052,
    "t3.micro": 0.0104,
    "t3.small": 0.0208,
    "t3.medium": 0.0416,
    "t3a.micro": 0.0094,
    "t3a.small": 0.0188,
    "t4g.micro": 0.0084,
    "t4g.small": 0.0168,
    "m5.large": 0.096,
    "m6i.large": 0.096,
    "m7i.large": 0.1008,
    "c6i.large": 0.085,
    "c7i.large": 0.08925,
}
LOAD_BALANCER_HOUR = 0.0225
CAPACITY_UNIT_HOUR = 0.008
"""One load balancer capacity unit: 25 new connections a second, so a scenario's load is one."""
PUBLIC_ADDRESS_HOUR = 0.005
VOLUME_HOUR = 8 * 0.08 / 730
"""The image's 8 GB of gp3."""


def estimate(instance_type: str) -> str:
    """One line: the sum and what it is made of."""
    around = (
        LOAD_BALANCER_HOUR
        + CAPACITY_UNIT_HOUR
        + (INSTANCES + ZONES) * PUBLIC_ADDRESS_HOUR
        + INSTANCES * VOLUME_HOUR
    )
    price = INSTANCE_HOUR.get(instance_type)
    what = f"a load balancer, {INSTANCES + ZONES} public addresses and {INSTANCES} volumes"
    if price is None:
        return (
            f"about ${around:.2f} an hour for {what}, and {INSTANCES} x {instance_type}, whose "
            f"price is not known here (us-east-1, {AS_OF})"
        )
    total = around + INSTANCES * price
    return (
        f"about ${total:.2f} an hour: {INSTANCES} x {instance_type}, {what} "
        f"(list prices of us-east-1, {AS_OF}; other regions differ)"
    )
