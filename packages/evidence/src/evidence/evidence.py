"""What was recorded of one scenario, read back or put together; from `record/`."""

from evidence.record.evidence import Evidence, HeldRequests, Interruption, Mark
from evidence.record.reading import read_evidence

__all__ = ["Evidence", "HeldRequests", "Interruption", "Mark", "read_evidence"]
