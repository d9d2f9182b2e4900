"""python app [signal --stack NAME --resource ID [--target-group ARN]]"""

import argparse
import logging
import sys

from . import log


def main() -> int:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command")
    signal = commands.add_parser("signal")
    signal.add_argument("--stack", required=True)
    signal.add_argument("--resource", required=True)
    signal.add_argument("--target-group")
    arguments = parser.parse_args()
    log.configure()
    try:
        if arguments.command:
            from .resource_signal import signal_resource

            return signal_resource(arguments.stack, arguments.resource, arguments.target_group)
        from .server import serve

        serve()
    except (OSError, ValueError) as error:
        log.event("failed", {"error": str(error)}, logging.ERROR)
        return 1
    return 0


sys.exit(main())
