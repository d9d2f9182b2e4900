#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: instance_reboot
short_description: Reboot an EC2 instance
description:
  - Reboots a running instance, which keeps its id, its addresses and its disks.
  - M(amazon.aws.ec2_instance) restarts by stopping and starting. An Auto Scaling group replaces an
    instance that is not running, so its instances can only be rebooted.
  - EC2 reboots some time after it has answered and shows no state for it, so there is nothing to
    wait for here. Wait for what the instance does, for example with M(target_health).
author:
  - The contributors of this project
options:
  instance_id:
    description: The id of the instance.
    type: str
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Says that it would reboot, and does not.
    support: full
  diff_mode:
    description: A reboot leaves nothing that differs.
    support: none
  idempotent:
    description: Each run reboots the instance.
    support: none
"""

EXAMPLES = r"""
- name: Make the instance forget the credentials it holds
  instance_reboot:
    instance_id: i-0123456789abcdef0
"""

RETURN = r"""
# The result says no more than that it changed.
"""

from ansible.module_utils.resilience.aws_call import aws_call
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={"instance_id": {"type": "str", "required": True}}, supports_check_mode=True
    )
    instance_id = module.params["instance_id"]
    try:
        if not module.check_mode:
            ec2 = module.client("ec2")
            aws_call(f"reboot {instance_id}", ec2.reboot_instances, InstanceIds=[instance_id])
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=True)


if __name__ == "__main__":
    main()
