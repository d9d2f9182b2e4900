"""Traffic on a fixed schedule, and how its replies are read; from `observe/`."""

from evidence.observe.prober import BehindError, Prober, run_with_fast_loop
from evidence.observe.reply_shape import ReplyShape

__all__ = ["BehindError", "Prober", "ReplyShape", "run_with_fast_loop"]
