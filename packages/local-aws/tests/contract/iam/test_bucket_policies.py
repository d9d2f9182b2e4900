"""What a bucket's own policy says holds beside the caller's policies, with its conditions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from signed_requests import policy_document

AwsClient = Any


def _put(aws: AwsClient, bucket: str, **statement: Any) -> None:
    resources = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    document = {"Principal": "*", "Action": "s3:*", "Resource": resources, **statement}
    aws("s3").put_bucket_policy(Bucket=bucket, Policy=policy_document(document))


def test_requests_over_tls_pass_a_policy_that_demands_it(aws: AwsClient, bucket: str) -> None:
    """S3 User Guide, "Bucket policy examples": aws:SecureTransport. Here every request counts as
    one over TLS, since on AWS it is."""
    _put(aws, bucket, Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})

    aws("s3").put_object(Bucket=bucket, Key="a", Body=b"1")

    assert aws("s3").get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"


def test_an_upload_without_the_encryption_that_is_demanded_is_denied(
    aws: AwsClient, bucket: str
) -> None:
    """S3 User Guide, "Protecting data with server-side encryption": x-amz-server-side-encryption.
    Whoever can do everything can still change the policy."""
    wanted = {"s3:x-amz-server-side-encryption": "AES256"}
    _put(
        aws,
        bucket,
        Effect="Deny",
        Action="s3:PutObject",
        Condition={"StringNotEquals": wanted},
    )
    s3 = aws("s3")

    with pytest.raises(ClientError, match="with an explicit deny in a resource-based policy"):
        s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    s3.put_object(Bucket=bucket, Key="b", Body=b"1", ServerSideEncryption="AES256")
    s3.delete_bucket_policy(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")


def test_whom_the_policy_allows_needs_no_policy_of_its_own(
    aws: AwsClient, bucket: str, session: Callable[..., dict[str, str]]
) -> None:
    """IAM User Guide, "Policy evaluation logic": within an account, the union of identity-based
    and resource-based policies; to the account alone it gives nothing."""
    keys = session({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"})
    mine = aws("s3", **keys)
    arn = aws("sts", **keys).get_caller_identity()["Arn"]
    aws("s3").put_object(Bucket=bucket, Key="a", Body=b"1")

    other = aws("iam").create_user(UserName=f"{bucket}-other")["User"]["Arn"]
    for principal in ("123456789012", other):
        _put(aws, bucket, Effect="Allow", Principal={"AWS": principal})
        with pytest.raises(ClientError, match="no identity-based policy allows"):
            mine.get_object(Bucket=bucket, Key="a")
    aws("iam").delete_user(UserName=f"{bucket}-other")
    _put(aws, bucket, Effect="Allow", Principal={"AWS": arn})

    assert mine.get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"


def test_a_deny_wins_over_the_callers_own_policies(
    aws: AwsClient, bucket: str, session: Callable[..., dict[str, str]]
) -> None:
    """IAM User Guide, "Policy evaluation logic": an explicit deny in any policy."""
    mine = aws("s3", **session({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}))
    mine.put_object(Bucket=bucket, Key="a", Body=b"1")

    _put(aws, bucket, Effect="Deny", Principal={"AWS": "123456789012"}, Action="s3:GetObject")

    with pytest.raises(ClientError, match="AccessDenied"):
        mine.get_object(Bucket=bucket, Key="a")
    aws("s3").delete_bucket_policy(Bucket=bucket)
    assert mine.get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"
