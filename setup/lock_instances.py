"""Lock what the instances install: files/recommendation_server/requirements.in to .txt.

    python setup/lock_instances.py UV

Each package has one wheel, of pure Python, so the archive that is made of them is the same on
every machine, and runs on x86_64 and arm64. UV is the path of the uv executable.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import tomllib
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "files" / "recommendation_server"


def main(uv: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        lock = Path(scratch) / "pylock.toml"
        command = [uv, "pip", "compile", "--quiet", "--format", "pylock.toml", "--only-binary"]
        command += [":all:", "--python-version", "3.11", "--python-platform", "linux"]
        subprocess.run([*command, "--output-file", lock, FOLDER / "requirements.in"], check=True)
        packages = tomllib.loads(lock.read_text())["packages"]
    # zc.lockfile names it for a form of namespaces that Python has had itself since 3.3.
    packages = [package for package in packages if package["name"] != "setuptools"]
    lines = []
    for package in packages:
        (wheel,) = package["wheels"]  # pure Python, so there is one for all platforms
        hashed = f"--hash=sha256:{wheel['hashes']['sha256']}"
        lines.append(f"{package['name']}=={package['version']} {hashed}\n")
    (FOLDER / "requirements.txt").write_text("".join(lines))


if __name__ == "__main__":
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("uv", metavar="UV")
    main(parser.parse_args().uv)
