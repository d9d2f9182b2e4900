"""The instance metadata service, version 2, of every instance.

service.py    the HTTP service, each instance on a port of its own
tokens.py     session tokens
documents.py  what is at each path
"""
