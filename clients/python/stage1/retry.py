"""Trying again, where that can do no harm.

Reading and deleting may be repeated, and whatever carries an `Idempotency-Key`, which every POST gets here: the server
does such a request once however often it comes.
"""

import random
import time
import uuid
from collections.abc import Callable
from typing import Literal

import httpx

from .errors import retry_after_of

TRIES = 5
LONGEST_PAUSE_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 0.25
IN_PROGRESS_SECONDS = 900.0

Fate = Literal["final", "passing", "in progress"]


class Retrying(httpx.BaseTransport):
    """Tries again after broken connections and answers that pass, after `Retry-After` where the server says it.

    429, 502 and 503 pass, and 504 unless the request's own time limit was over. A 409 that says that the same request
    is still at work is no failed try: its answer is asked for until it is there. What breaks after the answer has begun
    is not tried again.
    """

    def __init__(
        self, inner: httpx.BaseTransport, tries: int = TRIES, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._inner = inner
        self._tries = tries
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            request.headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
        patience = time.monotonic() + IN_PROGRESS_SECONDS
        failed = 0
        while True:
            asked = None
            try:
                response = self._inner.handle_request(request)
            except httpx.TransportError:
                failed += 1
                if failed >= self._tries:
                    raise
            else:
                fate = _fate_of(response)
                failed += fate == "passing"
                is_last = time.monotonic() > patience if fate == "in progress" else failed >= self._tries
                asked = retry_after_of(response)
                if fate == "final" or is_last or (asked or 0) > LONGEST_PAUSE_SECONDS:
                    return response
                response.close()
            self._sleep(_pause_after(failed) if asked is None else float(asked))

    def close(self) -> None:
        self._inner.close()


def _fate_of(response: httpx.Response) -> Fate:
    if response.status_code == 409:
        return "in progress" if _says(response, "IDEMPOTENCY_IN_PROGRESS") else "final"
    if response.status_code == 504:
        return "final" if _says(response, "TIME_LIMIT") else "passing"
    return "passing" if response.status_code in (429, 502, 503) else "final"


def _says(response: httpx.Response, code: str) -> bool:
    response.read()
    return f'"{code}"'.encode() in response.content


def _pause_after(failed: int) -> float:
    """In seconds; doubled each time, and random, so that clients that failed together do not come back together."""
    return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** max(0, failed - 1)) * random.uniform(0.5, 1)
