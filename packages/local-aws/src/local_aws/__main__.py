"""`python -m local_aws`: the daemon's process.

A start spends nearly all its time on importing moto; what speeds that up is here.
"""

from __future__ import annotations

import functools
import gc
import signal


def main() -> None:
    # Until there is something to end in order, a Ctrl-C ends it without a word.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    import botocore.session
    from botocore.loaders import create_loader

    # Each collection would look at all the modules that are there by then, and find nothing.
    gc.disable()
    # moto opens a session for each list of regions; each would read botocore's endpoints again.
    botocore.session.create_loader = functools.cache(create_loader)
    from local_aws import daemon_process

    gc.enable()
    daemon_process.main()


main()
