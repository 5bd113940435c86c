"""The client against a running server, which STAGE1_URL and STAGE1_AUTH_SHARED_SECRET of the environment name."""

import asyncio
import math
import os
import pickle
import uuid

import httpx
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from stage1 import JobError, Stage1, Stage1Error
from stage1.api.api.runs import get_run_receipt
from stage1.api.models import RunReceipt

FOLDS = 25
ROWS_A_FOLD = 30
HOUR_MS = 3_600_000
FIRST_MS = 1_732_831_200_000


@pytest.fixture(scope="module")
def stage1():
    with Stage1(token="") as stranger:
        body = {"secret": os.environ["STAGE1_AUTH_SHARED_SECRET"], "name": "python"}
        token = stranger.http.post("/api/auth/token", json=body).json()["token"]
    with Stage1(token=token) as client:
        yield client


def name(stem: str) -> str:
    return f"py_{stem}_{uuid.uuid4().hex[:8]}"


def bars(count: int) -> pd.DataFrame:
    times = pd.to_datetime(FIRST_MS + HOUR_MS * np.arange(count), unit="ms", utc=True)
    return pd.DataFrame(
        {"close": 95_000 + np.arange(count) / 3, "volume": np.arange(count) * 7},
        index=times.rename("timestamp"),
    )


def registered(stage1: Stage1) -> dict:
    slug = name("btc")
    metadata = {"ohlcv_measurement": f"{slug}_ohlcv", "indicator_measurement": f"{slug}_ind"}
    dataset = {"dataset_id": str(uuid.uuid4()), "dataset_slug": slug, "symbol": "BTC", "granularity": "1h"}
    return stage1.register_dataset({**dataset, "metadata": metadata})


def saved_run(dataset_id: str) -> dict:
    run = {"run_id": str(uuid.uuid4()), "dataset_id": dataset_id, "prediction_measurement": name("wf")}
    folds = [{"fold_number": i, "metrics": {"oos_r2": i / 7}} for i in range(FOLDS)]
    return {"run": run, "folds": folds, "fold_count": FOLDS}


def predictions() -> pd.DataFrame:
    count = FOLDS * ROWS_A_FOLD
    at = np.arange(count)
    return pd.DataFrame(
        {
            "timestamp": FIRST_MS + at * HOUR_MS,
            "bar_index": at,
            "fold_number": at // ROWS_A_FOLD,
            "prediction": np.sin(at) / 1000,
        }
    )


def test_a_run_is_saved_with_its_predictions_and_read_back(stage1):
    dataset = registered(stage1)
    run = saved_run(dataset["dataset_id"])
    sent = predictions()
    receipt = stage1.save_run(run, sent)
    assert (receipt["folds_written"], receipt["questdb_rows_written"]) == (FOLDS, FOLDS * ROWS_A_FOLD)

    run_id = run["run"]["run_id"]
    assert [r["run_id"] for r in stage1.runs(dataset_id=dataset["dataset_id"])] == [run_id]
    stored = {fold["fold_number"]: fold["metrics"]["oos_r2"] for fold in stage1.folds(run_id)}
    assert stored == {i: i / 7 for i in range(FOLDS)}
    assert len(stage1.run(run_id)["folds"]) == FOLDS

    read = stage1.predictions(run_id).sort_values("bar_index")
    assert read["prediction"].tolist() == sent["prediction"].tolist()
    assert read["fold_number"].tolist() == sent["fold_number"].tolist()


def test_lists_go_over_all_pages(stage1):
    slugs = {registered(stage1)["dataset_slug"] for _ in range(5)}
    assert slugs <= {dataset["dataset_slug"] for dataset in stage1.datasets(limit=2)}


def test_a_data_frame_comes_back_as_it_was_stored(stage1):
    frame = bars(100_000)
    frame["note"] = np.where(np.arange(len(frame)) % 2 == 0, "even", None)
    frame.loc[frame.index[3], "close"] = math.nan
    measurement = name("bars")
    receipt = stage1.write_frame(measurement, frame)
    assert (receipt["rows_written"], receipt["first_ts_ms"]) == (100_000, FIRST_MS)

    read = stage1.read_frame(measurement)
    assert read.index.as_unit("ms").tolist() == frame.index.as_unit("ms").tolist()
    np.testing.assert_array_equal(read["close"].to_numpy(), frame["close"].to_numpy())
    assert read["volume"].tolist() == frame["volume"].tolist()
    assert read["note"].isna().tolist() == frame["note"].isna().tolist()
    assert read["note"].dropna().unique().tolist() == ["even"]

    part = stage1.read_table(measurement, columns=["close"], end_timestamp=FIRST_MS + HOUR_MS)
    assert (part.num_rows, part.column_names) == (2, ["timestamp", "close"])
    assert stage1.query(f"select count() n from {measurement}")["n"].tolist() == [100_000]


