"""The types of background jobs."""

from ._jobs.job import AsyncJob, Job

__all__ = ["AsyncJob", "Job"]
