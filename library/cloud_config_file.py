#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: cloud_config_file
short_description: Encode a file or a Python package for cloud-config's write_files
description:
  - Returns the content of a C(write_files) entry of EC2 user data with C(encoding=gz+b64).
  - A folder that holds a Python package with a C(__main__.py) becomes one archive that
    C(python ARCHIVE) runs.
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
  description: The compressed content, for a C(write_files) entry with C(encoding=gz+b64).
  returned: always
  type: str
"""

import base64
import gzip
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.resilience.zipapp import build_zipapp


def encode(source: Path) -> str:
    """The content of a write_files entry. Raises `OSError` and `ValueError`."""
    plain = build_zipapp(source) if source.is_dir() else source.read_bytes()
    return base64.b64encode(gzip.compress(plain, compresslevel=9, mtime=0)).decode()


def main() -> None:
    module = AnsibleModule(
        argument_spec={"source": {"type": "path", "required": True}}, supports_check_mode=True
    )
    try:
        content = encode(Path(module.params["source"]))
    except (OSError, ValueError) as error:
        module.fail_json(msg=f"Failed to encode {module.params['source']}: {error}")
    module.exit_json(changed=False, content=content)


if __name__ == "__main__":
    main()
