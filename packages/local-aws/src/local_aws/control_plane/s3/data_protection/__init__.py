"""Checksums and encryption of objects.

checksums.py      checksums of objects and of parts
crc.py            checksums that Python's library lacks
encryption.py     with which key an object is encrypted
customer_keys.py  keys that come with each request (SSE-C)
"""
