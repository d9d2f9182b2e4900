"""What a local AWS holds: memory, descriptors, threads, and the size of everything it writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from process_tree import all_processes_below


@dataclass(frozen=True)
class Footprint:
    """`processes` is what `held_by` finds of the daemon and of Envoy, by name.

    `logs_kib` is each log's size by its path below the state folder; `folder_kib` is that of all.
    `running` is the number of processes below the daemon.
    """

    processes: dict[str, dict[str, int]]
    logs_kib: dict[str, int]
    folder_kib: int
    running: int

    @classmethod
    def of(cls, daemon: int, home: Path) -> Footprint:
        below = all_processes_below(daemon)
        envoy = next(pid for pid in below if b"/envoy" in command(pid))
        sizes = {
            path: path.stat().st_size // 1024
            for path in home.rglob("*")
            if path.is_file() and not path.is_symlink()
        }
        return cls(
            processes={"daemon": held_by(daemon), "envoy": held_by(envoy)},
            logs_kib={
                str(path.relative_to(home)): size
                for path, size in sizes.items()
                if path.suffix in {".log", ".jsonl"}
            },
            folder_kib=sum(sizes.values()),
            running=len(below),
        )


def command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]


def held_by(pid: int) -> dict[str, int]:
    process = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    return {
        "memory_mib": int(status["VmRSS"].split()[0]) // 1024,
        "descriptors": len(list((process / "fd").iterdir())),
        "threads": int(status["Threads"]),
    }
