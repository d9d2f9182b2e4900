"""What every campaign has: its size, its seed, and figures that outlive it.

CAMPAIGN=full      the long form, with chances of its own each time
CAMPAIGN_SEED=n    repeat a campaign whose seed was printed
"""

from __future__ import annotations

import json
import os
import platform
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FULL = os.environ.get("CAMPAIGN") == "full"
# The short form is part of `make test`, which must say the same of the same commit each time.
_DEFAULT_SEED = random.randrange(1 << 32) if FULL else 1  # noqa: S311 - no secret
SEED = int(os.environ.get("CAMPAIGN_SEED", _DEFAULT_SEED))
FOLDER = Path(__file__).parents[2] / "runs" / "campaigns"


@dataclass
class Figures:
    """What one campaign measured: printed at the end of the session, and kept in `FOLDER`."""

    name: str
    measured: dict[str, Any] = field(default_factory=dict)

    def add(self, **figures: Any) -> None:
        self.measured |= figures

    def count(self, name: str, by: int = 1) -> None:
        self.measured[name] = self.measured.get(name, 0) + by

    def write(self) -> Path:
        FOLDER.mkdir(parents=True, exist_ok=True)
        at = time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime())
        path = FOLDER / f"{self.name}-{at}.json"
        document = {
            "campaign": self.name,
            "form": "full" if FULL else "short",
            "seed": SEED,
            "at": at,
            "machine": {"cpus": os.cpu_count(), "python": platform.python_version()},
            "figures": self.measured,
        }
        path.write_text(json.dumps(document, indent=2) + "\n")
        return path

    def __str__(self) -> str:
        texts = (f"{name} {as_text(value)}" for name, value in self.measured.items())
        return f"{self.name}: {', '.join(texts)}"


def as_text(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def spread(values: list[float]) -> dict[str, float]:
    """The smallest, the middle and the largest, to two decimals."""
    ordered = sorted(values)
    middle = ordered[len(ordered) // 2]
    return {"min": round(ordered[0], 2), "median": round(middle, 2), "max": round(ordered[-1], 2)}
