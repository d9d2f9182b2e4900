"""Which types moto's own models create and delete in a stack.

What is only created would leave a stack that cannot be deleted.
"""

from __future__ import annotations

import inspect
from typing import Any

from moto.cloudformation.parsing import get_model_map

from local_aws.control_plane.cloudformation.resource_types.models import physical_ids


def creates(type_name: str) -> bool:
    """Whether moto creates resources of this type, and has their physical ids."""
    model = get_model_map().get(type_name)
    return (
        model is not None
        and (type_name in physical_ids.ATTRIBUTES or hasattr(model, "physical_resource_id"))
        and not _is_abstract(model.create_from_cloudformation_json)
    )


def deletes(type_name: str) -> bool:
    """Whether moto deletes what it creates of this type."""
    model = get_model_map()[type_name]
    return deletes_itself(model) or not _is_abstract(model.delete_from_cloudformation_json)


def deletes_itself(model: type) -> bool:
    """Whether its `delete` takes account and region, as moto's own stacks call it."""
    delete: Any = getattr(model, "delete", None)
    if delete is None:
        return False
    try:
        inspect.signature(delete).bind("self", "account", "region")
    except TypeError:
        return False
    return True


def _is_abstract(method: Any) -> bool:
    return hasattr(method, "__isabstractmethod__")
