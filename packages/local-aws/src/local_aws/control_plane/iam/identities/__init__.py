"""Users, groups and roles with their credentials and policies, and identity providers.

roles.py                   what an update of a role leaves alone; inline policies
service_linked_roles.py    those of a service's name
instance_profiles.py       listed by path; their tags and roles
user_names.py              a new name of a user
login_profiles.py          users' passwords
access_keys.py             in which account and whose they are, and their last use
mfa_devices.py             virtual MFA devices
service_credentials.py     there are none of a user for single services
server_certificates.py     each name once
identity_providers.py      of SAML and OpenID Connect
managed_policies.py        their versions, attachments and tags
permissions_boundaries.py  managed policies that bound roles and users
deletions.py               what has or is had by something else is not deleted
"""
