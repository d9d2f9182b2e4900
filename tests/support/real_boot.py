"""The service's stack on a local AWS, with a real machine in the place of an instance.

The group launches nobody. One instance that runs nothing lends the machine what AWS gives one: its
id, its address, its role, its metadata service and its place in the target group.
"""

from __future__ import annotations

import base64
import json
import re
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ansible.module_utils.resilience.server_archive import digest
from boto3.dynamodb.types import TypeSerializer
from cfnlint.decode.cfn_yaml import loads
from debian_machine import DebianMachine
from instance_network import Forwarder, InstanceNetwork
from instance_surroundings import METADATA_ADDRESS, NAMES_ADDRESS, Surroundings
from local_aws_command import LocalAws, eventually
from project_yaml import ROOT
from rendered_template import rendered
from server_archive import built

_PREFIX = "DocExampleRecommendationService"
_PORT = 80
# Prints what the programs of an instance are told of their surroundings, and ends.
_USER_DATA = """#cloud-config
write_files:
- path: /opt/tell.py
  content: |
    import json, os
    print(json.dumps(dict(os.environ)), flush=True)
- path: /etc/systemd/system/tell.service
  content: |
    [Service]
    Type=oneshot
    ExecStart=/usr/bin/python3 /opt/tell.py
runcmd:
- systemctl start tell.service
"""
_FILES = {
    "/etc/cloud/cloud.cfg.d/99-ec2.cfg": (
        "datasource_list: [Ec2]\n"
        "datasource: {Ec2: {metadata_urls: [http://169.254.169.254], strict_id: false}}\n"
        "network: {config: disabled}\n"
        "locale: false\nssh_genkeytypes: []\n"  # the image has neither locales nor SSH
    ),
    # Names that are not in /etc/hosts are nowhere, which is known at once.
    "/etc/resolv.conf": "nameserver 127.0.0.1\n",
    "/etc/systemd/system.conf.d/colour.conf": "[Manager]\nLogColor=no\n",
}
# In the place of Amazon Linux's package manager: what user data asks for is in the image.
_PACKAGE_MANAGER = {"/usr/local/bin/apt-get": "#!/bin/sh\nexit 0\n"}


def archive() -> bytes:
    """The server's, as an account gets it."""
    return built(
        ROOT / "files/recommendation_server", ROOT / ".cache", "3.11", bytecode=False
    ).read_bytes()


