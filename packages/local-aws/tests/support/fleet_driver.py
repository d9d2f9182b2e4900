"""An instance that serves, its user data, and short ways to boot and ask it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from local_aws.compute.fleet import Compute
from local_aws.contract.desired_state import Instance

Console = Callable[..., str]
"""The console log of an instance as it is now."""
MakeCompute = Callable[..., Compute]

SERVER = """
import http.server, json, os, pathlib, sys

state = pathlib.Path(os.environ["STATE_DIRECTORY"]) / "boots"
state.write_text(str(int(state.read_text() if state.exists() else 0) + 1))

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        facts = {"environment": dict(os.environ), "boots": int(state.read_text()),
                 "arguments": sys.argv[1:], "directory": os.getcwd(), "pid": os.getpid()}
        body = json.dumps(facts).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.path == "/exit":
            self.wfile.flush()
            os._exit(3)

address = os.environ["LISTEN_ADDRESS"], int(os.environ["PORT"])
http.server.HTTPServer(address, Handler).serve_forever()
"""


UNIT = """
[Service]
ExecStart=/opt/web/bin/python /opt/web/server.py /opt/web/server.py
StateDirectory=web
WorkingDirectory=/opt/web
Environment=PORT=80 GREETING=hello
Restart=always
RestartSec=100ms
"""


def user_data(
    unit: str = UNIT, program: str = SERVER, runcmd: str = "systemctl enable --now web"
) -> bytes:
    files = {"/opt/web/server.py": program, "/etc/systemd/system/web.service": unit}
    entries = [{"path": path, "content": content} for path, content in files.items()]
    return ("#cloud-config\n" + json.dumps({"write_files": entries, "runcmd": [runcmd]})).encode()


def instance(number: int = 1, **changes: Any) -> Instance:
    values = {
        "instance_id": f"i-{number:017x}",
        "region": "eu-west-1",
        "availability_zone": "eu-west-1a",
        "private_ip": f"172.31.0.{number}",
        "image_id": "ami-1",
        "instance_type": "t3.micro",
        "user_data": user_data(),
        "boots": 1,
    }
    return Instance(**(values | changes))


ONE = instance()


ID = ONE.instance_id


def wait_for(condition: Callable[[], Any], seconds: float = 10) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.01)
    raise AssertionError(f"not true within {seconds} s")


def ask(compute: Compute, instance_id: str = ID, path: str = "/") -> dict[str, Any] | None:
    host, port = compute.addresses()[instance_id]
    try:
        with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return None


def boot(compute: Compute, *instances: Instance) -> None:
    compute.reconcile(instances)
    for one in instances:
        wait_for(lambda i=one: (f := compute.facts().get(i.instance_id)) and f.boots == i.boots)


def fact(compute: Compute, number: int = 1) -> Any:
    return compute.facts().get(instance(number).instance_id)
