"""AWS's models, whose patterns are written for Java."""

from __future__ import annotations

import botocore.session
import pytest

from local_aws.control_plane.endpoint import value_constraints
from local_aws.control_plane.endpoint.input_constraints import _CHECKED

_MODELS = {"monitoring": "cloudwatch"}


@pytest.mark.parametrize("service", sorted(_CHECKED))
def test_each_pattern_of_a_checked_service_can_be_read(service: str) -> None:
    model = botocore.session.get_session().get_service_model(_MODELS.get(service, service))
    for name in model.shape_names:
        pattern = model.shape_for(name).metadata.get("pattern")
        if pattern:
            value_constraints._compiled(pattern)
