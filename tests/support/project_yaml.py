"""The project's YAML files, and their values as a play would template them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from evidence.prober import ReplyShape

ROOT = Path(__file__).resolve().parents[2]


def loaded(path: Path) -> Any:
    """A YAML file of the project, whose Jinja expressions are trusted as Ansible trusts them."""
    return DataLoader().load_from_file(str(path), trusted_as_template=True)


def templated(value: Any, variables: dict[str, Any]) -> Any:
    """A value as a play that knows these variables has it."""
    return Templar(loader=DataLoader(), variables=variables).template(value)


def reply_shape() -> ReplyShape:
    """How the replies of the service's own server are read."""
    variables = loaded(ROOT / "roles/service_stack/vars/main.yml")
    static_item = ROOT / "files/recommendation_server/static_item.json"
    variables["__service_stack_static_item"] = json.loads(static_item.read_text())
    return ReplyShape.from_dict(templated(variables["__service_stack_reply_shape"], variables))
