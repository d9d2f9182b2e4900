"""The regions that AWS has, in all partitions, as botocore knows them."""

from __future__ import annotations

import functools


@functools.cache
def known() -> frozenset[str]:
    """Their names: `us-east-1` and so on."""
    # It takes a while, and most commands need none. A session would read the caller's profile.
    from botocore.loaders import Loader
    from botocore.regions import EndpointResolver

    resolver = EndpointResolver(Loader().load_data("endpoints"))
    return frozenset(
        region
        for partition in resolver.get_available_partitions()
        for region in resolver.get_available_endpoints("ec2", partition)
    )
