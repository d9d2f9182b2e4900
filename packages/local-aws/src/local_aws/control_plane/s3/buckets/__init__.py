"""Buckets and their settings.

new_buckets.py                what each new bucket has: encryption, no ACLs, no public access
bucket_names.py               names that a new bucket can have
locations.py                  in which Regions a new bucket can be
bucket_settings.py            what a bucket's settings must say
notification_destinations.py  they must be there
request_settings.py           settings that its schema allows, and S3 does not
lifecycle_rules.py            of these, the rules of a lifecycle
lifecycle_answers.py          the rules as they were put, each with an ID
cors_rules.py                 the rules of CORS
website_settings.py           and those of a website
mfa_delete.py                 which nobody can enable here
request_payment.py            who pays for requests
bucket_reads.py               settings of a bucket that moto does not have
"""
