"""Objects and their versions: how they are read, listed, locked and deleted.

versions.py            versions of an object, and delete markers
version_ids.py         ids of versions, which only S3 can issue
object_reads.py        how a version of an object is read
preconditions.py       whether a request's conditions on an object hold
selections.py          what a SelectObjectContent request must have
conditional_writes.py  writes that require a known version
deletions.py           deletions of one object or of several
object_locks.py        Object Lock, of a bucket and of an object
listing.py             objects, versions and buckets, page by page
pages.py               which entries of a list come on a page
"""
