#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: service_placement
short_description: Choose where a service runs - a VPC, three subnets in three zones, an image
description:
  - Of the subnets that the filters find, it takes one in each of the first three Availability Zones
    that offer the instance type. Every zone has its own choice of types.
  - The image is Amazon Linux 2023 for the type's architecture, as its id. Passed on to a stack, an
    id stays what it is, while a parameter of Systems Manager names another image after each release
    of Amazon's, and the next update of the stack would replace every instance.
  - It fails with what to do when the filters find no subnet, or subnets of several VPCs, when fewer
    than three zones are left, or when the image is for another architecture than the type.
author:
  - The contributors of this project
options:
  instance_type:
    description: The type of the instances.
    type: str
    required: true
  subnet_filters:
    description:
      - Which subnets may be used, as filters of DescribeSubnets, such as C(vpc-id), C(subnet-id) or
        C(tag:Name). A value may be a list.
    type: dict
    default:
      default-for-az: "true"
  image_id:
    description: The image. Without one, O(earlier_image_id) or else Amazon's latest is taken.
    type: str
    default: ""
  earlier_image_id:
    description: The image so far, which is kept as long as it is there and fits the type.
    type: str
    default: ""
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
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
- name: Place the service in the default VPC
  service_placement:
    instance_type: t3.micro
  register: placement

- name: Place it in subnets of one's own, on another architecture
  service_placement:
    instance_type: t4g.micro
    subnet_filters:
      tag:Name: [public-a, public-b, public-c]
"""

RETURN = r"""
vpc_id:
  description: The VPC that the subnets are in.
  returned: always
  type: str
  sample: vpc-0123456789abcdef0
subnet_ids:
  description: Three subnets, ordered by their Availability Zones.
  returned: always
  type: list
  elements: str
architecture:
  description: The instance type's architecture, V(x86_64) or V(arm64).
  returned: always
  type: str
  sample: x86_64
image_id:
  description: The image.
  returned: always
  type: str
  sample: ami-0123456789abcdef0
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ansible.module_utils.resilience.aws_call import aws_call, aws_pages
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.transformation import (
    ansible_dict_to_boto3_filter_list,
)

ZONES = 3
LATEST_IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{}"
ARCHITECTURES = ("x86_64", "arm64")

MAKE_DEFAULTS = (
    "create them with: aws ec2 create-default-vpc, or, where there is one already, "
    "aws ec2 create-default-subnet"
)
OTHERS = "Choose other subnets (service_stack_subnet_filters), another type or another region"

Subnet = Mapping[str, Any]


def vpc_of(subnets: Sequence[Subnet], filters: Mapping[str, Any]) -> str:
    """The one VPC that all of them are in. Raises `AnsibleAWSError`."""
    vpcs = sorted({subnet["VpcId"] for subnet in subnets})
    if not vpcs:
        default = "default-for-az" in filters
        todo = MAKE_DEFAULTS if default else "correct service_stack_subnet_filters"
        raise AnsibleAWSError(f"No subnet is found by {dict(filters)}: {todo}.")
    if len(vpcs) > 1:
        raise AnsibleAWSError(
            f"The subnets found by {dict(filters)} are in {len(vpcs)} VPCs ({', '.join(vpcs)}), "
            "and one is needed: add vpc-id to service_stack_subnet_filters."
        )
    return str(vpcs[0])


def chosen(
    subnets: Sequence[Subnet], offering: Collection[str], instance_type: str
) -> list[Subnet]:
    """One subnet in each of the first three zones that offer the type. Raises `AnsibleAWSError`."""
    in_order = sorted(subnets, key=lambda each: (each["AvailabilityZone"], each["SubnetId"]))
    by_zone: dict[str, Subnet] = {}
    for subnet in in_order:
        by_zone.setdefault(subnet["AvailabilityZone"], subnet)
    usable = [subnet for zone, subnet in by_zone.items() if zone in offering]
    if len(usable) < ZONES:
        without = sorted(by_zone.keys() - set(offering))
        not_there = f", {instance_type} is not offered in {', '.join(without)}" if without else ""
        raise AnsibleAWSError(
            f"{ZONES} Availability Zones are needed, and {len(usable)} can be used: the subnets "
            f"are in {', '.join(by_zone)}{not_there}. {OTHERS}."
        )
    return usable[:ZONES]


