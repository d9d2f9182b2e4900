#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE)
from __future__ import annotations

DOCUMENTATION = r"""
---
module: artifact_bucket
short_description: Keep what a stack's instances fetch in a bucket of its own
description:
  - With O(state=present) there is a private, encrypted bucket that answers over TLS only, with the
    file in it as C(<its SHA-256>.zip). What is there already is not uploaded again.
  - With O(state=absent) the bucket and all that is in it are gone.
  - A bucket of that name without the same tags C(Project) and C(resilient-service:stack) is
    somebody else's. It is refused, or left alone.
author:
  - The contributors of this project
options:
  bucket:
    description: The bucket's name.
    type: str
    required: true
  tags:
    description: The bucket's tags, which say whose it is.
    type: dict
    required: true
  file:
    description: The file on the controller; needed with O(state=present).
    type: path
  state:
    description: Whether bucket and file are to be there, or both gone.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Predicts the change.
    support: full
  diff_mode:
    description: Shows whether the bucket exists, before and after, and what is done to it.
    support: full
  idempotent:
    description: A second run with the same options changes nothing.
    support: full
"""

EXAMPLES = r"""
- name: Upload the web server
  artifact_bucket:
    bucket: resilience-demo-123456789012-us-east-1
    tags: {Project: resilient-service, "resilient-service:stack": resilience-demo}
    file: "{{ server.archive }}"

- name: Remove the bucket
  artifact_bucket:
    bucket: resilience-demo-123456789012-us-east-1
    tags: {Project: resilient-service, "resilient-service:stack": resilience-demo}
    state: absent
"""

