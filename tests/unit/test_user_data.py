"""The user data that instances get: within EC2's limit, and what cloud-init and systemd read."""

from __future__ import annotations

import re
from typing import Any

import yaml
from cfnlint.decode.cfn_yaml import loads
from rendered_template import PROGRAM, rendered

from local_aws.compute import cloud_config, systemd_unit

# In raw form: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
USER_DATA_BYTES = 16_384
KEPT_FREE_BYTES = 2_000
# What CloudFormation fills in, as long as it can be.
LONGEST = {
    "AWS::AccountId": 12,
    "AWS::Region": 14,
    "AWS::StackName": 29,
    "LaunchTemplateVersion": 32,
    "DrainSeconds": 6,
    "LongestHold": 4,
    "ServerBucket": 63,
    "ServerSha256": 64,
    "DocExampleRecommendationServiceFailureResponseParameter": 46,
    "DocExampleRecommendationServiceHealthCheckParameter": 42,
    "DocExampleRecommendationServiceTableParameter": 35,
    "DocExampleRecommendationServiceTargetGroup": 120,
}


def user_data() -> str:
    template: dict[str, Any] = loads(rendered())
    launched = template["Resources"]["DocExampleRecommendationServiceLaunchTemplate"]
    text: str = launched["Properties"]["LaunchTemplateData"]["UserData"]["Fn::Base64"]["Fn::Sub"]
    return re.sub(r"\$\{([^}]+)\}", lambda match: "1" * LONGEST[match[1]], text)


def test_it_leaves_room_with_the_longest_names() -> None:
    assert len(user_data().encode()) <= USER_DATA_BYTES - KEPT_FREE_BYTES


def test_the_program_of_the_first_boot_arrives_as_it_is() -> None:
    written = {
        entry["path"]: entry["content"] for entry in yaml.safe_load(user_data())["write_files"]
    }
    assert written["/opt/recommendation-server/install_server.py"] == PROGRAM.read_text()


def test_each_unit_is_one_that_systemd_knows() -> None:
    config = cloud_config.parse(user_data().encode())
    assert config is not None
    units = {file.path.name: file.content.decode() for file in config.files}
    install, server, signal = (
        systemd_unit.parse(name, units[name])
        for name in (
            "recommendation-server-install.service",
            "recommendation-server.service",
            "recommendation-server-signal.service",
        )
    )
    assert server.requires == signal.requires == (install.name,)
    assert config.started == (server.name, signal.name)
    assert config.enabled == (server.name,)
    assert config.skipped == ()
