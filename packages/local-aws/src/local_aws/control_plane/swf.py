"""A poll for which there is no task keeps no other request waiting; moto sleeps for a second.

Source: API_PollForDecisionTask and API_PollForActivityTask in the SWF API Reference.
"""

from __future__ import annotations

from moto.swf import models

from local_aws.control_plane import lock, moto_seams


def install() -> None:
    moto_seams.replace(models, sleep=lock.wait)
