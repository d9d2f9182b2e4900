"""All of botocore's paginators and waiters of the corrected services: each ends, as documented."""

from __future__ import annotations

from itertools import islice
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError, UnknownServiceError, WaiterError
from botocore.model import Shape

_SERVICES = [
    "acm",
    "application-autoscaling",
    "autoscaling",
    "cloudformation",
    "cloudwatch",
    "dynamodb",
    "dynamodbstreams",
    "ec2",
    "elb",
    "elbv2",
    "events",
    "iam",
    "kms",
    "logs",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "sts",
]
_MANY = 7
"""More than the smallest page of EC2's has."""
_PAGES = 3
"""So many are looked at of a longer list: by then a token that leads back has come twice."""
_LOADER = botocore.session.get_session().get_component("data_loader")


@pytest.mark.parametrize("service", _SERVICES)
def test_every_paginator_of_a_service_ends(aws: Any, service: str) -> None:
    """botocore's paginators-1.json: no token comes twice, and no answer is a failure of AWS's."""
    client = aws(service)
    failures = []
    for action, limit_key in _paginators(service):
        config, request = _small_pages(client, action, limit_key), _smallest(client, action)
        pages = _paginator(client, action).paginate(**request, PaginationConfig=config)
        try:
            list(islice(pages, _PAGES))
        except ClientError as error:
            if not _is_clients_mistake(error):
                failures.append((action, error))
    assert failures == []


@pytest.mark.parametrize("service", _SERVICES)
def test_every_waiter_of_a_service_ends(aws: Any, service: str) -> None:
    """botocore's waiters-2.json: what does not exist is waited for, or not, as often as is said."""
    client = aws(service)
    for name in client.waiter_names:
        waiter = client.get_waiter(name)
        request = _smallest(client, waiter.config.operation)
        try:
            waiter.wait(**request, WaiterConfig={"Delay": 0, "MaxAttempts": 2})
        except WaiterError as error:
            answer = error.last_response
            status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 200)
            assert status < 500, (name, answer)


@pytest.mark.parametrize(
    ("service", "action"),
    [
        ("application-autoscaling", "DescribeScalableTargets"),
        ("ec2", "DescribeDhcpOptions"),
        ("ec2", "DescribeInternetGateways"),
        ("ec2", "DescribeLaunchTemplates"),
        ("ec2", "DescribeLaunchTemplateVersions"),
        ("ec2", "DescribeNetworkAcls"),
        ("ec2", "DescribeNetworkInterfaces"),
        ("ec2", "DescribeRouteTables"),
        ("ec2", "DescribeSecurityGroupRules"),
        ("ec2", "DescribeSecurityGroups"),
        ("ec2", "DescribeSubnets"),
        ("ec2", "DescribeVolumes"),
        ("ec2", "DescribeVpcs"),
    ],
)
@pytest.mark.usefixtures("_many_things")
def test_small_pages_have_every_item_once(aws: Any, service: str, action: str) -> None:
    """ "Pagination" in the EC2 API Reference; API_DescribeScalableTargets."""
    client = aws(service)
    paginator = _paginator(client, action)
    [member] = [each.expression for each in paginator.result_keys]
    request = {
        "DescribeScalableTargets": {"ServiceNamespace": "dynamodb"},
        "DescribeLaunchTemplateVersions": {"LaunchTemplateName": "many-0"},
    }.get(action, {})

    [whole] = paginator.paginate(**request)
    config = _small_pages(client, action, dict(_paginators(service))[action])
    pages = list(paginator.paginate(**request, PaginationConfig=config))

    assert len(whole[member]) >= _MANY
    assert [each for page in pages for each in page[member]] == whole[member]
    assert {len(page[member]) for page in pages[:-1]} == {config["PageSize"]}


@pytest.fixture(scope="module")
def _many_things(aws: Any) -> None:
    """Some of everything that is listed."""
    ec2, scaling = aws("ec2"), aws("application-autoscaling")
    vpc = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    data = {"ImageId": "ami-12c6146b"}
    for number in range(_MANY):
        network = f"10.99.{number}.0/24"
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=network)["Subnet"]["SubnetId"]
        ec2.create_vpc(CidrBlock=f"10.{100 + number}.0.0/16")
        ec2.create_network_interface(SubnetId=subnet)
        ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)
        ec2.create_internet_gateway()
        options = [{"Key": "domain-name", "Values": [f"many-{number}"]}]
        ec2.create_dhcp_options(DhcpConfigurations=options)
        ec2.create_launch_template(LaunchTemplateName=f"many-{number}", LaunchTemplateData=data)
        ec2.create_launch_template_version(LaunchTemplateName="many-0", LaunchTemplateData=data)
        scaling.register_scalable_target(
            ServiceNamespace="dynamodb",
            ResourceId=f"table/many-{number}",
            ScalableDimension="dynamodb:table:ReadCapacityUnits",
            MinCapacity=1,
            MaxCapacity=2,
        )


def test_more_launch_templates_than_motos_page_are_shown(aws: Any, unique_name: str) -> None:
    """API_DescribeLaunchTemplates: without MaxResults all come, up to 200."""
    ec2 = aws("ec2")
    names = {f"{unique_name}-{number}" for number in range(20)}
    for name in names:
        ec2.create_launch_template(
            LaunchTemplateName=name, LaunchTemplateData={"ImageId": "ami-12c6146b"}
        )
    shown = ec2.describe_launch_templates()["LaunchTemplates"]
    assert names <= {each["LaunchTemplateName"] for each in shown}


def _paginators(service: str) -> list[tuple[str, str]]:
    """Each action that has a paginator, with the member that limits a page, or none."""
    try:
        actions = _LOADER.load_service_model(service, "paginators-1")["pagination"]
    except UnknownServiceError:
        return []
    return sorted((action, actions[action].get("limit_key", "")) for action in actions)


def _paginator(client: Any, action: str) -> Any:
    methods = {action: name for name, action in client.meta.method_to_api_mapping.items()}
    return client.get_paginator(methods[action])


def _small_pages(client: Any, action: str, limit_key: str) -> dict[str, int]:
    """The smallest pages that the action takes, where the model names a limit."""
    if not limit_key:
        return {}
    members = client.meta.service_model.operation_model(action).input_shape.members
    smallest = 5 if client.meta.service_model.service_name == "ec2" else 1
    return {"PageSize": max(smallest, int(members[limit_key].metadata.get("min", 1)))}


def _smallest(client: Any, action: str) -> dict[str, Any]:
    """A request of nothing but what must be given, about things that do not exist."""
    shape = client.meta.service_model.operation_model(action).input_shape
    return {} if shape is None else dict(_value(shape))


def _value(shape: Shape) -> Any:
    least = int(shape.metadata.get("min", 1))
    if shape.type_name == "structure":
        return {name: _value(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [_value(shape.member)] * max(1, least)
    if shape.type_name == "map":
        return {"one": _value(shape.value)}
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else "missing".ljust(least, "x")
    plain = {"boolean": False, "timestamp": 0, "blob": b"x", "float": 1.0, "double": 1.0}
    return plain.get(shape.type_name, max(1, least))


def _is_clients_mistake(error: ClientError) -> bool:
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status < 500 or (status == 501 and error.response["Error"]["Code"] == "NotImplemented")
