"""An instance that was just launched is not found by its id, where AWS is late (delays.py).

Listings leave it out (listings.py).

Source: "Ensure idempotency and eventual consistency" in the EC2 Developer Guide.
"""

from __future__ import annotations

from datetime import timedelta

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.ec2.models.instances import Instance

from local_aws.control_plane import wiring
from local_aws.control_plane.api_errors import ApiError
from local_aws.control_plane.api_request import ApiRequest


def is_found(instance: Instance) -> bool:
    """Whether EC2 shows an instance to clients."""
    seconds = wiring.current().delays.new_instances
    return not seconds or utcnow() - instance.launch_time >= timedelta(seconds=seconds)


def require(request: ApiRequest) -> None:
    """Raise ApiError for a request about an instance that EC2 does not know yet.

    Call it under LOCK.
    """
    if not wiring.current().delays.new_instances:
        return
    named = [
        str(value)
        for name, value in request.parameters.items()
        if name.partition(".")[0] == "InstanceId"
    ]
    backend = ec2_backends[DEFAULT_ACCOUNT_ID][request.region]
    for instance_id in named:
        instance = backend.get_instance_by_id(instance_id)
        if instance and not is_found(instance):
            message = f"The instance ID '{instance_id}' does not exist"
            raise ApiError("400 Bad Request", "InvalidInstanceID.NotFound", message)