def test_an_arrow_table_is_sent_as_it_is(stage1):
    times = pa.array([FIRST_MS, FIRST_MS + 1], pa.timestamp("ms"))
    measurement = name("arrow")
    stage1.write_frame(measurement, pa.table({"timestamp": times, "n": pa.array([2**53 + 1, None])}))
    assert stage1.read_table(measurement)["n"].to_pylist() == [2**53 + 1, None]


def test_whole_numbers_with_gaps_keep_their_digits(stage1):
    measurement = name("gaps")
    frame = pd.DataFrame(
        {"timestamp": [FIRST_MS, FIRST_MS + 1], "n": pd.array([2**53 + 1, None], dtype="Int64"), "m": [1, 2]}
    )
    stage1.write_frame(measurement, frame)
    read = stage1.read_frame(measurement)
    assert (read["n"].dtype, read["m"].dtype, read["n"].iloc[0]) == ("Int64", "int64", 2**53 + 1)
    assert read["n"].isna().tolist() == [False, True]
    assert stage1.query(f"select n from {measurement}")["n"].iloc[0] == 2**53 + 1


def test_a_selection_takes_times_of_any_kind(stage1):
    measurement = name("times")
    frame = bars(10)
    stage1.write_frame(measurement, frame)
    second = frame.index[1]
    for start in (
        second,
        second.to_pydatetime(),
        second.isoformat(),
        second.tz_localize(None),
        FIRST_MS + HOUR_MS,
    ):
        assert len(stage1.read_frame(measurement, start_timestamp=start)) == 9


def test_predictions_of_an_older_writer_have_the_present_names(stage1):
    run = saved_run(registered(stage1)["dataset_id"])
    stage1.save_run(run)
    older = pd.DataFrame(
        {"timestamp": [FIRST_MS, FIRST_MS], "index": [7, 7], "fold": [1, 0], "prediction_value": [0.5, 0.25]}
    )
    stage1.write_frame(run["run"]["prediction_measurement"], older, dedup_keys="timestamp,fold")
    read = stage1.predictions(run["run"]["run_id"])
    assert read.index.tolist() == [pd.Timestamp(FIRST_MS, unit="ms", tz="UTC")] * 2
    assert read[["bar_index", "fold_number", "prediction"]].to_numpy().tolist() == [[7, 0, 0.25], [7, 1, 0.5]]


def test_a_fault_tells_its_place_and_nothing_is_stored(stage1):
    frame = pd.DataFrame({"timestamp": [FIRST_MS, 12], "close": [1.0, 2.0]})
    measurement = name("faulty")
    with pytest.raises(Stage1Error) as caught:
        stage1.write_frame(measurement, frame)
    assert (caught.value.status, caught.value.code) == (422, "TIMESTAMP_OUT_OF_RANGE")
    assert (caught.value.details["row"], caught.value.details["column"]) == (1, "timestamp")
    with pytest.raises(Stage1Error) as missing:
        stage1.read_table(measurement)
    assert missing.value.code == "MEASUREMENT_NOT_FOUND"
    with pytest.raises(TypeError, match="not list"):
        stage1.write_frame(measurement, [1])


def test_a_run_takes_numbers_of_numpy(stage1):
    run = saved_run(registered(stage1)["dataset_id"])
    for fold in run["folds"]:
        fold["fold_number"] = np.int64(fold["fold_number"])
        fold["metrics"]["oos_r2"] = np.float64(fold["metrics"]["oos_r2"])
        fold["metrics"]["n"] = np.int32(7)
    assert stage1.save_run(run)["folds_written"] == FOLDS
    with pytest.raises(TypeError, match="set has no form in JSON"):
        stage1.save_run({**run, "more": {1}})


def test_errors_pass_between_processes(stage1):
    with pytest.raises(Stage1Error) as caught:
        stage1.run(str(uuid.uuid4()))
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.status, again.code, str(again)) == (404, "RUN_NOT_FOUND", str(caught.value))
    failed = pickle.loads(pickle.dumps(JobError({"job_id": "7", "status": "FAILED", "error": "no"})))
    assert (failed.job["status"], str(failed)) == ("FAILED", "no")


def test_a_stranger_is_refused(stage1):
    with Stage1(token="") as stranger, pytest.raises(Stage1Error) as caught:
        next(stranger.runs())
    assert (caught.value.status, caught.value.code) == (401, "UNAUTHORIZED")


