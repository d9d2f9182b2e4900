"""How late AWS shows and does what a request changes: at once by default, late with `--unkind`.

Automation of AWS meets these delays, and seldom in a rehearsal. AWS documents only that they exist;
the figures are among the longer ones that its users report. delayed.py has the values that are
shown as they were.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Delays:
    """All in seconds; 0 is at once."""

    policies: float = 0.0
    """IAM: until a changed policy counts ("Changes that I make are not always immediately
    visible" in the IAM User Guide)."""
    profiles: float = 0.0
    """EC2: how long an association of an instance profile is `associating` or `disassociating`."""
    metadata: float = 0.0
    """Until the metadata service has what a changed association gives, or has it no more."""
    new_instances: float = 0.0
    """EC2: until an instance that was launched is found by its id, and listed ("Ensure idempotency
    and eventual consistency" in the EC2 Developer Guide)."""
    target_health: float = 0.0
    """ELB: how old the health is that DescribeTargetHealth returns."""
    load_balancers: float = 0.0
    """ELB: how long a load balancer is `provisioning`, and answers nobody."""
    boot: float = 0.0
    """From `running`, or a reboot, until the first program of an instance starts."""
    throttled: bool = False
    """Whether an API refuses calls that come too fast (endpoint/request_rates.py)."""
    shortest_health_check_interval: int = 1
    """ELB: AWS has 5."""
    access_log_interval: int = 60
    """ELB: after how many seconds a load balancer's access log is published; AWS has 300."""


KIND = Delays()
UNKIND = Delays(
    policies=10.0,
    profiles=5.0,
    metadata=10.0,
    new_instances=3.0,
    target_health=5.0,
    load_balancers=60.0,
    boot=60.0,
    throttled=True,
    shortest_health_check_interval=5,
    access_log_interval=300,
)
