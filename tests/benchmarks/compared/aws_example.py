"""A server that works the way AWS's example does: what the benchmark compares with.

Single-threaded http.server; each request first reads the parameters from SSM, then an item from
DynamoDB, with the SDK's default clients.
"""

from __future__ import annotations

import json
import os
import random
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import boto3

PARAMETERS = {
    "table": "doc-example-resilient-architecture-table",
    "failure_response": "doc-example-resilient-architecture-failure-response",
    "health_check": "doc-example-resilient-architecture-health-check",
}
SSM = boto3.client("ssm", region_name="us-east-1")
DYNAMODB = boto3.client("dynamodb", region_name="us-east-1")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = SSM.get_parameters(Names=list(PARAMETERS.values()))["Parameters"]
        values = {parameter["Name"]: parameter["Value"] for parameter in found}
        key = {
            "MediaType": {"S": random.choice(("Book", "Movie", "Song"))},  # noqa: S311
            "ItemId": {"N": str(random.randint(1, 3))},  # noqa: S311
        }
        content: dict[str, Any] = {"success": True}
        if self.path == "/":
            content = DYNAMODB.get_item(TableName=values[PARAMETERS["table"]], Key=key)["Item"]
            content["Metadata"] = {"InstanceId": "i-0", "AvailabilityZone": "us-east-1a"}
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
