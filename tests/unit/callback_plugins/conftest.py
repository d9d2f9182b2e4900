"""The plugin that a test file is about, loaded from its file as Ansible loads it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

PLUGINS = Path(__file__).parents[3] / "callback_plugins"


@pytest.fixture
def plugin(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """callback_plugins/progress.py in test_progress.py, and so on."""
    name = request.path.stem.removeprefix("test_")
    spec = importlib.util.spec_from_file_location(name, PLUGINS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)  # where its dataclasses look for it
    spec.loader.exec_module(module)
    return module
