"""How objects come other than by PutObject: in parts, by a form, as a copy.

multipart_uploads.py  uploads in parts: begun, listed and completed
known_uploads.py      the upload that a request names
part_lists.py         parts of an upload, and of an object, page by page
part_checksums.py     checksums of parts: named by a completion, and shown
object_parts.py       one part of an object that was uploaded in several
copies.py             what CopyObject and UploadPartCopy copy
post_policies.py      what a browser's form may upload
"""
