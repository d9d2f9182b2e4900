"""Make .venv with everything that the hash-locked requirement files name.

    python3 requirements/install.py runtime.txt [test.txt]

Written for old Pythons too, so that one that is too old is told so instead of failing to parse.
A .venv that an interrupted run left half-made is made again.
"""

import subprocess
import sys
import time
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
# The last thing that making the environment puts there; without it the environment is made anew.
UV = ENVIRONMENT / "bin" / "uv"


def main(requirement_files):
    if sys.version_info < OLDEST:
        sys.exit(
            "set-up: Python 3.11 or newer is needed and this is "
            f"{sys.version_info[0]}.{sys.version_info[1]} ({sys.executable}). "
            "Name another one with: make setup PYTHON=python3.12"
        )
    started = time.monotonic()
    make_environment()
    for name in requirement_files:
        uv("pip", "install", "--require-hashes", "--requirement", ROOT / "requirements" / name)
    # The build tool is among the locked requirements, so nothing unlocked is fetched here.
    uv("pip", "install", "--no-deps", "--no-build-isolation", "--editable", ROOT)
    print(f"set-up: {time.monotonic() - started:.0f} s")


def make_environment():
    if UV.exists():
        return
    try:
        import ensurepip  # noqa: F401 - Debian ships python3 without it
        import venv
    except ImportError:
        sys.exit(
            f"set-up: this Python has no venv module ({sys.executable}). On Debian and Ubuntu: "
            "apt-get install python3-venv. Or name another one: make setup PYTHON=python3.12"
        )
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    run(
        PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--require-hashes", "--requirement", ROOT / "requirements" / "bootstrap.txt",
    )  # fmt: skip


def uv(*arguments):
    run(UV, *arguments, "--quiet", "--python", PYTHON)


def run(*command):
    words = [str(word) for word in command]
    code = subprocess.call(words)
    if code:
        sys.exit("set-up: this failed with status {}: {}".format(code, " ".join(words)))


if __name__ == "__main__":
    main(sys.argv[1:])
