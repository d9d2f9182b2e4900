"""EC2 as AWS has it, where moto differs.

instance_states.py     pending, stopping and shutting-down; boots; what the data plane reports
launching.py           RunInstances honours the launch template, the zone and the subnet
instance_profiles.py   one association, the same in every listing
launch_templates.py    versions built on a source version, tags given later
key_pairs.py           RSA keys are made outside the lock
console_output.py      GetConsoleOutput is the instance's log
user_data.py           16,384 bytes at most
cidr_blocks.py         ranges in security group rules
missing_resources.py   what is not found is the client's mistake
"""

from __future__ import annotations

from local_aws.control_plane.ec2 import (
    cidr_blocks,
    console_output,
    instance_profiles,
    instance_states,
    key_pairs,
    launch_templates,
    launching,
    missing_resources,
    user_data,
)


def install() -> None:
    """Install the corrections of EC2 into moto."""
    for corrections in (
        instance_states,
        launching,
        instance_profiles,
        launch_templates,
        key_pairs,
        console_output,
        missing_resources,
        user_data,
        cidr_blocks,
    ):
        corrections.install()
