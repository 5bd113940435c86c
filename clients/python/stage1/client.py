"""The client of one server: lists as iterators, frames as pandas or Arrow, runs as documents."""

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, Self

import httpx
import pyarrow as pa

from .api import AuthenticatedClient
from .errors import JobError, raise_for_problem
from .frames import ARROW_STREAM, ArrowBody, frame_of, table_from, table_of
from .retry import Retrying

if TYPE_CHECKING:
    import pandas as pd

FINAL = {"COMPLETED", "FAILED", "CANCELLED"}
LONG_POLL_SECONDS = 25
ITEMS_A_PAGE = 200
JSON = {"Content-Type": "application/json"}
TIMEOUT = httpx.Timeout(10, read=600, write=600)

Document = dict[str, Any]
Frame = "pa.Table | pd.DataFrame"


class Stage1:
    """One server, with a token.

    Answers outside 2xx are raised as `Stage1Error`. Connections that break before the answer begins and answers that pass
    (429, 502, 503, a proxy's 504) are tried again; every POST has an `Idempotency-Key`, so nothing is stored twice.

    Args:
        url: where the server is, e.g. `https://stage1.example.com`; by default `STAGE1_URL` of the environment.
        token: what `POST /api/auth/token` gave; by default `STAGE1_TOKEN` of the environment.
        transport: in the place of httpx's own.
    """

    def __init__(
        self, url: str | None = None, token: str | None = None, transport: httpx.BaseTransport | None = None
    ) -> None:
        base = url or os.environ["STAGE1_URL"]
        # As read from a file: a line break would make the request, and its error would show the token.
        held = (token if token is not None else os.environ.get("STAGE1_TOKEN", "")).strip()
        self.http = httpx.Client(
            base_url=base,
            headers={"X-Stage1-Token": held} if held else {},
            timeout=TIMEOUT,
            transport=Retrying(transport or httpx.HTTPTransport()),
            event_hooks={"response": [raise_for_problem]},
        )
        #: Every operation of the contract with its types: `from stage1.api.api.runs import get_run`, then
        #: `get_run.sync(run_id, client=stage1.api)`. Their `asyncio` forms send the token, but try nothing again.
        self.api = AuthenticatedClient(
            base_url=base, token=held, prefix="", auth_header_name="X-Stage1-Token"
        ).set_httpx_client(self.http)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self.http.close()

    # Lists

    def datasets(self, **filters: Any) -> Iterator[Document]:
        """All datasets, newest first, that pass the filters of `GET /api/datasets`."""
        return self._paged("/api/datasets", "datasets", filters)

    def runs(self, **filters: Any) -> Iterator[Document]:
        """All runs, newest first, that pass the filters of `GET /api/runs`, such as `dataset_id` or `search`."""
        return self._paged("/api/runs", "runs", filters)

    def folds(self, run_id: str) -> Iterator[Document]:
        """The folds of a run, by their number."""
        return self._paged(f"/api/runs/{run_id}/folds", "folds", {})

    # Documents

    def register_dataset(self, dataset: Document) -> Document:
        """Registers a dataset by its slug, or brings it up to date; returns it as it is stored."""
        return self._posted("/api/datasets", dataset)

    def save_run(self, run: Document, predictions: "Frame | None" = None) -> Document:
        """Saves a run with its folds, whole or not at all, and its predictions with it; returns the receipt.

        Args:
            run: `{"run": …, "folds": […]}` as in `POST /api/runs`.
            predictions: rows with `timestamp`, `fold_number`, `prediction` and more; `bar_index` tells them apart.
        """
        if predictions is None:
            return self._posted("/api/runs", run)
        upload = self._sent("/api/uploads", table_of(predictions), {})
        return self._posted("/api/runs", {**run, "predictions_upload_id": upload["upload_id"]})

    def run(self, run_id: str) -> Document:
        """A run with all its folds."""
        return self.http.get(f"/api/runs/{run_id}").json()

    # Frames

    def write_frame(self, measurement: str, frame: "Frame", **options: Any) -> Document:
        """Stores the rows in a measurement and returns the receipt when they can be read.

        Args:
            frame: one column holds the time; times without a zone are UTC.
            options: those of `POST /api/questdb/import`: `mode`, `dedup_keys`, `partition_by`, `on_duplicate`.

        Raises:
            Stage1Error: `details` name row and column of a fault; nothing was stored.
        """
        return self._sent("/api/questdb/import", table_of(frame), {"measurement": measurement, **options})

    def queue_import(self, measurement: str, frame: "Frame", **options: Any) -> str:
        """Like `write_frame`, but returns the id of the job as soon as the rows are safe; see `wait_for_job`."""
        query = {"measurement": measurement, **options}
        return self._sent("/api/questdb/import/async", table_of(frame), query)["job_id"]

    def read_table(self, measurement: str, **selection: Any) -> pa.Table:
        """Rows of a measurement: all, or those that are selected.

        Args:
            selection: `columns`: their names; `start_timestamp`, `end_timestamp`: both inclusive, each a datetime (UTC
                where it has no zone), ISO 8601, or Unix s, ms, µs or ns, told apart by magnitude.
        """
        return self._exported({"measurement": measurement, **selection})

    def read_frame(self, measurement: str, **selection: Any) -> "pd.DataFrame":
        """Like `read_table`, as a DataFrame with the time (UTC) as its index. Whole numbers with gaps are pandas' Int64."""
        return _indexed(self.read_table(measurement, **selection))

    def query(self, sql: str) -> "pd.DataFrame":
        """The rows of a statement that only reads."""
        return frame_of(self._exported({"sql": sql}))

    def ohlcv(self, dataset_id: str, **selection: Any) -> "pd.DataFrame":
        """The bars of a dataset, which id, slug or former id names, with the time as index."""
        return self._of_dataset(dataset_id, "ohlcv_measurement", selection)

    def indicators(self, dataset_id: str, **selection: Any) -> "pd.DataFrame":
        """The indicators of a dataset, as `ohlcv`."""
        return self._of_dataset(dataset_id, "indicator_measurement", selection)

    def predictions(self, run_id: str) -> "pd.DataFrame":
        """The predictions of a run in the order of time and fold, with the time (UTC) as index.

        Columns that older writers have called otherwise (`index`, `fold`, `target`) have their present names.
        """
        head = self.http.get(f"/api/runs/{run_id}/predictions", params={"limit": 1}).json()
        table = self.read_table(head["measurement"])
        time_column, *others = table.column_names
        table = table.select([time_column, *(name for name in others if name != "timestamp_ms")])
        frame = frame_of(table.rename_columns(["timestamp", *head["columns"][1:]]))
        return frame.sort_values(["timestamp", "fold_number"], kind="stable").set_index("timestamp")

    # Jobs

    def wait_for_job(
        self, job_id: str, on_progress: Callable[[Document], object] = lambda _: None
    ) -> Document:
        """The job when it is COMPLETED; told of its changes meanwhile.

        Raises:
            JobError: it is FAILED or CANCELLED.
        """
        job = self.http.get(f"/api/jobs/{job_id}").json()
        while True:
            on_progress(job)
            if job["status"] in FINAL:
                break
            began = time.monotonic()
            job = self.http.get(f"/api/jobs/{job_id}", params={"wait": LONG_POLL_SECONDS}).json()
            # A server that answers at once, as one that is stopping does, is not asked without a pause.
            time.sleep(max(0.0, 0.05 - (time.monotonic() - began)))
        if job["status"] != "COMPLETED":
            raise JobError(job)
        return job

    def _paged(self, path: str, name: str, filters: Document) -> Iterator[Document]:
        offset = 0
        while True:
            page = self.http.get(path, params={"limit": ITEMS_A_PAGE, **filters, "offset": offset}).json()
            yield from page[name]
            offset += len(page[name])
            if not page["has_more"] or not page[name]:
                return

    def _posted(self, path: str, body: Document) -> Document:
        return self.http.post(path, content=_json(body), headers=JSON).json()

    def _sent(self, path: str, table: pa.Table, query: Document) -> Document:
        headers = {"Content-Type": ARROW_STREAM}
        return self.http.post(path, content=ArrowBody(table), params=query, headers=headers).json()

    def _exported(self, request: Document) -> pa.Table:
        content = _json({**request, "format": "arrow"})
        with self.http.stream("POST", "/api/questdb/export", content=content, headers=JSON) as response:
            return table_from(response.iter_bytes())

    def _of_dataset(
        self,
        dataset_id: str,
        which: Literal["ohlcv_measurement", "indicator_measurement"],
        selection: Document,
    ) -> "pd.DataFrame":
        dataset = self.http.get(f"/api/datasets/{dataset_id}").json()
        return self.read_frame(dataset[which], **selection)


def _json(body: Document) -> bytes:
    return json.dumps(body, default=_as_json, allow_nan=False).encode()


def _as_json(value: Any) -> Any:
    """Dates, and numbers of numpy. Raises TypeError for what JSON has not."""
    if isinstance(value, date):
        return value.isoformat()
    if getattr(value, "ndim", None) == 0:
        return str(value) if value.dtype.kind == "M" else value.item()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _indexed(table: pa.Table) -> "pd.DataFrame":
    frame = frame_of(table)
    return frame.set_index("timestamp") if "timestamp" in frame.columns else frame
