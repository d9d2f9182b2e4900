"""Makes `module_utils/` importable under the name modules know it by, as Ansible does for them."""

from pathlib import Path

import ansible.module_utils

ROOT = Path(__file__).resolve().parents[1]

ansible.module_utils.__path__.append(str(ROOT / "module_utils"))
