"""The types of background jobs."""

from ._files.progress import Cancel, OnProgress, Progress
from ._jobs.job import AsyncJob, Job

__all__ = ["AsyncJob", "Cancel", "Job", "OnProgress", "Progress"]
