"""The project's own YAML files, read before each play: argument specs, defaults and scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

try:  # ten times as fast
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]


def read_yaml(path: Path) -> Any:
    """The file's one document. Raises yaml.YAMLError, and OSError."""
    return yaml.load(path.read_text(), Loader=_SafeLoader)
