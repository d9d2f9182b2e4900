"""Make .venv with everything that the hash-locked requirement files name.

    python3 setup/install.py runtime.txt [test.txt]

Written for old Pythons too, so that one that is too old says so instead of failing to parse.
A .venv that an interrupted run left half-made is made again from the start.
"""

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
PARTS = (".", "packages/evidence", "packages/local-aws")
# The last thing that making the environment puts there; without it the environment is made again.
UV = ENVIRONMENT / "bin" / "uv"
# The first thing that is put there: what has neither this nor uv was made by somebody else.
MARK = ENVIRONMENT / ".made-by-setup"

# What a checkout's folder cannot be called, because tools paste its name where it means something.
NOT_IN_NAMES = {
    ":": "separates the folders in PATH",
    "$": "begins a variable for Ansible and for the shell",
    '"': "ends a text in the environment's activate script",
    "`": "runs a command in the environment's activate script",
    "\\": "changes what follows in the environment's activate script",
    "{{": "begins an expression for Ansible",
    "{%": "begins a statement for Ansible",
    "\n": "ends a line in every script",
}


def main(requirement_files):
    if sys.version_info < OLDEST:
        sys.exit(
            "set-up: Python 3.11 or newer is needed and this is "
            f"{sys.version_info[0]}.{sys.version_info[1]} ({sys.executable}). "
            "Name another one with: make setup PYTHON=python3.12"
        )
    require_usable_name(str(ROOT))
    started = time.monotonic()
    make_environment()
    for name in requirement_files:
        uv("pip", "install", "--require-hashes", "--requirement", ROOT / "requirements" / name)
    # The build tool is among the locked requirements, so nothing unlocked is fetched here.
    for part in PARTS:
        uv("pip", "install", "--no-deps", "--no-build-isolation", "--editable", part)
    run(PYTHON, ROOT / "setup" / "instance_wheels.py")
    # Python compiles what it imports first: 3 s of processor time that the first start would take.
    run(PYTHON, "-c", "import local_aws.daemon, ansible.cli.playbook")
    print(f"set-up: {time.monotonic() - started:.0f} s")


def require_usable_name(folder):
    for characters, meaning in NOT_IN_NAMES.items():
        if characters in folder:
            sys.exit(
                f"set-up: this folder's path holds {characters!a}, which {meaning}; "
                f"move the checkout to a path without it: {folder!a}"
            )


def make_environment():
    if UV.exists():
        return
    if ENVIRONMENT.is_symlink() or (
        ENVIRONMENT.exists() and not MARK.exists() and any(ENVIRONMENT.iterdir())
    ):
        sys.exit(f"set-up: {ENVIRONMENT} is there, and set-up did not make it: move it away")
    try:
        import ensurepip  # noqa: F401 - Debian ships python3 without it
        import venv
    except ImportError:
        sys.exit(
            f"set-up: this Python has no venv module ({sys.executable}). On Debian and Ubuntu: "
            "apt-get install python3-venv. Or name another one: make setup PYTHON=python3.12"
        )
    ENVIRONMENT.mkdir(exist_ok=True)
    MARK.touch()
    for entry in ENVIRONMENT.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry != MARK:
            entry.unlink()
    venv.create(ENVIRONMENT, with_pip=True)
    run(
        PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--require-hashes", "--requirement", ROOT / "requirements" / "bootstrap.txt",
    )  # fmt: skip


def uv(*arguments):
    run(UV, *arguments, "--quiet", "--python", PYTHON)


def run(*command):
    words = [str(word) for word in command]
    # uv makes a URL of the whole path, and looks for one with "#" in it in vain; "." it finds.
    code = subprocess.call(words, cwd=str(ROOT))
    if code:
        sys.exit("set-up: this failed with status {}: {}".format(code, " ".join(words)))


if __name__ == "__main__":
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("requirement_files", nargs="+", metavar="FILE")
    main(parser.parse_args().requirement_files)
