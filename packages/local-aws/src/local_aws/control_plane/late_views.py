"""Looks at all that AWS may show late (delays.py), so that a change is noticed when it happens."""

from __future__ import annotations

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends
from moto.iam.models import iam_backends

from local_aws.control_plane import delays, instance_credentials, moto_seams, wiring
from local_aws.control_plane.elbv2 import target_health
from local_aws.control_plane.iam.authorization import identity_policies


def look() -> None:
    """Call it under LOCK, each 100 ms. Where nothing is late it does nothing."""
    if wiring.current().delays == delays.KIND:
        return
    for iam in moto_seams.backends_in_use(iam_backends):
        for role in iam.roles.values():
            identity_policies.documents_of(role)
        for user in iam.users.values():
            identity_policies.documents_of(user)
    for ec2 in moto_seams.backends_in_use(ec2_backends):
        for instance in ec2.all_instances():
            instance_credentials.known_profile(instance.id)
    for elbv2 in moto_seams.backends_in_use(elbv2_backends):
        for group in elbv2.target_groups.values():
            for key, health in target_health.of_registered(group).items():
                target_health.shown(key, health)
