"""Traffic on a fixed schedule; the rooms behind it are in `observe/`."""

from evidence.observe.prober import BehindError, Prober, run_with_fast_loop

__all__ = ["BehindError", "Prober", "run_with_fast_loop"]
