"""The package as others install it: nothing but itself and what its pyproject.toml names."""

import os
import subprocess
import venv
from pathlib import Path

import pytest

# Twenty packages are installed, and most of that is the network's time.
pytestmark = pytest.mark.timeout(900)

PACKAGE = Path(__file__).parents[1]
PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")

IMPORT_ALL = """
import importlib, pkgutil
import evidence
for module in pkgutil.walk_packages(evidence.__path__, "evidence."):
    importlib.import_module(module.name)
    print(module.name)
"""
OBSERVE = """
import os, socket, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from evidence.claims import judge, parse_claims
from evidence.evidence import read_evidence
from evidence.observe import observation
from evidence.observe.configuration import ObserverConfig, Subject
from evidence.record.processes import ProcessIdentity
from evidence.record.run_folder import create_run
from evidence.report.page import render
from evidence.report.run_record import read_run
from evidence.report.verdicts import scenario_result, write_results

class Hello(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_): ...

server = ThreadingHTTPServer(("127.0.0.1", 0), Hello)
threading.Thread(target=server.serve_forever, daemon=True).start()
deaf = socket.socket()  # nobody answers AWS's API
deaf.bind(("127.0.0.1", 0))
owner = ProcessIdentity.of(os.getpid())
folder = create_run(owner, Path("runs"))
config = ObserverConfig(
    scenario="alone", run_folder=str(folder.path),
    url=f"http://127.0.0.1:{server.server_address[1]}/",
    rate=20, timeout_seconds=5, sample_interval_seconds=1, limit_seconds=60, owner=owner,
    subject=Subject("us-east-1", "none", "none", "none"), settings={},
)
observer = observation.start(config, {
    "AWS_ENDPOINT_URL": f"http://127.0.0.1:{deaf.getsockname()[1]}",
    "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_MAX_ATTEMPTS": "1",
})
while len(read_evidence(folder, "alone").replies) < 10 and observer.process.is_running():
    time.sleep(0.05)
observation.stop(observer)
seen = read_evidence(folder, "alone")
claims = parse_claims([
    {"claim": "all is well", "measure": "share", "where": {"kind": "real"}, "is": 1},
    {"claim": "a target is healthy", "measure": "healthy_targets", "is": 1},
])
verdicts = [judge(claim, seen) for claim in claims]
result = scenario_result(
    seen, verdicts, hypothesis="It stands alone", objective=0.99, negative_control=False
)
write_results(folder.verdicts, folder.path.name, [result])
assert "It stands alone" in render(read_run(folder))
print([verdict.outcome for verdict in verdicts])
"""


class Environment:
    """A virtual environment, and what a command in it says."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder / "venv", with_pip=True, symlinks=True)
        self._python = folder / "venv" / "bin" / "python"
        self._folder = folder
        # What this run's own environment says about Python must not reach the other one.
        self._variables = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
        }

    def run(self, *arguments: str) -> str:
        done = self.done(*arguments)
        assert done.returncode == 0, f"python {arguments}: {done.stdout}"
        return done.stdout

    def done(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._python, *arguments],
            cwd=self._folder,
            env=self._variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Skips where no package index is reached, as without a network."""
    environment = Environment(tmp_path_factory.mktemp("alone"))
    looked_up = environment.done(
        *PIP, "--retries", "0", "--timeout", "15", "download", "--no-deps", "hatchling"
    )
    if looked_up.returncode:
        pytest.skip(f"no package index is reached: {looked_up.stdout.strip().splitlines()[-1]}")
    environment.run(*PIP, "install", str(PACKAGE))
    return environment


def test_all_its_modules_are_imported(environment: Environment) -> None:
    assert environment.run("-m", "pip", "check").strip() == "No broken requirements found."
    source = PACKAGE / "src"
    files = {path.relative_to(source).with_suffix("") for path in source.rglob("*.py")}
    names = {".".join(file.parts).removesuffix(".__init__") for file in files}
    assert set(environment.run("-c", IMPORT_ALL).split()) == names - {"evidence"}


def test_it_observes_judges_and_reports(environment: Environment) -> None:
    assert environment.run("-c", OBSERVE).strip() == "['held', 'unjudged']"
