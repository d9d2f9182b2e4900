"""How long the report of a run takes, and how large it is, at two sizes of run.

Run it on a quiet machine: python packages/evidence/benchmarks/report.py
The run is written into a temporary folder, as observers write it.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from evidence.report.page import render
from evidence.report.run_record import read_run

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))

from long_run import write_run


def measure(requests: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        written = write_run(Path(folder), requests)
        began = time.perf_counter()
        run = read_run(written)
        read = time.perf_counter()
        page = render(run)
        rendered = time.perf_counter()
    return (
        f"{requests:8,} requests  {rendered - began:5.2f} s: read {read - began:.2f}, "
        f"rendered {rendered - read:.2f}  {len(page.encode()) / 1e6:.2f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the report.")
    parser.add_argument("--requests", type=int, nargs="*", default=[10_000, 100_000])
    for requests in parser.parse_args().requests:
        sys.stdout.write(measure(requests) + "\n")


if __name__ == "__main__":
    main()
