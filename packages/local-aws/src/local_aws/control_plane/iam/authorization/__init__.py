"""May the caller do it? The policies of all kinds together, for each request.

enforcement.py             may the caller do it?
unsigned_calls.py          the few calls that need no signature
identity_policies.py       what the policies of the role or user say of it
resource_policies.py       what the own policy of a bucket, a queue ... says of it
principals.py              whom a resource's policy names
trust.py                   who may assume a role
passed_roles.py            the roles that a request passes to a service
policy_simulation.py       what policies say of actions that nobody takes
authorization_messages.py  why EC2 refused a request, encoded
"""
