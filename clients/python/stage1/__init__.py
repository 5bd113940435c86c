"""The Stage1 research-data server for Python: runs, datasets and frames as pandas and Arrow."""

from .client import Stage1
from .errors import JobError, Stage1Error

__all__ = ["JobError", "Stage1", "Stage1Error"]