class RealBoot:
    """`machine` is ready to boot, and its stack waits for the signal. `close` removes all."""

    def __init__(
        self, name: str, local_aws: LocalAws, image: Path, folder: Path, stored: bytes | None
    ) -> None:
        """`stored` is what the bucket holds in the archive's place, if anything."""
        self.name = name
        self._bucket = f"{name}-123456789012-us-east-1"
        self._local_aws = local_aws
        self._client = local_aws.client
        self._opened = ExitStack()
        try:
            self._store(stored)
            self._create_stack()
            self.instance_id = self._launch()
            self.surroundings = self._surroundings()
            address = self._described()["PrivateIpAddress"]
            self._network = InstanceNetwork(name, address, (METADATA_ADDRESS, NAMES_ADDRESS))
            self._opened.callback(self._network.remove)
            self.surroundings.serve(self._network, folder)
            self._opened.callback(self.surroundings.close)
            self.machine = DebianMachine(image, folder, self._network)
            self._opened.callback(self.machine.remove)
            self._furnish()
            self._register()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._opened.close()

    @property
    def stack(self) -> dict[str, Any]:
        found: dict[str, Any]
        [found] = self._client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        return found

    @property
    def url(self) -> str:
        """Of the load balancer."""
        [balancer] = self._client("elbv2").describe_load_balancers(Names=[f"{self.name}-lb"])[
            "LoadBalancers"
        ]
        return f"http://{balancer['DNSName']}/"

    @property
    def signals(self) -> list[str]:
        """What the machine has told CloudFormation, in order."""
        return [
            call.parameters["Status"]
            for call in self.surroundings.calls
            if call.action == "SignalResource"
        ]

    def take_role(self) -> None:
        """Disassociate the instance profile."""
        ec2 = self._client("ec2")
        [association] = ec2.describe_iam_instance_profile_associations(
            Filters=[{"Name": "instance-id", "Values": [self.instance_id]}]
        )["IamInstanceProfileAssociations"]
        ec2.disassociate_iam_instance_profile(AssociationId=association["AssociationId"])

    def occupy_port(self) -> None:
        """Another program of the machine's listens where the server is to."""
        self._opened.enter_context(self._network.occupied(_PORT))

    def _store(self, stored: bytes | None) -> None:
        s3 = self._client("s3")
        s3.create_bucket(Bucket=self._bucket)
        self._opened.callback(s3.delete_bucket, Bucket=self._bucket)
        self._sha256 = digest(archive())
        if stored is not None:
            key = f"{self._sha256}.zip"
            s3.put_object(Bucket=self._bucket, Key=key, Body=stored)
            self._opened.callback(s3.delete_object, Bucket=self._bucket, Key=key)

    def _create_stack(self) -> None:
        template = loads(rendered())
        group = template["Resources"][f"{_PREFIX}AutoScalingGroup"]
        group["CreationPolicy"]["ResourceSignal"]["Count"] = 1
        group["Properties"] |= {"MinSize": "0", "MaxSize": "0", "DesiredCapacity": "0"}
        ec2, cloudformation = self._client("ec2"), self._client("cloudformation")
        subnets = ec2.describe_subnets()["Subnets"][:3]
        values = {
            "VPCId": subnets[0]["VpcId"],
            "Subnets": ",".join(each["SubnetId"] for each in subnets),
            "ExternalCidr": "127.0.0.1/32",
            "SSMFailure": "static",
            "ServerBucket": self._bucket,
            "ServerSha256": self._sha256,
            "HealthCheckInterval": "1",
            "DrainSeconds": "2.25",
            "ImageId": ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"],
            "DeploymentId": "0123abcd",
        }
        cloudformation.create_stack(
            StackName=self.name,
            TemplateBody=json.dumps(template),
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in values.items()
            ],
            Capabilities=["CAPABILITY_IAM"],
            OnFailure="DO_NOTHING",
        )
        self._opened.callback(self._delete_stack)
        eventually(lambda: "AutoScalingGroup" in self._resources(), 60)
        self._write_recommendations()

    def _write_recommendations(self) -> None:
        text = (ROOT / "roles/service_stack/files/recommendations.json").read_text()
        table, dynamodb = self._resources()["Table"], self._client("dynamodb")
        for item in json.loads(text):
            typed = {name: TypeSerializer().serialize(value) for name, value in item.items()}
            dynamodb.put_item(TableName=table, Item=typed)

    def _delete_stack(self) -> None:
        cloudformation = self._client("cloudformation")
        cloudformation.delete_stack(StackName=self.name)
        cloudformation.get_waiter("stack_delete_complete").wait(
            StackName=self.name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )

    def _resources(self) -> dict[str, str]:
        """The physical id of each of the stack's resources, by logical id without the prefix."""
        answer = self._client("cloudformation").describe_stack_resources(StackName=self.name)
        return {
            each["LogicalResourceId"].removeprefix(_PREFIX): each["PhysicalResourceId"]
            for each in answer["StackResources"]
            if each.get("PhysicalResourceId")
        }

    def _launch(self) -> str:
        ec2 = self._client("ec2")
        [launched] = ec2.run_instances(
            ImageId=ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"],
            MinCount=1,
            MaxCount=1,
            UserData=_USER_DATA,
            IamInstanceProfile={"Name": self._resources()["InstanceProfile"]},
        )["Instances"]
        instance_id: str = launched["InstanceId"]
        self._opened.callback(ec2.terminate_instances, InstanceIds=[instance_id])
        return instance_id

    def _described(self) -> dict[str, Any]:
        answer = self._client("ec2").describe_instances(InstanceIds=[self.instance_id])
        described: dict[str, Any] = answer["Reservations"][0]["Instances"][0]
        return described

    def _surroundings(self) -> Surroundings:
        told = eventually(self._told, 30)
        user_data = self._client("ec2").describe_launch_template_versions(
            LaunchTemplateId=self._resources()["LaunchTemplate"]
        )["LaunchTemplateVersions"][0]["LaunchTemplateData"]["UserData"]
        return Surroundings(
            told["AWS_ENDPOINT_URL"],
            told["AWS_EC2_METADATA_SERVICE_ENDPOINT"],
            base64.b64decode(user_data),
            self._bucket,
        )

    def _told(self) -> dict[str, str] | None:
        """What an instance's programs are told, from the console of the one that says it."""
        answer = self._client("ec2").get_console_output(InstanceId=self.instance_id)
        found = re.search(r"\{.*\}", answer.get("Output", ""))
        return json.loads(found[0]) if found else None

    def _furnish(self) -> None:
        self.machine.write(_FILES)
        self.machine.write(_PACKAGE_MANAGER, mode=0o755)
        self.machine.trust(self.surroundings.authority)
        self.machine.append("/etc/hosts", self.surroundings.hosts)

    def _register(self) -> None:
        """In the target group; what the load balancer sends to the instance, the machine gets."""
        [row] = [
            each for each in self._local_aws.status()["instances"] if each["id"] == self.instance_id
        ]
        carrier = Forwarder(
            socket.create_server(("127.0.0.1", row["port"])),
            lambda: self._network.connection(_PORT),
        )
        self._opened.callback(carrier.close)
        self._client("elbv2").register_targets(
            TargetGroupArn=self._resources()["TargetGroup"], Targets=[{"Id": self.instance_id}]
        )
