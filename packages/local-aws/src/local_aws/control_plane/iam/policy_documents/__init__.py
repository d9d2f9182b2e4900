"""Which policy documents can be put: their sizes, and whom they name.

documents.py         policy documents within AWS's limits
trust_documents.py   which trust policies a role may have
bucket_policies.py   which policies a bucket may have
known_principals.py  whom policies can name
trusted_ids.py       whom trust policies name, by unique ids
"""
