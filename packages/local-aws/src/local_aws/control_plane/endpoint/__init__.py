"""The AWS endpoint: one loopback port, and what a request meets there before moto.

server.py            the HTTP port; has each request answered under the lock
moto_application.py  moto, which answers it
compressed_bodies.py bodies that SDKs compress
rpc_v2_cbor.py       requests and answers in Smithy's RPC v2 CBOR, by way of AWS JSON
browser_guard.py     which requests are refused before anything else
signed_region.py     refuses a signature for a region that does not exist
input_constraints.py what AWS's models require of a request's members
value_constraints.py which values they allow
value_types.py       which types they are of
dropped_members.py   which members would have no effect, and are refused
request_rates.py     how fast an API may be called, where AWS's limits hold
filters.py           filters that moto does not evaluate, on its answer
filter_paths.py      where an answer shows what a filter is about
unmet_requests.py    a 4xx where a request names what moto does not find
page_tokens.py       and where its token names no page
"""
