"""Who may be given buckets and objects: ACLs and public policies.

acl_requests.py          the ACL that a request gives
access_control_lists.py  ACLs that a bucket does not take
public_policies.py       policies that Block Public Access refuses
"""
