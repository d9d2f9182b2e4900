"""To be written."""
from typing import Any

def take_started() -> Any:
    return None
