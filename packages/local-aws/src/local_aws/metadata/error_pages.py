"""The page that is the body of a 401 or a 404: clients print it when they look for no status.

Source: answers of the real service that users have reported:
https://github.com/awslabs/amazon-eks-ami/issues/594.
"""

from __future__ import annotations

from http import HTTPStatus

CONTENT_TYPE = "text/html"
STATUSES = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND})

_PAGE = """\
<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
	"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>{title}</title>
 </head>
 <body>
  <h1>{title}</h1>
 </body>
</html>
"""


def page(status: HTTPStatus) -> bytes:
    return _PAGE.format(title=f"{status.value} - {status.phrase}").encode()
