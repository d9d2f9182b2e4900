"""What EC2's requests and answers have in common, whatever they are about.

invalid_values.py     values of no enumeration, and pages without rows
named_resources.py    ids of requests: of their form, and of something
missing_resources.py  what is not found is the client's mistake
repeated_names.py     what a request names twice is answered once
paged_ids.py          what is named by ids comes in one page
single_attributes.py  a call changes exactly one
dry_runs.py           requests that only ask whether they may
client_tokens.py      a request with a ClientToken that came before makes nothing
zone_names.py         regions and Availability Zones that requests name
random_ids.py         ids of resources are drawn at once
pages.py              lists in pages of MaxResults
catalogues.py         instance types, images, prices: in pages, beside other requests
answers.py            members that moto's answers lack
"""
