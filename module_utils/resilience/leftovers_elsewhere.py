# GNU General Public License v3.0+ (see LICENSE)
"""What is left of a removed stack in any service but EC2, and on this machine."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from ansible.module_utils.resilience.audited_account import Account, Leftover
from ansible.module_utils.resilience.aws_call import aws_call
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError

from safeguards import lock_parameter
from safeguards.operator_lock import OperatorLock, is_lock_of
from safeguards.ownership import PROJECT, STACK_TAG

TAGS_AT_ONCE = 20
LISTED_BY_THEIR_OWN_SERVICE = frozenset(
    {"autoscaling", "cloudformation", "dynamodb", "ec2", "elasticloadbalancing", "iam", "ssm"}
)
OTHER_SERVICES = {
    "s3": ("bucket", "aws s3 rb --force s3://{}"),
    "logs": ("log group", "aws logs delete-log-group --log-group-name {}"),
    "cloudwatch": ("alarm", "aws cloudwatch delete-alarms --alarm-names {}"),
}
NO_COMMAND = "no command is known for this kind: look its service up"


class OtherLeftovers:
    """Each method lists what is left of one kind."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def kinds(self) -> tuple[Callable[[], Iterator[Leftover]], ...]:
        return (
            self._stacks,
            self._groups,
            self._load_balancers,
            self._target_groups,
            self._parameters,
            self._roles,
            self._instance_profiles,
            self._policies,
            self._tables,
            self._buckets,
            self._processes,
            self._whatever_else_is_tagged,
        )

    def _stacks(self) -> Iterator[Leftover]:
        for stack in self._account.all("cloudformation", "describe_stacks", "Stacks"):
            if stack["StackName"] == self._account.name:
                arn = stack["StackId"]
                yield Leftover("stack", arn, f"aws cloudformation delete-stack --stack-name {arn}")

    def _groups(self) -> Iterator[Leftover]:
        for each in self._account.all(
            "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"
        ):
            name = each["AutoScalingGroupName"]
            if name.startswith(self._account.prefix) or self._account.carries_tag(each):
                yield Leftover(
                    "Auto Scaling group",
                    name,
                    "aws autoscaling delete-auto-scaling-group --force-delete "
                    f"--auto-scaling-group-name {name}",
                )

    def _load_balancers(self) -> Iterator[Leftover]:
        found = self._of_elbv2("LoadBalancer", "describe_load_balancers", "LoadBalancers", "lb")
        for arn in found:
            for listener in self._account.all(
                "elbv2", "describe_listeners", "Listeners", LoadBalancerArn=arn
            ):
                yield Leftover(
                    "listener",
                    listener["ListenerArn"],
                    f"aws elbv2 delete-listener --listener-arn {listener['ListenerArn']}",
                )
            yield Leftover(
                "load balancer",
                arn,
                f"aws elbv2 delete-load-balancer --load-balancer-arn {arn}",
            )

    def _target_groups(self) -> Iterator[Leftover]:
        for arn in self._of_elbv2("TargetGroup", "describe_target_groups", "TargetGroups", "tg"):
            yield Leftover(
                "target group", arn, f"aws elbv2 delete-target-group --target-group-arn {arn}"
            )

    def _of_elbv2(self, noun: str, operation: str, key: str, suffix: str) -> list[str]:
        """The ARNs of those with the stack's name or tag."""
        names = {
            each[f"{noun}Arn"]: each[f"{noun}Name"]
            for each in self._account.all("elbv2", operation, key)
        }
        found = [arn for arn, name in names.items() if name == f"{self._account.name}-{suffix}"]
        others = [arn for arn in names if arn not in found]
        for start in range(0, len(others), TAGS_AT_ONCE):
            described = aws_call(
                "describe tags",
                self._account.client("elbv2").describe_tags,
                ResourceArns=others[start : start + TAGS_AT_ONCE],
            )["TagDescriptions"]
            found += [each["ResourceArn"] for each in described if self._account.carries_tag(each)]
        return found

    def _parameters(self) -> Iterator[Leftover]:
        named = [
            f"{self._account.name}-{each}" for each in ("table", "failure-response", "health-check")
        ]
        if self._account.options["key_pair_id"]:
            named.append(f"/ec2/keypair/{self._account.options['key_pair_id']}")
        found: set[str] = set()
        for filters in (
            {"Key": "Name", "Option": "Equals", "Values": named},
            {
                "Key": "Name",
                "Option": "BeginsWith",
                "Values": [f"/{PROJECT}/{self._account.name}/"],
            },
            {"Key": f"tag:{STACK_TAG}", "Values": [self._account.name]},
        ):
            rows = self._account.all(
                "ssm", "describe_parameters", "Parameters", ParameterFilters=[filters]
            )
            found |= {row["Name"] for row in rows}
        for name in sorted(found):
            if not self._is_own_lock(name):
                yield Leftover("parameter", name, f"aws ssm delete-parameter --name {name}")

    def _is_own_lock(self, name: str) -> bool:
        own_lock, stack = self._account.options["own_lock"], self._account.name
        if not own_lock or name != lock_parameter.parameter_name(stack):
            return False
        ssm = self._account.client("ssm")
        held = aws_call(f"read {name}", lock_parameter.values, ssm=ssm, stacks=[stack])
        return is_lock_of(held.get(stack), OperatorLock.from_json(own_lock))

    def _roles(self) -> Iterator[Leftover]:
        for each in self._account.all("iam", "list_roles", "Roles"):
            name = each["RoleName"]
            if name.startswith(self._account.prefix):
                yield Leftover("role", name, f"aws iam delete-role --role-name {name}")

    def _instance_profiles(self) -> Iterator[Leftover]:
        for each in self._account.all("iam", "list_instance_profiles", "InstanceProfiles"):
            name = each["InstanceProfileName"]
            if name.startswith(self._account.prefix):
                yield Leftover(
                    "instance profile",
                    name,
                    f"aws iam delete-instance-profile --instance-profile-name {name}",
                )

    def _policies(self) -> Iterator[Leftover]:
        for each in self._account.all("iam", "list_policies", "Policies", Scope="Local"):
            name = each["PolicyName"]
            if name.startswith(self._account.prefix) or name == f"{self._account.name}-instance":
                arn = each["Arn"]
                yield Leftover("policy", arn, f"aws iam delete-policy --policy-arn {arn}")

    def _tables(self) -> Iterator[Leftover]:
        wanted = f"{self._account.name}-recommendations"
        if wanted in self._account.all("dynamodb", "list_tables", "TableNames"):
            yield Leftover("table", wanted, f"aws dynamodb delete-table --table-name {wanted}")

    def _buckets(self) -> Iterator[Leftover]:
        """By its name, which the account's and the region's make the stack's own."""
        account = self._account.client("sts")
        number = aws_call("identify the caller", account.get_caller_identity)["Account"]
        wanted = f"{self._account.name.lower()}-{number}-{account.meta.region_name}"
        listed = aws_call("list the buckets", self._account.client("s3").list_buckets)["Buckets"]
        if wanted in [each["Name"] for each in listed]:
            arn = f"arn:{account.meta.partition}:s3:::{wanted}"
            yield Leftover("bucket", arn, f"aws s3 rb --force s3://{wanted}")

    def _processes(self) -> Iterator[Leftover]:
        """What the local AWS still runs for instances that EC2 calls terminated."""
        command = self._account.options["local_aws_command"]
        if not command:
            return
        answer = subprocess.run(
            [*command, "status", "--json"], capture_output=True, text=True, check=False
        )
        if answer.returncode:
            raise AnsibleAWSError(f"{' '.join(command)} status failed: {answer.stderr.strip()}")
        report = json.loads(answer.stdout)
        for each in report["instances"]:
            pid = each["pid"]
            if each["state"] == "terminated" and pid and Path(f"/proc/{pid}").exists():
                yield Leftover("process", f"{pid} of {each['id']}", f"kill {pid}")
        for each in report["load_balancers"]:
            if each["name"] == f"{self._account.name}-lb":
                yield Leftover("port", each["url"], f"{' '.join(command)} stop")

    def _whatever_else_is_tagged(self) -> Iterator[Leftover]:
        """Buckets, log groups, alarms and all other kinds, none of which the stack makes."""
        wanted = [{"Key": STACK_TAG, "Values": [self._account.name]}]
        for each in self._account.all(
            "resourcegroupstaggingapi",
            "get_resources",
            "ResourceTagMappingList",
            TagFilters=wanted,
        ):
            arn = each["ResourceARN"]
            service, resource = arn.split(":")[2], arn.split(":", 5)[5]
            if service not in LISTED_BY_THEIR_OWN_SERVICE:
                kind, remove = OTHER_SERVICES.get(service, (f"{service} resource", NO_COMMAND))
                yield Leftover(kind, arn, remove.format(resource.rpartition(":")[2]))
