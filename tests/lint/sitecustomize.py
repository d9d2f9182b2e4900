"""Lets ansible-lint import `module_utils/` while it checks the arguments of our modules.

Without this the import fails and the `args` rule passes every argument, misspelt ones too.
Python runs this file when its folder is on PYTHONPATH: `PYTHONPATH=tests/lint ansible-lint`.
"""

from pathlib import Path

import ansible.module_utils

ansible.module_utils.__path__.append(str(Path(__file__).resolve().parents[2] / "module_utils"))
