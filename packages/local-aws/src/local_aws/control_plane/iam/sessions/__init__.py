"""Whose key signed a request: the administrator's, a user's, a session's.

callers.py               whose key it is, and what limits whoever uses it
session_policies.py      what limits a role session: a policy, managed policies
session_tags.py          the tags of a role session, and who may give them
source_identities.py     who a role session is for: set once, kept in chains
session_starts.py        when a role session began
temporary_keys.py        the keys of GetSessionToken and GetFederationToken
temporary_key_limits.py  what these keys may not call
multi_factor.py          codes of users' MFA devices
"""
