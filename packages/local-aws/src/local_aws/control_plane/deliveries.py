"""What services post to servers of their users: after the request that causes it, not within it.

moto posts while the request holds the lock, and waits for the answer as long as it takes: a
subscriber that does not answer would stop every other call, and one that calls this AWS would wait
for itself. Here a few threads post what is waiting, and say what was not delivered.

Source: "Amazon SNS message delivery retries" in the SNS Developer Guide: a subscriber has 15 s.
"""

from __future__ import annotations

import functools
import logging
import queue
import threading
from typing import Any

from moto.events import models as events
from moto.firehose import models as firehose
from moto.sns import models as sns

from local_aws.control_plane import moto_seams

_SECONDS = 15.0
_THREADS = 4
_WAITING = 1000
"""So many may wait; what comes then is lost, as it is on AWS after the last retry."""

_LOG = logging.getLogger(__name__)

_moto_requests = vars(sns)["requests"]


def install() -> None:
    for models in (sns, events, firehose):
        moto_seams.replace(models, requests=_Posts())


class _Posts:
    """Has the place of the module `requests` in moto's models, which look at no answer."""

    def post(self, url: str, **options: Any) -> None:
        self.request("POST", url, **options)

    def request(self, method: str, url: str, **options: Any) -> None:
        try:
            _waiting().put_nowait((method, url, options))
        except queue.Full:
            _LOG.warning("not delivered to %s: %d deliveries are waiting", url, _WAITING)


@functools.cache
def _waiting() -> queue.Queue[tuple[str, str, dict[str, Any]]]:
    """What is to be delivered; with the first delivery its threads begin."""
    waiting: queue.Queue[tuple[str, str, dict[str, Any]]] = queue.Queue(_WAITING)
    for number in range(_THREADS):
        threading.Thread(
            target=_deliver, args=(waiting,), name=f"delivery-{number}", daemon=True
        ).start()
    return waiting


def _deliver(waiting: queue.Queue[tuple[str, str, dict[str, Any]]]) -> None:
    while True:
        method, url, options = waiting.get()
        try:
            # Without its body, which may have no end.
            _moto_requests.request(method, url, timeout=_SECONDS, stream=True, **options).close()
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are delivered
            _LOG.warning("not delivered to %s: %s", url, error)
