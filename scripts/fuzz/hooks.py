"""What Schemathesis can't read from the contract: the secret, the token that must live on, and what a schema can't say."""

import atexit
import os
import re
import uuid

import requests
import schemathesis
from beginnings import begin_well, offered
from reached import Reached
from schemathesis import cli
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.parameters import ParameterLocation
from schemathesis.engine.events import PhaseStarted
from schemathesis.engine.run import PhaseName
from schemathesis.openapi.checks import RejectedPositiveData, UseAfterFree

URL = os.environ["FUZZ_URL"]
TOKEN = os.environ["FUZZ_TOKEN"]
SECRET = os.environ["FUZZ_SECRET"]
EXAMPLE_SECRET = "change-me-to-thirty-two-characters"
TOKEN_HEADER = "X-Stage1-Token"
KEY_HEADER = "Idempotency-Key"
MOST_KEY_CHARACTERS = 255

# Well-formed requests that are a 400 all the same: what each operation may blame for it. Anything else that the contract's schemas
# allow must be taken, or be a 401, 403, 404, 409, 422 or 429.
# Unix time in four units, or text, told only roughly by a pattern; in a body any JSON value, refused whole or for what is in it.
TIMES = r"/(start|end)_timestamp(/[\s\S]*)?"
COLUMNS = r"/columns(/\d+)?"  # a column that the table hasn't
# Said differently in query and body, or not said where the body has no place for it.
OPTIONS = r"/(measurement|timestamp_column|timestamp_unit|mode|dedup_keys|partition_by|on_duplicate|validation)"
# Both a statement and a measurement, or neither; a column of a type that Arrow hasn't.
EXPORTS = f"/sql|/measurement|/format|{TIMES}|{COLUMNS}"
# The desktop's bodies come nested or flat, in several spellings, with frames in one of three ways: no one shape can say which go together.
DESKTOP = r"(?s).*"
BEYOND_SCHEMAS = {
    "getDatasetIndexMap": r"/end_idx",  # before `start_idx`
    "readOhlcv": f"{COLUMNS}|{TIMES}",
    "readIndicators": f"{COLUMNS}|{TIMES}",
    "readSeries": f"{COLUMNS}|{TIMES}",
    "readRunPredictions": f"/max_points|{TIMES}",  # a sample can't be told from the whole in CSV
    "streamEvents": r"/since|/last-event-id",  # an event that is yet to come
    "importFrame": OPTIONS,
    "importFrameAsync": OPTIONS,
    "exportFrame": EXPORTS,
    "exportFrameAsync": EXPORTS,
    "saveDataset": DESKTOP,
    "saveRun": DESKTOP,
    "saveSimulation": DESKTOP,
}
# How the contract's own checks say what they expect: never an excuse.
OF_THE_CONTRACT = "must "
# What a DELETE ends without removing it: a cancelled job and a revoked token are still there to be read.
ENDED_NOT_REMOVED = re.compile(r"/api/(questdb/)?jobs/|/api/auth/tokens/")
# A statement is text to a schema.
STATEMENT_CODES = {"QUERY_REFUSED", "SQL_INVALID"}
STATEMENTS = {"query", "exportFrame", "exportFrameAsync"}
# Names of free keys can't be bounded by a schema of 3.0.3.
UNSTORABLE = "text without U+0000 and lone surrogates"

# As a schema of 3.0.3 describes the whole stream, which is never seen, what is checked is each event.
EVENT = {
    "type": "object",
    "required": ["id", "event", "data"],
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]+$"},
        "event": {"type": "string", "pattern": "^(job|dataset|run|simulation|events)\\.[a-z_]+$"},
        "data": {"type": "string", "pattern": "^\\{.*\\}$"},
    },
}


def issue():
    wanted = {"secret": SECRET, "name": "spare", "scopes": ["admin"]}
    answer = requests.post(f"{URL}/api/auth/token", json=wanted, timeout=10)
    answer.raise_for_status()
    return answer.json()


def own_token_id():
    answer = requests.get(f"{URL}/api/auth/me", headers={TOKEN_HEADER: TOKEN}, timeout=10)
    answer.raise_for_status()
    return answer.json()["token_id"]


OWN_TOKEN_ID = own_token_id()
REACHED = Reached()
OPERATIONS = []
PHASES = []


def operation_id(case):
    return case.operation.definition.raw.get("operationId")


