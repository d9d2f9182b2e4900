"""A policy on one resource allows that resource only, whatever the service.

Service Authorization Reference, "Actions, resources, and condition keys for AWS services": each
service's resource types with their ARNs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from refusals import refusal_of
from role_driver import ACCOUNT, EC2_ASSUMES_IT, allow, denies, policy_document

Session = Callable[..., dict[str, str]]


def arn(service: str, resource: str, region: str = "us-east-1") -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"


NAMED: list[tuple[str, str, str, str, dict[str, Any]]] = [
    # action, its resource, boto3's service and call, its arguments; {} is the name
    ("acm:DescribeCertificate", "acm:certificate/{}", "acm", "describe_certificate",
     {"CertificateArn": arn("acm", "certificate/{}")}),
    ("cloudwatch:PutMetricAlarm", "cloudwatch:alarm:{}", "cloudwatch", "put_metric_alarm",
     {"AlarmName": "{}", "EvaluationPeriods": 1, "ComparisonOperator": "LessThanThreshold",
      "MetricName": "m", "Namespace": "n", "Period": 60, "Statistic": "Sum", "Threshold": 1}),
    ("ecr:DescribeImages", "ecr:repository/{}", "ecr", "describe_images",
     {"repositoryName": "{}"}),
    ("ecs:DescribeClusters", "ecs:cluster/{}", "ecs", "describe_clusters", {"clusters": ["{}"]}),
    ("ecs:UpdateService", "ecs:service/{}/web", "ecs", "update_service",
     {"cluster": "{}", "service": "web"}),
    ("ecs:RunTask", "ecs:task-definition/{}:3", "ecs", "run_task", {"taskDefinition": "{}:3"}),
    ("eks:DescribeCluster", "eks:cluster/{}", "eks", "describe_cluster", {"name": "{}"}),
    ("elasticache:DeleteCacheCluster", "elasticache:cluster:{}", "elasticache",
     "delete_cache_cluster", {"CacheClusterId": "{}"}),
    ("elasticloadbalancing:CreateTargetGroup", "elasticloadbalancing:targetgroup/{}/*", "elbv2",
     "create_target_group", {"Name": "{}", "Protocol": "HTTP", "Port": 80, "VpcId": "vpc-1"}),
    ("events:PutRule", "events:rule/{}", "events", "put_rule",
     {"Name": "{}", "ScheduleExpression": "rate(1 day)"}),
    ("events:PutTargets", "events:rule/bus/{}", "events", "put_targets",
     {"Rule": "{}", "EventBusName": "bus", "Targets": [{"Id": "1", "Arn": arn("sqs", "q")}]}),
    ("firehose:PutRecord", "firehose:deliverystream/{}", "firehose", "put_record",
     {"DeliveryStreamName": "{}", "Record": {"Data": b"x"}}),
    ("kinesis:PutRecord", "kinesis:stream/{}", "kinesis", "put_record",
     {"StreamName": "{}", "Data": b"x", "PartitionKey": "1"}),
    ("kinesis:DescribeStream", "kinesis:stream/{}", "kinesis", "describe_stream",
     {"StreamARN": arn("kinesis", "stream/{}")}),
    ("kms:Encrypt", "kms:key/{}", "kms", "encrypt", {"KeyId": "{}", "Plaintext": b"x"}),
    ("lambda:InvokeFunction", "lambda:function:{}", "lambda", "invoke", {"FunctionName": "{}"}),
    ("lambda:TagResource", "lambda:function:{}", "lambda", "tag_resource",
     {"Resource": arn("lambda", "function:{}"), "Tags": {"a": "b"}}),
    ("logs:PutLogEvents", "logs:log-group:/{}:*", "logs", "put_log_events",
     {"logGroupName": "/{}", "logStreamName": "s",
      "logEvents": [{"timestamp": 1, "message": "m"}]}),
    ("logs:PutRetentionPolicy", "logs:log-group:/{}:*", "logs", "put_retention_policy",
     {"logGroupName": "/{}", "retentionInDays": 1}),
    ("rds:DeleteDBInstance", "rds:db:{}", "rds", "delete_db_instance",
     {"DBInstanceIdentifier": "{}"}),
    ("route53:GetHostedZone", "route53:hostedzone/{}", "route53", "get_hosted_zone",
     {"Id": "/hostedzone/{}"}),
    ("s3:GetLifecycleConfiguration", "s3:{}", "s3", "get_bucket_lifecycle_configuration",
     {"Bucket": "{}"}),
    ("s3:PutEncryptionConfiguration", "s3:{}", "s3", "delete_bucket_encryption",
     {"Bucket": "{}"}),
    ("s3:GetObject", "s3:{}/in/*", "s3", "get_object", {"Bucket": "{}", "Key": "in/a"}),
    ("s3:GetObjectVersion", "s3:{}/in/*", "s3", "get_object",
     {"Bucket": "{}", "Key": "in/a", "VersionId": "1"}),
    ("secretsmanager:CreateSecret", "secretsmanager:secret:{}-*", "secretsmanager",
     "create_secret", {"Name": "{}", "SecretString": "x"}),
    ("sns:Publish", "sns:{}", "sns", "publish", {"TopicArn": arn("sns", "{}"), "Message": "x"}),
    ("sns:Unsubscribe", "sns:{}", "sns", "unsubscribe", {"SubscriptionArn": arn("sns", "{}:1")}),
    ("sqs:CreateQueue", "sqs:{}", "sqs", "create_queue", {"QueueName": "{}"}),
    ("sqs:SendMessage", "sqs:{}", "sqs", "send_message_batch",
     {"QueueUrl": f"http://127.0.0.1/{ACCOUNT}/{{}}",
      "Entries": [{"Id": "1", "MessageBody": "x"}]}),
    ("states:StartExecution", "states:stateMachine:{}", "stepfunctions", "start_execution",
     {"stateMachineArn": arn("states", "stateMachine:{}")}),
]  # fmt: skip


def named(value: Any, name: str) -> Any:
    if isinstance(value, str):
        return value.replace("{}", name)
    if isinstance(value, list):
        return [named(each, name) for each in value]
    return {k: named(v, name) for k, v in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize(
    ("action", "resource", "service", "call", "arguments"),
    NAMED,
    ids=[f"{action}-{call}" for action, _, _, call, _ in NAMED],
)
def test_a_resource_is_named_by_its_arn(
    aws: Any,
    session: Session,
    action: str,
    resource: str,
    service: str,
    call: str,
    arguments: dict[str, Any],
) -> None:
    """A resource that does not exist is asked about, too: the service is reached, or is not."""
    owner, _, rest = resource.partition(":")
    scope = ":" if owner in ("s3", "route53") else f"us-east-1:{ACCOUNT}"
    mine = f"arn:aws:{owner}:{scope}:{named(rest, 'mine')}"
    client = aws(service, **session(allow(action, mine)))

    assert not denies(getattr(client, call), **named(arguments, "mine"))
    assert denies(getattr(client, call), **named(arguments, "yours"))


def test_each_object_of_a_deletion_is_allowed_or_refused(
    aws: Any, session: Session, bucket: str
) -> None:
    """API_DeleteObjects, "Errors": the objects that the caller may delete are deleted."""
    admin = aws("s3")
    keys = ["in/a", "in/b", "out/<&>"]
    for key in keys:
        admin.put_object(Bucket=bucket, Key=key)
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:DeleteObject",
        "Resource": f"arn:aws:s3:::{bucket}/in/b",
    }
    admin.put_bucket_policy(Bucket=bucket, Policy=policy_document(statement))
    s3 = aws("s3", **session(allow("s3:DeleteObject", f"arn:aws:s3:::{bucket}/in/*")))
    objects = {"Objects": [{"Key": key} for key in keys]}
    answer = s3.delete_objects(Bucket=bucket, Delete=objects)
    assert answer["Deleted"] == [{"Key": "in/a"}]
    refused = {each["Key"]: (each["Code"], each["Message"]) for each in answer["Errors"]}
    (code, denied), (_, not_allowed) = refused["in/b"], refused["out/<&>"]
    assert (code, len(refused)) == ("AccessDenied", 2)
    assert denied.endswith("with an explicit deny in a resource-based policy")
    assert not_allowed.endswith("no identity-based policy allows the s3:DeleteObject action")
    quiet = s3.delete_objects(Bucket=bucket, Delete={**objects, "Quiet": True})
    assert ("Deleted" in quiet, len(quiet["Errors"])) == (False, 2)

    admin.delete_bucket_policy(Bucket=bucket)
    answer = admin.delete_objects(Bucket=bucket, Delete=objects)
    assert "Errors" not in answer


def test_a_deletion_is_refused_only_to_whom_the_policy_denies_it(
    aws: Any, role: Callable[..., str], bucket: str
) -> None:
    """API_DeleteObjects: a statement is about its principals only."""
    statement = {
        "Effect": "Deny",
        "Principal": {"AWS": role(allow("s3:*"))},
        "Action": "s3:DeleteObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    admin = aws("s3")
    admin.put_object(Bucket=bucket, Key="k")
    admin.put_bucket_policy(Bucket=bucket, Policy=policy_document(statement))
    answer = admin.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k"}]})
    admin.delete_bucket_policy(Bucket=bucket)
    assert answer["Deleted"] == [{"Key": "k"}]


def test_names_stand_for_what_they_name(aws: Any, session: Session, unique_name: str) -> None:
    """API_GetSecretValue, SecretId; API_Encrypt and API_Decrypt, KeyId."""
    secrets, kms = aws("secretsmanager"), aws("kms")
    names = [f"{unique_name}/{n}" for n in "ab"]
    mine, _ = (secrets.create_secret(Name=n, SecretString="x")["ARN"] for n in names)
    keys = [kms.create_key()["KeyMetadata"]["Arn"] for _ in names]
    for name, key in zip(names, keys, strict=True):
        kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=key)
    encrypted = [kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"] for key in keys]
    allowed = session(
        allow("secretsmanager:GetSecretValue", mine), allow(["kms:Encrypt", "kms:Decrypt"], keys[0])
    )
    secrets, kms = aws("secretsmanager", **allowed), aws("kms", **allowed)
    calls: list[tuple[Any, list[dict[str, Any]]]] = [
        (secrets.get_secret_value, [{"SecretId": name} for name in names]),
        (kms.encrypt, [{"KeyId": f"alias/{name}", "Plaintext": b"x"} for name in names]),
        (kms.decrypt, [{"CiphertextBlob": each} for each in encrypted]),
    ]

    for call, arguments in calls:
        assert [denies(call, **each) for each in arguments] == [False, True], call


def test_each_resource_of_a_launch_must_be_allowed(
    aws: Any, session: Session, subnets: dict[str, str]
) -> None:
    """EC2 User Guide, "Example policies for working with the AWS CLI or an AWS SDK", launching."""
    mine, yours = list(subnets.values())[:2]
    kinds = ("instance/*", "network-interface/*", "security-group/*", "volume/*")
    ours = [arn("ec2", kind) for kind in (*kinds, f"subnet/{mine}")]
    image = "arn:aws:ec2:us-east-1::image/ami-12c6146b"
    ec2 = aws("ec2", **session(allow("ec2:RunInstances", [*ours, image])))
    launch = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}

    assert not denies(ec2.run_instances, SubnetId=mine, **launch)
    assert denies(ec2.run_instances, SubnetId=yours, **launch)
    refusal = refusal_of(ec2.run_instances, **{**launch, "ImageId": "ami-other"}, SubnetId=mine)
    assert "on resource: arn:aws:ec2:us-east-1::image/ami-other" in refusal[2]


def test_tags_are_given_to_resources(
    aws: Any, session: Session, subnets: dict[str, str], default_vpc: str
) -> None:
    """EC2 User Guide, "Grant permission to tag Amazon EC2 resources during creation"."""
    condition = {"StringEquals": {"ec2:CreateAction": "CreateVolume"}}
    ec2 = aws(
        "ec2",
        **session(
            allow("ec2:CreateTags", arn("ec2", "subnet/*")),
            allow("ec2:CreateTags", arn("ec2", "*"), Condition=condition),
            allow(["ec2:CreateVolume", "ec2:CreateInternetGateway"]),
        ),
    )
    tags = [{"Key": "a", "Value": "b"}]

    assert not denies(ec2.create_tags, Resources=[next(iter(subnets.values()))], Tags=tags)
    assert denies(ec2.create_tags, Resources=[default_vpc], Tags=tags)
    made = {"AvailabilityZone": "us-east-1a", "Size": 1}
    given = [{"ResourceType": "volume", "Tags": tags}]
    assert not denies(ec2.create_volume, **made, TagSpecifications=given)
    assert not denies(ec2.create_internet_gateway)
    given = [{"ResourceType": "internet-gateway", "Tags": tags}]
    assert denies(ec2.create_internet_gateway, TagSpecifications=given)


def statement(text: str, table: str) -> str:
    return text.replace("{}", f'"{table}"')


@pytest.mark.parametrize(
    ("call", "asked"),
    [
        ("transact_write_items", lambda name: {"TransactItems": [
            {"Put": {"TableName": name, "Item": {"k": {"S": "1"}}}},
        ]}),
        ("batch_write_item", lambda name: {"RequestItems": {
            name: [{"PutRequest": {"Item": {"k": {"S": "1"}}}}],
        }}),
        ("execute_statement", lambda name: {"Statement": statement("SELECT * FROM {}", name)}),
        ("execute_transaction", lambda name: {"TransactStatements": [
            {"Statement": statement("INSERT INTO {} VALUE {'k': '2'}", name)},
        ]}),
    ],
)  # fmt: skip
def test_transactions_need_the_permissions_of_their_single_actions(
    aws: Any, session: Session, call: str, asked: Callable[[str], dict[str, Any]]
) -> None:
    """DynamoDB Developer Guide, "IAM policies to allow DynamoDB transactions": there is no
    permission for the transaction; "IAM security policies with PartiQL for DynamoDB"."""
    actions = ["PutItem", "BatchWriteItem", "PartiQLSelect", "PartiQLInsert"]
    table = arn("dynamodb", "table/mine")
    dynamodb = aws("dynamodb", **session(allow([f"dynamodb:{each}" for each in actions], table)))

    assert not denies(getattr(dynamodb, call), **asked("mine"))
    assert denies(getattr(dynamodb, call), **asked("yours"))


def test_a_transaction_may_not_do_what_its_parts_may_not(aws: Any, session: Session) -> None:
    table = arn("dynamodb", "table/mine")
    actions = ["dynamodb:PutItem", "dynamodb:TransactWriteItems"]
    dynamodb = aws("dynamodb", **session(allow(actions, table)))
    put = {"Put": {"TableName": "mine", "Item": {"k": {"S": "1"}}}}
    delete = {"Delete": {"TableName": "mine", "Key": {"k": {"S": "2"}}}}

    assert not denies(dynamodb.transact_write_items, TransactItems=[put])
    refusal = refusal_of(dynamodb.transact_write_items, TransactItems=[put, delete])
    assert "not authorized to perform: dynamodb:DeleteItem on resource" in refusal[2]


def test_iam_s_names_have_their_paths(aws: Any, session: Session, unique_name: str) -> None:
    """IAM User Guide, "IAM identifiers": a path is part of the ARN."""
    trust = policy_document(EC2_ASSUMES_IT)
    role = arn("iam", "role/service/*", "")
    iam = aws("iam", **session(allow(["iam:CreateRole", "iam:GetRole"], role)))
    for path, refused in (("/service/", False), ("/other/", True)):
        name = f"{unique_name}-{path.strip('/')}"
        given = {"RoleName": name, "Path": path, "AssumeRolePolicyDocument": trust}
        assert denies(iam.create_role, **given) is refused
        if refused:
            aws("iam").create_role(**given)
        assert denies(iam.get_role, RoleName=name) is refused
        aws("iam").delete_role(RoleName=name)
