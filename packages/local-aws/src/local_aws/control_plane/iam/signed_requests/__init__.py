"""Who makes this request? Its signature says so.

authentication.py   who makes this request?
signatures.py       the signature of a request: computed again with botocore
form_signatures.py  of a browser's form: of the policy in it
"""
