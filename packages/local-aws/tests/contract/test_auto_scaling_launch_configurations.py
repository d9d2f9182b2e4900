"""Launch configurations as AWS describes them."""

from __future__ import annotations

from typing import Any


def test_what_one_does_not_have_is_empty(asg: Any, unique_name: str) -> None:
    """API_LaunchConfiguration: these texts and lists are never left out."""
    asg.create_launch_configuration(
        LaunchConfigurationName=unique_name, ImageId="ami-12c6146b", InstanceType="t3.micro"
    )
    names = {"LaunchConfigurationNames": [unique_name]}
    [found] = asg.describe_launch_configurations(**names)["LaunchConfigurations"]
    empty = {name for name, value in found.items() if value == ""}
    assert empty >= {"KernelId", "KeyName", "RamdiskId", "UserData"}
    for name in ("BlockDeviceMappings", "ClassicLinkVPCSecurityGroups", "SecurityGroups"):
        assert found[name] == []
