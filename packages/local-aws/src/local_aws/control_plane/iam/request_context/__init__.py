"""The request context: the values of a request's condition keys.

condition_keys.py  a request's condition keys that all services know
service_keys.py    those of single services, and which are not evaluated
item_keys.py       those of DynamoDB's items
object_tags.py     those of the tags of S3's objects
request_tags.py    the tags that a request gives or takes
resource_tags.py   the tags of what a request touches
"""
