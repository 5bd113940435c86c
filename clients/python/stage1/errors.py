"""What the server says when it refuses or fails, as exceptions that a program can act on."""

from typing import Any

import httpx


class Stage1Error(Exception):
    """An answer outside 2xx. `code` is for programs, the message for people.

    Attributes:
        status: the HTTP status.
        code: stable name of the problem, such as `DATASET_UNKNOWN`; empty when the answer did not come from the server.
        details: where it went wrong: pointer, row, column, line.
        request_id: finds the request in the server's log.
        retry_after: seconds after which trying again makes sense, if the server said so.
    """

    def __init__(
        self, message: str, status: int, code: str, details: Any, request_id: str, retry_after: int | None
    ) -> None:
        # All of them, so that the error can be pickled, as between processes.
        super().__init__(message, status, code, details, request_id, retry_after)
        self.status = status
        self.code = code
        self.details = details
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        return self.args[0]


class JobError(Exception):
    """A job did not end well: it failed or was cancelled. `job` is what the server knows of it."""

    def __init__(self, job: dict[str, Any]) -> None:
        super().__init__(job)
        self.job = job

    def __str__(self) -> str:
        return self.job.get("error") or f"job {self.job['job_id']} is {self.job['status']}"


def raise_for_problem(response: httpx.Response) -> None:
    """Raises Stage1Error for an answer outside 2xx and 304; reads its body, also that of a stream."""
    if not (response.is_success or response.status_code == 304):
        response.read()
        problem = _problem_in(response)
        raise Stage1Error(
            problem.get("message") or f"the server answered {response.status_code}",
            response.status_code,
            problem.get("code", ""),
            problem.get("details", {}),
            problem.get("request_id") or response.headers.get("X-Request-Id", ""),
            retry_after_of(response),
        )


def retry_after_of(response: httpx.Response) -> int | None:
    """Seconds that the answer asks to wait."""
    said = response.headers.get("Retry-After", "")
    return int(said) if said.isdecimal() else None


def _problem_in(response: httpx.Response) -> dict[str, Any]:
    try:
        problem = response.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}
