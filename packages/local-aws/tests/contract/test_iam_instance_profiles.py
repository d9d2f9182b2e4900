"""Instance profiles as IAM lists them."""

from __future__ import annotations

from typing import Any


def test_they_are_listed_by_path(aws: Any, unique_name: str) -> None:
    """API_ListInstanceProfiles: PathPrefix."""
    iam = aws("iam")
    path = f"/{unique_name}/"
    for name, place in ((unique_name, path), (f"{unique_name}-other", "/")):
        iam.create_instance_profile(InstanceProfileName=name, Path=place)
    found = iam.list_instance_profiles(PathPrefix=path)["InstanceProfiles"]
    assert [each["InstanceProfileName"] for each in found] == [unique_name]
    everywhere = iam.list_instance_profiles()["InstanceProfiles"]
    assert len(everywhere) >= 2
