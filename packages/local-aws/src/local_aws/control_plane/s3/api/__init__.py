"""What S3's requests say and must name; tags of buckets and of objects.

emulated_operations.py  operations that moto mistakes for others
request_headers.py      headers that S3 refuses, and keys that are too long
request_documents.py    documents that its schema does not allow
object_requests.py      what a request about an object must name
bucket_owners.py        whose buckets a request expects
tags.py                 tags of buckets and of objects
"""
