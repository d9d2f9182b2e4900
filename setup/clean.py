"""Remove what the Makefile's targets made in this checkout, and nothing else.

    python3 setup/clean.py

A local AWS that still runs is left alone, with its folder.
"""

import argparse
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
BUILT = tuple(ROOT / ".cache" / name for name in ("archives", "machines", "wheels"))
MARKS = (".made-by-setup", ".runtime")


def main():
    remove_state_folders(ROOT / ".cache")
    for folder in BUILT:
        if not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
    remove_runs(ROOT / "runs")
    remove_collection(ROOT / "dist")
    for file in (ROOT / "runs" / "latest", ROOT / "benchmarks" / "latest.json"):
        if file.is_symlink() or file.is_file():
            file.unlink()
    if not ENVIRONMENT.is_symlink() and any((ENVIRONMENT / mark).exists() for mark in MARKS):
        shutil.rmtree(ENVIRONMENT)
    for folder in (".cache/demo", ".cache", "dist", "runs", "benchmarks"):
        remove_if_empty(ROOT / folder)


def remove_state_folders(cache):
    """Those of demonstrations and of molecule, which the command knows by their mark."""
    command = ENVIRONMENT / "bin" / "local-aws"
    if command.exists():
        for folder in (cache / "demo", cache):
            subprocess.call([str(command), "remove", "--unused-below", str(folder)])


def remove_collection(folder):
    """What collection/build.py leaves there."""
    for pattern in ("resilient-service-*.tar.gz", "evidence-*.whl"):
        for file in () if folder.is_symlink() else folder.glob(pattern):
            file.unlink()


def remove_runs(folder):
    """The records of runs, and what is kept beside them."""
    for run in folder.glob("*/run.json"):
        if not run.parent.is_symlink():
            shutil.rmtree(run.parent)
    for pattern in ("ansible*.log", "live-page-*"):
        for file in folder.glob(pattern):
            file.unlink()


def remove_if_empty(folder):
    if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
        folder.rmdir()


if __name__ == "__main__":
    plain = argparse.RawDescriptionHelpFormatter
    argparse.ArgumentParser(description=__doc__, formatter_class=plain).parse_args()
    main()
