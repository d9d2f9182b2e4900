"""The actions that a request needs to be allowed, and the ARNs of what it touches.

questions.py              the actions on resources that a request needs to be allowed
request_arns.py           the ARNs of what a request touches
arn_templates.py          made of the templates that AWS publishes
service_authorization.py  these templates: AWS's Service Authorization Reference
full_arns.py              what requests name by something else than an ARN
s3_actions.py             the actions of S3's requests, which have other names
"""
