"""python recommendation-server.pyz [signal --stack NAME --resource LOGICAL_ID]"""

from __future__ import annotations

import argparse
import os
import sys

from recommendation_server import log
from recommendation_server.config import Config


def main() -> int:
    parser = argparse.ArgumentParser(prog="recommendation-server")
    commands = parser.add_subparsers(dest="command")
    signal = commands.add_parser("signal", help="tell CloudFormation whether this server serves")
    signal.add_argument("--stack", required=True)
    signal.add_argument("--resource", required=True, help="logical id of the Auto Scaling group")
    arguments = parser.parse_args()
    log.configure()
    try:
        config = Config.from_environment(os.environ)
        if arguments.command == "signal":
            from recommendation_server.resource_signal import signal_resource

            return signal_resource(config, arguments.stack, arguments.resource)
        from recommendation_server.server import serve

        serve(config)
    except (OSError, ValueError) as error:
        log.event("failed", level=40, error=str(error))
        return 1
    return 0


sys.exit(main())
