"""The README's example does what the README says, against a real server."""

import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

README = (Path(__file__).parents[1] / "README.md").read_text()


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: Any) -> None: ...


def block(language: str) -> str:
    [text] = re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)
    return str(text)


def test_the_example_prints_what_the_readme_shows() -> None:
    program = block("python")
    assert program.count(":8080/") == 1
    with ThreadingHTTPServer(("127.0.0.1", 0), Hello) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = subprocess.run(
            [sys.executable, "-c", program.replace(":8080/", f":{server.server_address[1]}/")],
            capture_output=True,
            text=True,
            check=False,
        )
        server.shutdown()
    assert (done.stdout, done.stderr) == (block("text"), "")
