"""Passwords of users, and whether new ones are to be chosen."""

from __future__ import annotations

from typing import Any


def test_a_password_may_have_to_be_changed(aws: Any, unique_name: str) -> None:
    """API_CreateLoginProfile, API_UpdateLoginProfile: PasswordResetRequired, "Specifies whether the
    user is required to set a new password on next sign-in"; an update gives either or both."""
    iam, user = aws("iam"), {"UserName": unique_name}
    iam.create_user(**user)

    def required() -> bool:
        return bool(iam.get_login_profile(**user)["LoginProfile"]["PasswordResetRequired"])

    made = iam.create_login_profile(**user, Password="ALong-enough1", PasswordResetRequired=True)
    assert made["LoginProfile"]["PasswordResetRequired"] is True
    assert required()
    iam.update_login_profile(**user, Password="Another-one2")
    assert required()
    iam.update_login_profile(**user, PasswordResetRequired=False)
    assert not required()

    iam.delete_login_profile(**user)
    iam.delete_user(**user)