@schemathesis.hook
def before_load_schema(context, raw_schema):
    stream = raw_schema["paths"]["/api/events"]["get"]["responses"]["200"]["content"]["text/event-stream"]
    stream["schema"] = EVENT
    if not OPERATIONS:
        OPERATIONS.extend(operation["operationId"] for path in raw_schema["paths"].values() for operation in path.values() if "operationId" in operation)
        atexit.register(lambda: REACHED.write(os.environ["FUZZ_REACHED"], OPERATIONS))


@cli.handler()
class PhaseWatch(cli.EventHandler):
    """Knows the phase: only in chains, where all requests are well-formed, examples may be offered before a body is made up."""

    def handle_event(self, ctx, event):
        if isinstance(event, PhaseStarted):
            PHASES.append(event.phase.name)

    def start(self, ctx):
        pass

    def shutdown(self, ctx):
        pass


@schemathesis.hook
def before_generate_body(context, strategy):
    return offered(context.operation, strategy) if PHASES[-1:] == [PhaseName.STATEFUL_TESTING] else strategy


@schemathesis.hook
def before_call(context, case, kwargs):
    headers = case.headers or {}
    operation = operation_id(case)
    if operation == "issueToken" and isinstance(case.body, dict) and case.body.get("secret") == EXAMPLE_SECRET:
        case.body["secret"] = SECRET
    # A rotated token ends after `overlap` seconds, so each rotation is of a token of its own.
    if operation == "rotateToken" and headers.get(TOKEN_HEADER) == TOKEN:
        case.headers[TOKEN_HEADER] = issue()["token"]
    if operation == "revokeToken" and (case.path_parameters or {}).get("token_id") == OWN_TOKEN_ID:
        case.path_parameters["token_id"] = str(uuid.uuid4())
    if case.meta is not None and case.meta.generation.mode.is_positive:
        make_key_unique(case)
        if case.meta.phase.name.value == "stateful":
            begin_well(case)
        say_once(case, operation)
        # A digest that is made up would refuse every body.
        headers.pop("Content-Digest", None)


def make_key_unique(case):
    """A key belongs to one request; examples, boundaries and shrinking would use the same one for many."""
    key = (case.headers or {}).get(KEY_HEADER)
    if isinstance(key, str):
        unique = str(uuid.uuid4())
        case.headers[KEY_HEADER] = key[: MOST_KEY_CHARACTERS - len(unique)] + unique


def say_once(case, operation):
    """An import's body repeats its query; most that is made up would differ, and be refused before its frame is looked at."""
    if operation in ("importFrame", "importFrameAsync") and isinstance(case.body, dict):
        for name in set(case.query or {}) & set(case.body):
            case.query[name] = case.body[name]


@schemathesis.hook
def after_call(context, case, response):
    if case.meta is not None:
        REACHED.answered(case.meta.phase.name.value, operation_id(case), response.status_code)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    reason = excuse(failure, case, response)
    if reason is not None:
        REACHED.excused(reason, operation_id(case))
    return reason is None


def excuse(failure, case, response):
    if isinstance(failure, RejectedPositiveData) and is_beyond_schemas(case, response):
        return "well-formed, and refused by a rule that a schema can't say"
    if isinstance(failure, UseAfterFree) and ENDED_NOT_REMOVED.match(case.operation.path):
        return "ended by a DELETE, and still there to be read"
    if isinstance(failure, AcceptedNegativeData) and case.media_type == "text/csv":
        # Whatever is written into a body of text is text.
        if case.meta.phase.data.parameter_location == ParameterLocation.BODY:
            return "a body of text, which can't be anything else"
    return None


def is_beyond_schemas(case, response):
    if response.status_code != 400:
        return False
    problem = response.json()
    operation = operation_id(case)
    if problem["code"] in STATEMENT_CODES:
        return operation in STATEMENTS
    details = problem["details"]
    places = details if isinstance(details, list) else [details]
    allowed = re.compile(BEYOND_SCHEMAS.get(operation, "(?!)"))
    return bool(places) and all(is_excused(place, allowed) for place in places)


def is_excused(place, allowed):
    expected = place.get("expected", "")
    if expected == UNSTORABLE:
        return True
    return not expected.startswith(OF_THE_CONTRACT) and allowed.fullmatch(place.get("pointer", "")) is not None