def test_a_job_is_waited_for(stage1):
    measurement = name("queued")
    seen = []
    job_id = stage1.queue_import(measurement, bars(5000))
    job = stage1.wait_for_job(job_id, lambda change: seen.append(change["status"]))
    assert (job["status"], job["result"]["rows_written"], seen[-1]) == ("COMPLETED", 5000, "COMPLETED")

    faulty = stage1.queue_import(name("bad"), pd.DataFrame({"timestamp": [12], "close": [1.0]}))
    with pytest.raises(JobError) as caught:
        stage1.wait_for_job(faulty)
    assert (caught.value.job["job_id"], caught.value.job["status"]) == (faulty, "FAILED")


class Troubled(httpx.BaseTransport):
    """The server, whose first answers are others; keeps the keys and the bodies that were sent."""

    def __init__(self, *answers: httpx.Response | Exception, after_work: bool = False) -> None:
        self.inner = httpx.HTTPTransport()
        self.answers = list(answers)
        self.after_work = after_work
        self.keys: list[str | None] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.keys.append(request.headers.get("Idempotency-Key"))
        if not self.answers:
            return self.inner.handle_request(request)
        answer = self.answers.pop(0)
        if self.after_work:
            self.inner.handle_request(request).read()
        if isinstance(answer, Exception):
            raise answer
        return answer


def with_trouble(stage1: Stage1, transport: Troubled) -> Stage1:
    return Stage1(token=stage1.http.headers["X-Stage1-Token"], transport=transport)


def test_what_passes_is_tried_again_under_the_same_key(stage1):
    trouble = Troubled(
        httpx.Response(503, headers={"Retry-After": "0"}), httpx.ConnectError("cut"), httpx.Response(429)
    )
    measurement = name("tried")
    receipt = with_trouble(stage1, trouble).write_frame(measurement, bars(1000))
    assert receipt["rows_written"] == 1000
    assert len(trouble.keys) == 4
    assert trouble.keys[0] and len(set(trouble.keys)) == 1


def test_an_answer_that_was_lost_does_nothing_twice(stage1):
    trouble = Troubled(httpx.ReadError("cut"), after_work=True)
    measurement = name("once")
    receipt = with_trouble(stage1, trouble).write_frame(measurement, bars(1000), mode="create")
    assert (receipt["rows_written"], receipt["total_rows"]) == (1000, 1000)


def test_the_answer_to_a_request_that_is_still_at_work_is_asked_for_until_it_is_there(stage1):
    at_work = {"json": {"code": "IDEMPOTENCY_IN_PROGRESS"}, "headers": {"Retry-After": "0"}}
    trouble = Troubled(httpx.ReadError("cut"), *(httpx.Response(409, **at_work) for _ in range(12)))
    receipt = with_trouble(stage1, trouble).write_frame(name("patient"), bars(10))
    assert (receipt["rows_written"], len(trouble.keys), len(set(trouble.keys))) == (10, 14, 1)


def test_what_does_not_pass_is_not_tried_again(stage1):
    for refused in (
        httpx.Response(400),
        httpx.Response(500),
        httpx.Response(504, json={"code": "TIME_LIMIT"}),
        httpx.Response(503, headers={"Retry-After": "3600"}),
    ):
        trouble = Troubled(refused)
        with pytest.raises(Stage1Error) as caught:
            next(with_trouble(stage1, trouble).runs())
        assert (caught.value.status, len(trouble.keys)) == (refused.status_code, 1)


def test_an_export_that_was_cut_is_no_table(stage1):
    measurement = name("cut")
    stage1.write_frame(measurement, bars(5000))
    request = {"measurement": measurement, "format": "arrow"}
    whole = stage1.http.post("/api/questdb/export", json=request).content
    cut = httpx.Response(200, content=whole[: len(whole) // 2])
    with pytest.raises((pa.ArrowInvalid, OSError)):
        with_trouble(stage1, Troubled(cut)).read_table(measurement)


def test_generated_operations_send_the_token_without_the_layer_too(stage1):
    run = saved_run(registered(stage1)["dataset_id"])
    stage1.save_run(run)
    receipt = asyncio.run(get_run_receipt.asyncio(run["run"]["run_id"], client=stage1.api))
    assert isinstance(receipt, RunReceipt)


def test_generated_operations_have_their_types(stage1):
    run = saved_run(registered(stage1)["dataset_id"])
    stage1.save_run(run)
    receipt = get_run_receipt.sync(run["run"]["run_id"], client=stage1.api)
    assert isinstance(receipt, RunReceipt)
    assert receipt.folds_written == FOLDS
