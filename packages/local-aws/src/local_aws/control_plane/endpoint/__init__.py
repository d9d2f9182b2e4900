"""The AWS endpoint: one loopback port, and what a request meets there before moto.

server.py          the HTTP port; hands each request to moto under the lock
browser_guard.py   which requests are refused before anything else
signed_region.py   refuses a signature for a region that does not exist
unmet_requests.py  a 4xx where a request names what moto does not find
"""