RETURN = r"""
key:
  description: The object's key; empty with O(state=absent).
  returned: always
  type: str
actions:
  description: What was done, in plain words.
  returned: always
  type: list
  elements: str
  sample: ["created the bucket", "uploaded 0d4f.zip"]
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible.module_utils.resilience import bucket_settings
from ansible.module_utils.resilience.aws_call import aws_call
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from safeguards.ownership import PROJECT_TAG, STACK_TAG

# CreateBucket takes every region as a constraint but this one.
REGION_WITHOUT_CONSTRAINT = "us-east-1"
ABSENT = (
    "404",
    "NoSuchBucket",
    "NoSuchKey",
    "NoSuchTagSet",
    "NoSuchPublicAccessBlockConfiguration",
    "ServerSideEncryptionConfigurationNotFoundError",
    "NoSuchBucketPolicy",
)
# S3 refuses to change a bucket that it is still creating, changing or deleting, and a new one is
# not known everywhere at once; amazon.aws.s3_bucket retries both.
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
BUSY = "OperationAborted"
NOT_KNOWN_YET = "NoSuchBucket"


class ArtifactBucket:
    """One bucket; each method decides once, and in check mode only notes what it would do."""

    def __init__(self, client: Any, name: str, tags: Mapping[str, str], *, check: bool) -> None:
        self._client = client
        self._name = name
        self._tags = dict(tags)
        self._check = check
        self.actions: list[str] = []
        self.exists = self._read("find", client.head_bucket) is not None
        self.is_ours = self.exists and self._owned()

    def make(self, partition: str) -> None:
        """The bucket and all its settings. Raises AnsibleAWSError when it is somebody else's."""
        if self.exists and not self.is_ours:
            raise AnsibleAWSError(
                f"The bucket {self._name} is somebody else's: its tags {PROJECT_TAG} and "
                f"{STACK_TAG} do not name this stack. Choose another service_stack_name"
            )
        if not self.exists:
            self._create()
        for each in bucket_settings.of(self._name, self._tags, partition):
            if not self.exists or not each.is_met(self._setting(each.get, each.member)):
                self._do(each.purpose, each.said, getattr(self._client, each.put), **each.request)

    def upload(self, file: Path) -> str:
        """The key of the file, which is in the bucket then."""
        content = file.read_bytes()
        key = f"{hashlib.sha256(content).hexdigest()}.zip"
        if (
            not self.exists
            or self._read(f"find {key} in", self._client.head_object, Key=key) is None
        ):
            self._do(
                f"upload {key} to the bucket {self._name}",
                f"uploaded {key}",
                self._client.put_object,
                Key=key,
                Body=content,
                ChecksumAlgorithm="SHA256",
            )
        return key

    def remove(self) -> None:
        """The bucket with all that is in it; one of somebody else's stays."""
        if not self.is_ours:
            return
        for keys in self._pages():
            objects = {"Objects": [{"Key": key} for key in keys], "Quiet": True}
            self._do(
                f"delete {len(keys)} objects of the bucket {self._name}",
                f"deleted {', '.join(keys)}",
                self._delete_objects,
                Delete=objects,
            )
        self._do(
            f"delete the bucket {self._name}", "deleted the bucket", self._client.delete_bucket
        )

    def _delete_objects(self, **request: Any) -> Mapping[str, Any]:
        """S3 answers with the status 200 also for what it does not delete: raises AnsibleAWSError.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
        """
        answer: Mapping[str, Any] = self._client.delete_objects(**request)
        for refused in answer.get("Errors", ()):
            raise AnsibleAWSError(
                f"Failed to delete {refused['Key']} of the bucket {self._name}: "
                f"{refused['Message']} ({refused['Code']})"
            )
        return answer

    def _create(self) -> None:
        request: dict[str, Any] = {"ObjectOwnership": "BucketOwnerEnforced"}
        region = self._client.meta.region_name
        if region != REGION_WITHOUT_CONSTRAINT:
            request["CreateBucketConfiguration"] = {"LocationConstraint": region}
        self._do(
            f"create the bucket {self._name}",
            "created the bucket",
            self._client.create_bucket,
            **request,
        )

    def _owned(self) -> bool:
        """By its tags; one that is empty and has none was being made when its play ended."""
        tags = bucket_settings.as_tags(self._setting("get_bucket_tagging", "TagSet"))
        same = all(tags.get(key) == self._tags.get(key) for key in (PROJECT_TAG, STACK_TAG))
        return same or (not tags and not any(True for _ in self._pages()))

    def _pages(self) -> Iterator[list[str]]:
        while True:
            page = self._read("list", self._client.list_objects_v2) or {}
            keys = [each["Key"] for each in page.get("Contents", [])]
            if not keys:
                return
            yield keys
            if self._check or not page.get("IsTruncated"):
                return

    def _setting(self, get: str, member: str) -> Any:
        answer = self._read("read the settings of", getattr(self._client, get))
        return (answer or {}).get(member)

    def _read(self, purpose: str, operation: Any, **request: Any) -> Mapping[str, Any] | None:
        """The answer; None when there is no such thing."""

        def read(**request: Any) -> Mapping[str, Any]:
            try:
                found: Mapping[str, Any] = operation(**request)
            except is_boto3_error_code(ABSENT):
                return {"absent": True}
            return found

        answer = aws_call(f"{purpose} the bucket {self._name}", read, Bucket=self._name, **request)
        return None if "absent" in answer else answer

    def _do(self, purpose: str, said: str, operation: Any, **request: Any) -> None:
        self.actions.append(said)
        if not self._check:
            # One that was there and is gone does not come back.
            passing = (BUSY,) if self.exists else (BUSY, NOT_KNOWN_YET)
            aws_call(purpose, operation, also_retry=passing, Bucket=self._name, **request)


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "bucket": {"type": "str", "required": True},
            "tags": {"type": "dict", "required": True},
            "file": {"type": "path"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        required_if=[("state", "present", ["file"])],
        supports_check_mode=True,
    )
    options, key = module.params, ""
    try:
        client = module.client("s3")
        bucket = ArtifactBucket(client, options["bucket"], options["tags"], check=module.check_mode)
        before = {"exists": bucket.exists}
        if options["state"] == "present":
            bucket.make(client.meta.partition)
            key = bucket.upload(Path(options["file"]))
        else:
            bucket.remove()
    except (AnsibleAWSError, OSError) as error:
        module.fail_json(msg=str(error))
    after = {"exists": options["state"] == "present", "done": bucket.actions}
    module.exit_json(
        changed=bool(bucket.actions),
        key=key,
        actions=bucket.actions,
        diff={"before": before, "after": after},
    )


if __name__ == "__main__":
    main()