def architecture_of(ec2: Any, instance_type: str) -> str:
    types = aws_call(
        f"look up the instance type {instance_type}",
        ec2.describe_instance_types,
        InstanceTypes=[instance_type],
    )["InstanceTypes"]
    supported = [each for kind in types for each in kind["ProcessorInfo"]["SupportedArchitectures"]]
    fitting = [each for each in ARCHITECTURES if each in supported]
    if not fitting:
        raise AnsibleAWSError(
            f"{instance_type} runs {', '.join(supported) or 'nothing known'}, and "
            f"{' or '.join(ARCHITECTURES)} is needed: choose another service_stack_instance_type."
        )
    return fitting[0]


def zones_offering(ec2: Any, instance_type: str) -> set[str]:
    offerings = aws_pages(
        f"list the zones that offer {instance_type}",
        ec2,
        "describe_instance_type_offerings",
        "InstanceTypeOfferings",
        LocationType="availability-zone",
        Filters=[{"Name": "instance-type", "Values": [instance_type]}],
    )
    return {each["Location"] for each in offerings}


def architecture_of_image(ec2: Any, image_id: str) -> str | None:
    """None for an image that is not there, or not for this account.

    Instances of a deprecated image can still be launched, but only its owner sees it unless the
    request includes deprecated ones. Amazon deprecates its own 90 days after their release.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html
    """
    images = aws_call(
        f"look up the image {image_id}",
        ec2.describe_images,
        Filters=[{"Name": "image-id", "Values": [image_id]}],
        IncludeDeprecated=True,
    )["Images"]
    return next((image["Architecture"] for image in images), None)


def image_for(ec2: Any, ssm: Any, architecture: str, wanted: str = "", earlier: str = "") -> str:
    """The image that is wanted, or else the earlier one as long as it fits, or else the latest."""
    if wanted:
        found = architecture_of_image(ec2, wanted)
        if found != architecture:
            what = f"it is for {found}" if found else "this account has no such image in the region"
            raise AnsibleAWSError(
                f"The image {wanted} cannot be used for an instance type of {architecture}: {what}."
                " Choose another service_stack_image_id, or leave it empty for Amazon's latest."
            )
        return wanted
    # A stack of an older version has the name of the parameter there.
    if earlier.startswith("ami-") and architecture_of_image(ec2, earlier) == architecture:
        return earlier
    name = LATEST_IMAGE.format(architecture)
    found = aws_call(f"read the parameter {name}", ssm.get_parameter, Name=name)
    return str(found["Parameter"]["Value"])


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "instance_type": {"type": "str", "required": True},
            "subnet_filters": {"type": "dict", "default": {"default-for-az": "true"}},
            "image_id": {"type": "str", "default": ""},
            "earlier_image_id": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    options = module.params
    filters, instance_type = options["subnet_filters"], options["instance_type"]
    ec2, ssm = module.client("ec2"), module.client("ssm")
    try:
        architecture = architecture_of(ec2, instance_type)
        found = aws_call(
            f"find the subnets with {filters}",
            ec2.describe_subnets,
            Filters=ansible_dict_to_boto3_filter_list(filters),
        )["Subnets"]
        vpc_id = vpc_of(found, filters)
        subnets = chosen(found, zones_offering(ec2, instance_type), instance_type)
        image_id = image_for(
            ec2, ssm, architecture, options["image_id"], options["earlier_image_id"]
        )
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error))
    private = [each["SubnetId"] for each in subnets if not each["MapPublicIpOnLaunch"]]
    if private:
        module.warn(
            f"{', '.join(private)} gives instances no public address: they reach AWS only through "
            "a NAT gateway or VPC endpoints, and clients the load balancer only inside the VPC."
        )
    module.exit_json(
        changed=False,
        vpc_id=vpc_id,
        subnet_ids=[each["SubnetId"] for each in subnets],
        architecture=architecture,
        image_id=image_id,
    )


if __name__ == "__main__":
    main()
