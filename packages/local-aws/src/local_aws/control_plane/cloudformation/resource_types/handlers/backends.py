"""moto's backends, where its resources live.

They are typed loosely on purpose: moto's hints are narrower than what its functions take and what
AWS allows to be left out.
"""

from __future__ import annotations

from typing import Any

from moto.acm.models import acm_backends
from moto.autoscaling.models import autoscaling_backends
from moto.backends import get_backend
from moto.cloudwatch.models import cloudwatch_backends
from moto.dynamodb.models import dynamodb_backends
from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.ssm.models import ssm_backends
from moto.utilities.utils import get_partition

from local_aws.control_plane.cloudformation.resource_types.handlers.base import Place


def acm(place: Place) -> Any:
    return acm_backends[place.account_id][place.region]


def auto_scaling(place: Place) -> Any:
    return autoscaling_backends[place.account_id][place.region]


def awslambda(place: Place) -> Any:
    return get_backend("lambda")[place.account_id][place.region]


def cloudwatch(place: Place) -> Any:
    return cloudwatch_backends[place.account_id][place.region]


def dynamodb(place: Place) -> Any:
    return dynamodb_backends[place.account_id][place.region]


def ec2(place: Place) -> Any:
    return ec2_backends[place.account_id][place.region]


def ecr(place: Place) -> Any:
    return get_backend("ecr")[place.account_id][place.region]


def elb(place: Place) -> Any:
    return get_backend("elb")[place.account_id][place.region]


def elbv2(place: Place) -> Any:
    return elbv2_backends[place.account_id][place.region]


def iam(place: Place) -> Any:
    return iam_backends[place.account_id][get_partition(place.region)]


def iot(place: Place) -> Any:
    return get_backend("iot")[place.account_id][place.region]


def kms(place: Place) -> Any:
    return get_backend("kms")[place.account_id][place.region]


def logs(place: Place) -> Any:
    return logs_backends[place.account_id][place.region]


def batch(place: Place) -> Any:
    return get_backend("batch")[place.account_id][place.region]


def rds(place: Place) -> Any:
    return get_backend("rds")[place.account_id][place.region]


def route53(place: Place) -> Any:
    return get_backend("route53")[place.account_id][get_partition(place.region)]


def s3(place: Place) -> Any:
    return s3_backends[place.account_id][get_partition(place.region)]


def sns(place: Place) -> Any:
    return sns_backends[place.account_id][place.region]


def sqs(place: Place) -> Any:
    return sqs_backends[place.account_id][place.region]


def ssm(place: Place) -> Any:
    return ssm_backends[place.account_id][place.region]
