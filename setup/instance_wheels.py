"""Download the wheels that instances run, once, so that no deployment waits for a package index.

.venv/bin/python setup/instance_wheels.py
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "module_utils"))

from resilience.wheels import WheelError, fetched  # noqa: E402 - found by the line above


def main() -> None:
    lock = ROOT / "files" / "recommendation_server" / "requirements.txt"
    try:
        fetched(lock, ROOT / ".cache" / "wheels", "3.11")
    except (WheelError, OSError) as error:
        sys.exit(f"set-up: {error}")


if __name__ == "__main__":
    plain = argparse.RawDescriptionHelpFormatter
    argparse.ArgumentParser(description=__doc__, formatter_class=plain).parse_args()
    main()
