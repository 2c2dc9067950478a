"""The types of background jobs."""

from ._files.cancel import Cancel
from ._files.progress import OnProgress, Progress
from ._jobs.job import AsyncJob, Job

__all__ = ["AsyncJob", "Cancel", "Job", "OnProgress", "Progress"]
