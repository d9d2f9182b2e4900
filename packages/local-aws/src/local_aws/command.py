"""The command `local-aws` from its first moment on: what a Ctrl-C does while it is imported."""

from __future__ import annotations

import signal


def main() -> None:
    # Python would show where in the imports it was. A caller who ignores Ctrl-C goes on doing so.
    is_heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from local_aws import cli

    if is_heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    cli.main()
