"""The instance metadata service of every instance.

service.py      the HTTP service, each instance on a port of its own
tokens.py       session tokens
documents.py    what is at each path
network.py      what is there about the network
error_pages.py  the bodies of 401 and 404
"""
