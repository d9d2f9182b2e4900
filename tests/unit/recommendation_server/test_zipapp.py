"""The archive that travels in user data: small, always the same, and the same program."""

from __future__ import annotations

import ast
import base64
import gzip
import io
import re
import textwrap
import zipfile
from pathlib import Path

import pytest
from ansible.module_utils.resilience.zipapp import build_zipapp, without_prose
from server_process import FILES, Server, Stub

SOURCE = FILES / "recommendation_server"
TEMPLATE = FILES.parent / "roles/service_stack/templates/resilient-service.yaml"
# In raw form: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
USER_DATA_BYTES = 16_384
# An ARN is longer than the reference to it; most names are shorter.
SUBSTITUTED_BYTES = 100


def encoded_length(content: bytes) -> int:
    return len(base64.b64encode(gzip.compress(content, 9, mtime=0)))


def test_fits_user_data() -> None:
    template = TEMPLATE.read_text()
    begin = template.index("            #cloud-config")
    written = template[begin : template.index("  DocExampleRecommendationServiceAutoScalingGroup:")]
    around = len(textwrap.dedent(written).encode())
    archive = encoded_length(build_zipapp(SOURCE))
    requirements = encoded_length((SOURCE / "requirements.txt").read_bytes())
    assert around + SUBSTITUTED_BYTES + archive + requirements <= USER_DATA_BYTES


def test_every_requirement_is_pinned_to_one_wheel() -> None:
    for line in (SOURCE / "requirements.txt").read_text().splitlines():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+ --hash=sha256:[0-9a-f]{64}", line), line


def test_equal_sources_give_equal_bytes(tmp_path: Path) -> None:
    copy = tmp_path / "recommendation_server"
    copy.mkdir()
    for path in sorted([*SOURCE.glob("*.py"), *SOURCE.glob("*.json")], reverse=True):
        (copy / path.name).write_bytes(path.read_bytes())
    (copy / "__pycache__").mkdir()
    assert build_zipapp(copy) == build_zipapp(SOURCE)


def test_it_starts_and_serves(stub: Stub, tmp_path: Path) -> None:
    archive = tmp_path / "recommendation-server.pyz"
    archive.write_bytes(build_zipapp(SOURCE))
    with Server(tmp_path, stub.environment() | {"PYTHONPATH": ""}, (str(archive),)) as server:
        assert server.get("/").status == 200


def without_docstrings(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:]
            if not node.body and not isinstance(node, ast.Module):
                node.body = [ast.Pass()]
    return ast.dump(tree)


@pytest.mark.parametrize("path", sorted(SOURCE.glob("*.py")), ids=lambda path: path.name)
def test_only_prose_is_left_out(path: Path) -> None:
    source = path.read_text()
    assert ast.dump(ast.parse(without_prose(source))) == without_docstrings(source)
    with zipfile.ZipFile(io.BytesIO(build_zipapp(SOURCE))) as archive:
        packed = archive.read(f"recommendation_server/{path.name}").decode()
    assert packed == without_prose(source)
    assert "#" not in packed.replace("(?:.*#)", "")


def test_prose_in_strings_stays() -> None:
    assert without_prose('x = "# no"  # yes\n\n\ndef f():\n    """Doc."""\n') == (
        'x = "# no"\ndef f():\n pass\n'
    )
