"""Trying again, where that can do no harm.

Reading and deleting may be repeated, and whatever carries an `Idempotency-Key`, which every POST gets here: the server
does such a request once however often it comes.
"""

import random
import time
import uuid
from collections.abc import Callable

import httpx

from .errors import retry_after_of

TRIES = 5
LONGEST_PAUSE_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 0.25
PASSING = {429, 502, 503, 504}


class Retrying(httpx.BaseTransport):
    """Tries again after broken connections and answers that pass, after `Retry-After` where the server says it."""

    def __init__(
        self, inner: httpx.BaseTransport, tries: int = TRIES, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._inner = inner
        self._tries = tries
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            request.headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
        for attempt in range(1, self._tries + 1):
            is_last = attempt == self._tries
            pause = _pause_after(attempt)
            try:
                response = self._inner.handle_request(request)
            except httpx.TransportError:
                if is_last:
                    raise
            else:
                asked = retry_after_of(response)
                if is_last or not _passes(response) or (asked or 0) > LONGEST_PAUSE_SECONDS:
                    return response
                response.close()
                pause = pause if asked is None else float(asked)
            self._sleep(pause)
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        self._inner.close()


def _passes(response: httpx.Response) -> bool:
    if response.status_code in PASSING:
        return True
    if response.status_code != 409:
        return False
    response.read()
    return b"IDEMPOTENCY_IN_PROGRESS" in response.content


def _pause_after(attempt: int) -> float:
    """Doubled each time, and random, so that clients that failed together do not come back together."""
    return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)) * random.uniform(0.5, 1)
