"""Plays amazon.aws's and community.aws's own integration targets, each against a local AWS.

    python tests/collections/suite.py CHECKOUTS [TARGET...]

CHECKOUTS holds the folders amazon.aws and community.aws, as git clones them at the versions that
are installed here; packages/local-aws/docs/collections.md shows how. Prints a table and keeps it,
with each target's output, below runs/collections. Exits 1 when a target stays below its goal, or
is cut off by the time limit.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "packages/local-aws/tests/support")]

from collection_play import Bounds, play  # noqa: E402
from collection_targets import (  # noqa: E402
    COLLECTIONS,
    CheckoutError,
    Target,
    find_targets,
    other_than_released,
    version,
)
from collections_table import Row, table  # noqa: E402

AT_ONCE = 2
LIMIT_SECONDS = 300.0
INTERRUPTED = 130
HOW = (
    "name the folder with the checkouts of amazon.aws and community.aws: make collections-suite "
    "FROM=<folder> (packages/local-aws/docs/collections.md says where to get them)"
)


def main() -> int:
    arguments = _arguments()
    kept: Path = arguments.keep.expanduser().resolve()
    installed = installed_collections()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    shutil.rmtree(kept, ignore_errors=True)
    try:
        rows = play_all(arguments.targets, installed, kept, Bounds(arguments.limit))
    except KeyboardInterrupt:
        print("interrupted; everything that was started has ended", file=sys.stderr)
        return INTERRUPTED
    text = table(rows, {name: version(folder) for name, folder in installed.items()})
    (kept / "table.md").write_text(text)
    print(f"\n{text}\nkept in {kept}")
    return 1 if any(row.is_below_goal for row in rows) else 0


def play_all(
    targets: Sequence[Target], installed: Mapping[str, Path], kept: Path, bounds: Bounds
) -> list[Row]:
    """The rows, in the targets' order. After a Ctrl-C nothing that was started is left."""

    def row(target: Target) -> Row:
        folder = kept / target.collection / target.name
        folder.mkdir(parents=True)
        collection = installed[target.collection]
        counts = None if target.is_script else play(target, collection, folder, bounds)
        return Row(target, counts, other_than_released(target, collection))

    rows: dict[Target, Row] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        plays: dict[Future[Row], Target] = {pool.submit(row, target): target for target in targets}
        try:
            for done in as_completed(plays):
                rows[plays[done]] = done.result()
                print(f"{len(rows)} of {len(targets)}: {done.result()}", flush=True)
        except BaseException:
            for again in (signal.SIGINT, signal.SIGTERM):  # what was started is being ended already
                signal.signal(again, signal.SIG_IGN)
            bounds.stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return [rows[target] for target in targets]


def installed_collections() -> dict[str, Path]:
    """The folder of each collection in this environment."""
    spec = importlib.util.find_spec("ansible_collections")
    assert spec is not None
    folder = Path((spec.submodule_search_locations or [])[0])
    return {name: folder.joinpath(*name.split(".")) for name in COLLECTIONS}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="collections-suite", usage="%(prog)s CHECKOUTS [TARGET...]", allow_abbrev=False
    )
    parser.add_argument("checkouts", type=Path, nargs="?")
    parser.add_argument("target", nargs="*")
    parser.add_argument("--limit", type=float, default=LIMIT_SECONDS, help="seconds a target has")
    parser.add_argument("--keep", type=Path, default=ROOT / "runs" / "collections")
    arguments = parser.parse_args()
    if arguments.checkouts is None:
        raise SystemExit(f"collections-suite: {HOW}")
    try:
        checkouts = arguments.checkouts.expanduser().resolve()
        arguments.targets = find_targets(checkouts, arguments.target)
    except CheckoutError as error:
        raise SystemExit(f"collections-suite: {error}") from None
    return arguments


if __name__ == "__main__":
    raise SystemExit(main())
