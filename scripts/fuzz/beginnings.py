"""Where a chain begins: the contract's own example under names of its own, as what is made up is seldom a whole dataset, run or simulation."""

import json
import uuid
import zlib

from hypothesis import strategies as st

# Where an example names what it makes; a name that comes back would make one chain write over another's.
OWN_NAMES = {
    "issueToken": (),
    "exportFrame": (),
    "saveDataset": (("dataset_id",), ("dataset_slug",)),
    "saveRun": (("run", "run_id"), ("run", "prediction_measurement")),
    "saveSimulation": (("simulation_id",), ("questdb_namespace",), ("trades", 0, "trade_id")),
    "appendOhlcv": (),
    "appendIndicators": (),
    "importFrame": (),
    "importFrameAsync": (),
    "exportFrameAsync": (),
    "createUpload": (),
}


def offered(operation, strategy):
    """Bodies of an operation of which half are its example; what is made up is mostly too large to fit into a chain."""
    name = operation.definition.raw.get("operationId")
    if name not in OWN_NAMES or not takes_json_alone(operation):
        return strategy
    return st.booleans().flatmap(lambda own: st.builds(lambda: own_example(operation)) if own else strategy)


def begin_well(case):
    """The same for operations that take a body in several forms, of which only one is JSON; which half is told by the body."""
    operation = case.operation
    if operation.definition.raw.get("operationId") not in OWN_NAMES or case.media_type != "application/json":
        return
    if not takes_json_alone(operation) and zlib.crc32(repr(case.body).encode("utf-8", "replace")) % 2 == 0:
        case.body = own_example(operation)
    # What a query says must be what its body says.
    if case.query:
        case.query.clear()


def takes_json_alone(operation):
    return list(operation.definition.raw["requestBody"]["content"]) == ["application/json"]


def own_example(operation):
    raw = operation.definition.raw
    example = raw["requestBody"]["content"]["application/json"]["example"]
    text = json.dumps(example)
    for place in OWN_NAMES[raw["operationId"]]:
        name = example
        for step in place:
            name = name[step]
        text = text.replace(name, own_name(name))
    return json.loads(text)


def own_name(name):
    fresh = uuid.uuid4()
    return str(fresh) if len(name) == len(str(fresh)) and name.count("-") == 4 else f"fuzz_{fresh.hex[:16]}"
