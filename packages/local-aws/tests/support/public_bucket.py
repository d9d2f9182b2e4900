"""A bucket that may be public, which none is when it is made."""

from __future__ import annotations

from typing import Any


def let_be_public(s3: Any, bucket: str) -> None:
    """Block no public access, and let the bucket have ACLs; neither makes anything public yet."""
    s3.delete_public_access_block(Bucket=bucket)
    rules = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=rules)
