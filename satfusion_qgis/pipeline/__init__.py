"""Running jobs: align, cut into windows, read, compute, write."""

from .execute import RunResult, run
from .plan import Plan, check
from .record import job_of

__all__ = ["Plan", "RunResult", "check", "job_of", "run"]
