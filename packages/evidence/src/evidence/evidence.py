"""What was recorded of one scenario, read back or put together; from `record/`."""

from evidence.record.evidence import Evidence, Interruption, Mark
from evidence.record.reading import read_evidence

__all__ = ["Evidence", "Interruption", "Mark", "read_evidence"]
