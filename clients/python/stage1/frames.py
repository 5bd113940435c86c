"""Frames as Arrow: what is sent is made batch by batch, and what comes is read as it comes."""

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd

ARROW_STREAM = "application/vnd.apache.arrow.stream"
ROWS_A_BATCH = 65_536


class ArrowBody:
    """The bytes of an Arrow stream of a table; each pass over it makes them anew, so that a try can be repeated."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __iter__(self) -> Iterator[bytes]:
        sink = io.BytesIO()
        with pa.ipc.new_stream(sink, self._table.schema) as writer:
            for batch in self._table.to_batches(max_chunksize=ROWS_A_BATCH):
                writer.write_batch(batch)
                yield _taken(sink)
        yield _taken(sink)


def table_of(frame: "pa.Table | pd.DataFrame") -> pa.Table:
    """A frame as an Arrow table. The index of a DataFrame is the column `timestamp` when it holds times, else it is left out.

    NaN in a DataFrame means that there is no value, as in pandas itself.

    Raises:
        TypeError: it is neither a pyarrow.Table nor a pandas.DataFrame.
    """
    if isinstance(frame, pa.Table):
        return frame
    if type(frame).__module__.partition(".")[0] != "pandas":
        raise TypeError(f"a frame is a pyarrow.Table or a pandas.DataFrame, not {type(frame).__name__}")
    if frame.index.dtype.kind == "M":
        frame = frame.rename_axis("timestamp").reset_index()
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def frame_of(table: pa.Table) -> "pd.DataFrame":
    """A table as a DataFrame. Whole numbers with gaps become pandas' Int64: as floats they would lose digits."""
    import pandas as pd

    nullable = {
        pa.int8(): pd.Int8Dtype(),
        pa.int16(): pd.Int16Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
    }
    frame = table.to_pandas()
    gaps = [
        field.name for field in table.schema if field.type in nullable and table[field.name].null_count > 0
    ]
    if gaps:
        frame[gaps] = table.select(gaps).to_pandas(types_mapper=nullable.get)
    return frame


def table_from(chunks: Iterable[bytes]) -> pa.Table:
    """The table of an Arrow stream. Raises pyarrow.ArrowInvalid when it was cut."""
    with pa.ipc.open_stream(pa.PythonFile(_Chunks(chunks), mode="r")) as reader:
        return reader.read_all()


def _taken(sink: io.BytesIO) -> bytes:
    data = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return data


class _Chunks(io.RawIOBase):
    """Chunks of bytes as a file to read from."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def read(self, size: int = -1) -> bytes:
        pieces = []
        while size != 0:
            piece = super().read(size)
            if not piece:
                break
            pieces.append(piece)
            size = size - len(piece) if size > 0 else size
        return b"".join(pieces)
