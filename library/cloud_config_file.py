#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: cloud_config_file
short_description: Encode a file or a Python package for cloud-config's write_files
description:
  - Returns the content and the encoding of a C(write_files) entry of EC2 user data.
  - A file is compressed. A folder that holds a Python package with a C(__main__.py) becomes one
    archive that C(python ARCHIVE) runs.
  - The same source always gives the same content, so user data changes only when code does.
author:
  - The contributors of this project
options:
  source:
    description: The file or the folder on the controller.
    type: path
    required: true
attributes:
  check_mode:
    description: Nothing is ever changed.
    support: full
  diff_mode:
    description: Nothing is ever changed.
    support: none
  idempotent:
    description: Nothing is ever changed.
    support: full
"""

EXAMPLES = r"""
- name: Pack the web server
  cloud_config_file:
    source: files/recommendation_server
  register: server
"""

RETURN = r"""
content:
  description: The encoded content, in ASCII.
  returned: always
  type: str
encoding:
  description: How C(write_files) must decode it, V(b64) or V(gz+b64).
  returned: always
  type: str
  sample: gz+b64
"""

import base64
import gzip
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.resilience.zipapp import build_zipapp


def encode(source: Path) -> tuple[str, str]:
    """The (content, encoding) of a write_files entry. Raises `OSError` and `ValueError`."""
    content = build_zipapp(source) if source.is_dir() else source.read_bytes()
    compressed = gzip.compress(content, compresslevel=9, mtime=0)
    return base64.b64encode(compressed).decode(), "gz+b64"


def main() -> None:
    module = AnsibleModule(
        argument_spec={"source": {"type": "path", "required": True}}, supports_check_mode=True
    )
    try:
        content, encoding = encode(Path(module.params["source"]))
    except (OSError, ValueError) as error:
        module.fail_json(msg=f"Failed to encode {module.params['source']}: {error}")
    module.exit_json(changed=False, content=content, encoding=encoding)


if __name__ == "__main__":
    main()
