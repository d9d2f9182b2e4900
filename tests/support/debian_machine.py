"""A machine with Debian's own systemd and cloud-init, in a container of systemd-nspawn.

Its image is made once by mmdebstrap, from where this machine's packages come from; what a machine
writes is its own. Debian 12 has the Python and nearly the systemd of Amazon Linux 2023.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from instance_network import InstanceNetwork

PACKAGES = ("awscli", "ca-certificates", "cloud-init", "dbus", "python3", "systemd-sysv")
COMMANDS = ("ip", "mmdebstrap", "nsenter", "setpriv", "systemd-nspawn", "unshare")
_SUITE = "bookworm"
# Where the host has but the older kind, systemd inside finds no hierarchy for itself.
_OWN_CGROUPS = "mount -t cgroup2 cgroup2 /sys/fs/cgroup"
_ENVIRONMENT = {"PATH": "/usr/bin:/usr/sbin", "LANG": "C.UTF-8", "SYSTEMD_PAGER": ""}
_END_SECONDS = 60.0


class MachineError(Exception):
    """A command that makes a machine has failed; its last line says why."""


def missing() -> str | None:
    """Why no such machine can be made here, in one line; None when it can."""
    if os.geteuid() != 0:
        return "only root may boot a machine with systemd-nspawn"
    absent = [command for command in COMMANDS if shutil.which(command) is None]
    if absent:
        packages = "iproute2, mmdebstrap, systemd-container, util-linux"
        return f"no {', '.join(absent)} here (Debian: {packages})"
    try:
        _command("unshare", "--mount", "--net", "sh", "-c", _OWN_CGROUPS)
    except MachineError as error:
        return f"root may make no namespaces of its own here: {error}"
    return None


def image(folder: Path) -> Path:
    """The root of the machines' image, made on the first use, in a minute. Raises MachineError."""
    root = folder / f"{_SUITE}-{'-'.join(PACKAGES)}"
    if not root.exists():
        partial = root.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        _command(
            *("mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(PACKAGES)}"),
            *("--dpkgopt=path-exclude=/usr/share/doc/*", _SUITE, str(partial)),
        )
        partial.rename(root)
    return root


class DebianMachine:
    """Boots and is powered off as often as one likes; its disk stays."""

    def __init__(self, image: Path, folder: Path, network: InstanceNetwork) -> None:
        self.root = folder / "root"
        self._folder = folder
        self._network = network
        self._process: subprocess.Popen[bytes] | None = None
        layers = [folder / "written", folder / "work", self.root]
        for layer in layers:
            layer.mkdir(parents=True)
        written, work, _ = layers
        options = f"lowerdir={image},upperdir={written},workdir={work}"
        _command("mount", "-t", "overlay", "-o", options, "overlay", str(self.root))

    def write(self, files: Mapping[str, str], mode: int = 0o644) -> None:
        for name, text in files.items():
            path = self.root / name.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(mode)

    def append(self, name: str, text: str) -> None:
        with (self.root / name.lstrip("/")).open("a") as file:
            file.write(text)

    def trust(self, authority: str) -> None:
        """Its programs believe certificates of this authority, given as PEM."""
        self.write({"/usr/local/share/ca-certificates/tests.crt": authority})
        _command("chroot", str(self.root), "update-ca-certificates")

    def boot(self) -> None:
        """Returns at once; `console` is what the boot shows."""
        assert self._process is None
        script = f"{_OWN_CGROUPS} && exec {self._nspawn()}"
        # It ends with the tests, should they be killed.
        command = ["setpriv", "--pdeathsig", "TERM", "unshare", "--mount", "sh", "-c", script]
        with self._console_path.open("ab") as console:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
            )

    def power_off(self) -> None:
        """As a reboot begins: systemd stops all units. Returns when the machine is off."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(_END_SECONDS)
        self._process = None

    @property
    def console(self) -> str:
        return self._console_path.read_text(errors="replace")

    def remove(self) -> None:
        if self._process is not None:
            try:  # its first process takes all others with it, and nspawn ends, too
                os.kill(self._first_process(), signal.SIGKILL)
            except (IndexError, ProcessLookupError):  # it has not begun, or has ended
                self._process.kill()
            self._process.wait(_END_SECONDS)
        _command("umount", str(self.root))

    def run(self, *command: str) -> str:
        """What a command says that is run inside; it must succeed."""
        inside = ["nsenter", f"--target={self._first_process()}", "--all", "env", "-i", "-C/"]
        done = subprocess.run(
            [*inside, *(f"{name}={value}" for name, value in _ENVIRONMENT.items()), *command],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, f"{command}: {done.returncode}: {done.stdout}"
        return done.stdout

    def _nspawn(self) -> str:
        return shlex.join(
            [
                *("systemd-nspawn", "--quiet", f"--directory={self.root}", "--boot"),
                *("--register=no", "--keep-unit", f"--network-namespace-path={self._network.path}"),
                *("--resolv-conf=off", "--timezone=off", "--link-journal=no"),
                "--console=read-only",
            ]
        )

    def _first_process(self) -> int:
        """The id here of what is process 1 inside. Raises IndexError while there is none."""
        assert self._process is not None
        pid = self._process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])

    @property
    def _console_path(self) -> Path:
        return self._folder / "console"


def _command(*words: str) -> None:
    done = subprocess.run(
        words, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600
    )
    if done.returncode != 0:
        said = done.stdout.decode(errors="replace").strip().splitlines() or ["nothing"]
        raise MachineError(f"{words[0]} ended with status {done.returncode}: {said[-1]}")
