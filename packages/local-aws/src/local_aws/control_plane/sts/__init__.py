"""STS: sessions and temporary keys with random secrets, and what limits them.

role_sessions.py            AssumeRole, with SAML and with a web identity
temporary_credentials.py    GetSessionToken, GetFederationToken
requested_tags.py           the tags that a request gives to a session
requested_policies.py       the policies that a request gives to a session
"""

from __future__ import annotations

from local_aws.control_plane.sts import role_sessions, temporary_credentials


def install() -> None:
    role_sessions.install()
    temporary_credentials.install()
