"""What the caller has set for other programs reaches nothing that local-aws starts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_aws_command import CALLERS_SECRETS, LocalAws, get
from process_tree import all_processes_below

PROFILES_SECRET = "profile-secret-access-key"
ALLOWED = {
    *("HOME", "LOCAL_AWS_HOME", "TMPDIR", "TZ", "PATH", "LANG", "PYTHONUTF8"),
    *("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED"),
    # An instance's own, where it serves and whom it talks to.
    *("PORT", "LISTEN_ADDRESS", "STATE_DIRECTORY"),
    *("AWS_ENDPOINT_URL", "AWS_EC2_METADATA_SERVICE_ENDPOINT"),
}

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc")


class RecordingProxy:
    """Takes connections, notes that they came, and says nothing."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                self._server.accept()[0].close()
            except OSError:
                return
            self.connections += 1

    def close(self) -> None:
        self._server.close()


@pytest.fixture
def proxy() -> Iterator[RecordingProxy]:
    proxy = RecordingProxy()
    yield proxy
    proxy.close()


@pytest.fixture
def local_aws(tmp_path: Path, proxy: RecordingProxy) -> Iterator[LocalAws]:
    """Called with everything that could lead it, or what it starts, elsewhere."""
    profile = tmp_path / "user" / ".aws"
    profile.mkdir(parents=True)
    text = f"""
        [default]
        aws_access_key_id = AKIAPROFILE000000000
        aws_secret_access_key = {PROFILES_SECRET}
        region = eu-north-1
        endpoint_url = {proxy.url}
    """
    (profile / "credentials").write_text(text.replace("        ", ""))
    (profile / "config").write_text(text.replace("        ", ""))
    injected = tmp_path / "injected"
    injected.mkdir()
    (injected / "moto.py").write_text("raise SystemExit('injected')")
    local_aws = LocalAws(tmp_path / "a home")
    local_aws.environment |= {
        "HOME": str(profile.parent),
        "PYTHONPATH": str(injected),
        "PYTHONHASHSEED": "1",
        "PYTHONOPTIMIZE": "2",
        "PYTHONWARNINGS": "error",
        "LD_LIBRARY_PATH": str(injected),
        "MOTO_ACCOUNT_ID": "000000000000",
        "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2": proxy.url,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "AWS_CA_BUNDLE": "/nowhere",
        "CANARY": "canary",
        **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY"), proxy.url),
    }
    yield local_aws
    local_aws.stop()


def test_the_callers_environment_reaches_nothing(
    local_aws: LocalAws, proxy: RecordingProxy, tmp_path: Path
) -> None:
    local_aws.start()
    url = local_aws.run_service("web")
    assert get(url)[0] == 200
    daemon = local_aws.running["pid"]
    started = (daemon, *all_processes_below(daemon))
    assert len(started) >= 3  # Envoy and an instance

    for pid in started:
        variables = Path(f"/proc/{pid}/environ").read_text().split("\0")
        assert {variable.partition("=")[0] for variable in variables if variable} <= ALLOWED
    assert local_aws.status()["load_balancers"][0]["url"] == url
    local_aws.run("stop", "--save", str(tmp_path / "saved"))
    local_aws.start("--load", str(tmp_path / "saved"))

    assert proxy.connections == 0
    secrets = [secret.encode() for secret in (*CALLERS_SECRETS.values(), PROFILES_SECRET, "canary")]
    for path in local_aws.home.rglob("*"):
        if path.is_file():
            assert not [secret for secret in secrets if secret in path.read_bytes()], path


def test_env_removes_from_a_shell_what_would_lead_elsewhere(local_aws: LocalAws) -> None:
    local_aws.environment["AWS_X;echo injected"] = "1"
    local_aws.start()

    unset = local_aws.run("env").splitlines()[0].split()

    assert unset[0] == "unset"
    assert {
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
        "AWS_CA_BUNDLE",
        "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    } <= set(unset)
    assert not [name for name in unset if ";" in name]
