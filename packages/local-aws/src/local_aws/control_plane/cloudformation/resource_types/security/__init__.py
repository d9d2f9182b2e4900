"""Security: IAM, KMS, Secrets Manager and Certificate Manager.

iam.py            roles, users, instance profiles, policies
iam_groups.py     groups and their members, inline policies of their own
keys.py           keys of the Key Management Service
secret.py         secrets
secret_target.py  secrets with the connection to a database
certificates.py   certificates, and a listener's further ones
"""
