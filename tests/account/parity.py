"""Play the claims here and on an AWS account, and compare what was measured.

    python tests/account/parity.py ACCOUNT

The run here is at the timings of inventory/aws, so that figures can be compared. On the account the
service is deployed in a stack of its own, which is always removed.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LATEST = ROOT / "runs" / "latest"
HERE = ("-i", "inventory/local", "-i", "inventory/unkind")
STACK = "parity"
THERE = ("-i", "inventory/aws", "-e", f"service_stack_name={STACK}")


def play(*words: str) -> int:
    """The status of `ansible-playbook`."""
    command = Path(sys.executable).with_name("ansible-playbook")
    return subprocess.run([command, *words], cwd=ROOT, check=False).returncode


def main(account: str) -> int:
    """0 when every claim held in both places; what differs is shown by report.yml."""
    consent = ("-e", f"confirm={account}")
    # What costs nothing comes first: whether this account may be used, and whether all holds here.
    if play(*THERE, "deploy.yml", "-e", "plan=true") or play(*HERE, "demo.yml"):
        return 1
    here = LATEST.resolve().name
    try:
        failed = play(*THERE, "deploy.yml", *consent) or play(*THERE, "scenario.yml", *consent)
        there = LATEST.resolve().name
    finally:
        left = play(*THERE, "destroy.yml", *consent)
    if there == here:  # nothing was observed there
        return 1
    return int(
        any((play("report.yml", "-e", f"run={there}", "-e", f"against={here}"), failed, left))
    )


if __name__ == "__main__":
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("account", metavar="ACCOUNT")
    account = parser.parse_args().account
    if not re.fullmatch(r"[0-9]{12}", account):
        sys.exit(
            f"{account!r} is no account; twelve digits are expected: "
            "make aws-parity ACCOUNT=123456789012"
        )
    sys.exit(main(account))
