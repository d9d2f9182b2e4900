"""The first boot's own program: what it installs, and what it says when it cannot."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from server_process import FILES, Stub

PROGRAM = FILES / "install_server.py"
INSTANCE = "i-0123456789abcdef0"  # the stub's

# Notes each call; gives the object when there is one. With "hang" it refuses once, and then hangs.
AWS = f"""#!{sys.executable}
import json, pathlib, shutil, sys, time
here = pathlib.Path(__file__).parent
if "get-object" in sys.argv and (here / "hang").exists() and (here / "calls").exists():
    time.sleep(60)
with (here / "calls").open("a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
if "get-object" in sys.argv:
    if not (here / "object").exists():
        print("\\nAn error occurred (AccessDenied): Access Denied")
        sys.exit(254)
    shutil.copy(here / "object", sys.argv[sys.argv.index("--region") - 1])
"""


@dataclass
class FirstBoot:
    """A folder in which it runs, with an `aws` that plays the AWS CLI."""

    home: Path
    stub: Stub
    python: str = sys.executable
    status: int = field(init=False)
    console: list[str] = field(init=False)

    def __post_init__(self) -> None:
        (self.home / "aws").write_text(AWS)
        (self.home / "aws").chmod(0o755)
        self.bucket = self.home / "object"

    def run(self, sha256: str, seconds: float = 0) -> None:
        options = {
            "aws": str(self.home / "aws"),
            "python": self.python,
            "region": "eu-west-1",
            "account": "123456789012",
            "bucket": "demo",
            "sha256": sha256,
            "stack": "demo",
            "resource": "Group",
            "seconds": str(seconds),
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        done = subprocess.run(
            [sys.executable, str(PROGRAM), *words],
            cwd=self.home,
            env=self.stub.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert not done.stderr
        self.status, self.console = done.returncode, done.stdout.splitlines()

    def calls(self) -> list[list[str]]:
        file = self.home / "calls"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def signals(self) -> list[list[str]]:
        return [call for call in self.calls() if call[1] == "signal-resource"]


@pytest.fixture
def first_boot(tmp_path: Path, stub: Stub) -> FirstBoot:
    return FirstBoot(tmp_path, stub)


def archive(**files: str) -> tuple[bytes, str]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as content:
        for name, text in files.items():
            content.writestr(f"{name}.py", text)
    return buffer.getvalue(), hashlib.sha256(buffer.getvalue()).hexdigest()


def test_it_fetches_verifies_and_unpacks(first_boot: FirstBoot) -> None:
    content, sha256 = archive(server="print('served')\n")
    first_boot.bucket.write_bytes(content)
    first_boot.run(sha256)
    assert (first_boot.status, first_boot.console) == (0, [])
    assert (first_boot.home / "app" / "server.py").read_text() == "print('served')\n"
    assert list((first_boot.home / "app" / "__pycache__").glob("server.*.pyc"))
    assert not (first_boot.home / "app.zip").exists()
    (call,) = first_boot.calls()
    assert call[:6] == ["s3api", "get-object", "--bucket", "demo", "--key", f"{sha256}.zip"]


def test_on_a_later_boot_nothing_is_asked(first_boot: FirstBoot) -> None:
    (first_boot.home / "app").mkdir()
    first_boot.run("0" * 64)
    assert (first_boot.status, first_boot.console, first_boot.calls()) == (0, [], [])


def test_an_object_that_was_tampered_with_is_refused(first_boot: FirstBoot) -> None:
    _, sha256 = archive(server="print('served')\n")
    tampered, other = archive(server="print('mine')\n")
    first_boot.bucket.write_bytes(tampered)
    first_boot.run(sha256)
    assert first_boot.status == 1
    (line,) = first_boot.console
    assert line == (
        f"first boot failed: digest: what was fetched has SHA-256 {other}, and the launch template "
        f"names {sha256}"
    )
    assert not (first_boot.home / "app").exists()
    assert not (first_boot.home / "app.zip").exists()


def test_a_download_that_is_refused_is_tried_again_and_then_signalled(
    first_boot: FirstBoot,
) -> None:
    first_boot.run("0" * 64, seconds=3)
    assert first_boot.status == 1
    assert first_boot.console == [
        "first boot failed: download: An error occurred (AccessDenied): Access Denied"
    ]
    assert len(first_boot.calls()) == 3  # two downloads and the signal
    (signal,) = first_boot.signals()
    named = dict(zip(signal[2::2], signal[3::2], strict=True))
    assert named == {
        "--stack-name": "demo",
        "--logical-resource-id": "Group",
        "--unique-id": INSTANCE,
        "--status": "FAILURE",
        "--region": "eu-west-1",
    }


def test_an_attempt_that_is_cut_short_does_not_hide_why_the_others_failed(
    first_boot: FirstBoot,
) -> None:
    (first_boot.home / "hang").touch()
    first_boot.run("0" * 64, seconds=3)
    assert first_boot.console == [
        "first boot failed: download: An error occurred (AccessDenied): Access Denied"
    ]


def test_a_python_that_cannot_be_installed_is_named(first_boot: FirstBoot) -> None:
    first_boot.python = str(first_boot.home / "python3.11")
    first_boot.run("0" * 64)
    assert first_boot.status == 1
    (line,) = first_boot.console
    assert line.startswith("first boot failed: package: ")
    assert len(first_boot.signals()) == 1


def test_what_is_no_archive_is_named(first_boot: FirstBoot) -> None:
    first_boot.bucket.write_bytes(b"no archive")
    first_boot.run(hashlib.sha256(b"no archive").hexdigest())
    assert first_boot.console == ["first boot failed: unpack: File is not a zip file"]
    assert len(first_boot.signals()) == 1


def test_it_is_written_for_the_python_of_amazon_linux_2023() -> None:
    source = PROGRAM.read_text()
    ast.parse(source, feature_version=(3, 9))
    assert "${" not in source  # Fn::Sub would take it for a variable
