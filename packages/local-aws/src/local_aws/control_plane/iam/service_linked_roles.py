"""A role that is linked to a service is one of a service's name: ecs.amazonaws.com.

Source: API_CreateServiceLinkedRole in the IAM API Reference: InvalidInput; AWSServiceName is "a
string that looks similar to a URL".
"""

from __future__ import annotations

import re

from moto.iam.exceptions import InvalidInput
from moto.iam.models import IAMBackend, Role

from local_aws.control_plane import moto_seams

_SERVICE = re.compile(r"([\w-]+\.)+amazonaws\.com(\.cn)?")

_moto_create = IAMBackend.create_service_linked_role


def install() -> None:
    moto_seams.replace(IAMBackend, create_service_linked_role=_create)


def _create(self: IAMBackend, service_name: str, description: str, suffix: str) -> Role:
    if not _SERVICE.fullmatch(service_name):
        raise InvalidInput(f"{service_name} is no service's name, such as ecs.amazonaws.com")
    role: Role = _moto_create(self, service_name, description, suffix)
    return role
