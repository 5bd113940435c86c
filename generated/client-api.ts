/** Made from spec/v1 by `make generate`; do not edit. */
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive
         * @description Answers without touching an engine, so that a supervisor does not restart a server whose database is away. Needs no token.
         */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Can the server do its work now
         * @description 200 when PostgreSQL and QuestDB both answer a query within two seconds, else 503. Needs no token.
         */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * State of the server and its engines
         * @description Always 200 while the process lives; `status` is `degraded` when an engine does not answer. Needs no token.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a token against the shared secret
         * @description A temporary way in until people have accounts; every issue is logged with the token's id. The secret is compared in constant time, and may be tried a few times a minute. Needs no token. Ask for no more `scopes` than the program needs.
         */
        post: operations["issueToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/rotation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace a token by a new one
         * @description Issues a token with the name and the scopes of the one that the request is sent with, which goes on working for `overlap` seconds, so that programs can be changed over one after the other. Each request issues another token. It lasts no longer than the one that it replaces was made to last, and is revoked with it.
         */
        post: operations["rotateToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The token of this request, and what is left of its limits
         * @description Tells a program what it may do, when to rotate its token, and how fast it may go.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tokens
         * @description Newest first, expired and revoked ones too, until they are forgotten 30 days later.
         */
        get: operations["listTokens"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a token
         * @description From now on neither it nor any token that was made of it by rotation opens anything; streams that it has opened are closed within half a minute. What it has begun goes on. Revoking it again changes nothing.
         */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who has written what
         * @description One entry for each request that writes, newest first; it is stored before the work begins, and its outcome when the request is answered. Kept for `auth.audit_days` (365 unless configured).
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the datasets
         * @description Newest first, with counts of related runs and simulations. Row counts and bounds are live where QuestDB answers. `total` counts the datasets that all filters let through.
         */
        get: operations["listDatasets"];
        put?: never;
        /**
         * Register a dataset, or register it again
         * @description The slug is the key. A known slug under a new id is the same dataset: the first id stays, the new one becomes an alias that every route accepts. A value that was known is never replaced by an unknown one.
         *     With `record_questdb: true` the server writes the frames to QuestDB itself. Each frame comes as rows (`ohlcv`, `indicators`), as CSV text (`ohlcv_csv`, `indicators_csv`) or as an upload (`ohlcv_upload_id`, `indicator_upload_id`); the answer comes at once, and `job_ids` names the job that loads them, one after the other, as appends do: rows whose time is there already take the earlier ones' place. A frame is stored whole or not at all; when the second one is faulty the first one stays, and the repaired request may be sent whole again. Without frames the tables are made where they are missing, and the registered row counts and bounds are taken from them. Frames without `record_questdb: true` are refused.
         */
        post: operations["saveDataset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{dataset_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One dataset with the state of its tables
         * @description Answers also while QuestDB is down; `questdb_state.status` is then `unknown` and counts are the last ones registered.
         */
        get: operations["getDataset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{dataset_id}/manifest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The manifest of a dataset
         * @description The manifest as the desktop wrote it, keys of its own included, with today's row counts and bounds written over its own; made by the server when none was ever sent. While QuestDB does not answer, the figures are the last ones registered and `questdb_state.status` is `unknown`.
         */
        get: operations["getDatasetManifest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{dataset_id}/index_map": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The times of a dataset's rows by their position
         * @description An index is a row's position in ascending time, counted from 0. Every index of the range that has a row is in `rows`, in order; streamed. A range that reaches past the last row is cut there: `end_index` says where, `total` how many rows there are. A range that lies past it altogether, or a frame without rows, gives no rows and is no error.
         */
        get: operations["getDatasetIndexMap"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{dataset_id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the runs of a dataset
         * @description The same as `GET /api/runs?dataset_id=`; 404 when the dataset is not registered.
         */
        get: operations["listDatasetRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{dataset_id}/ohlcv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the OHLCV bars of a dataset
         * @description Every row, oldest first, when no `limit` is given; streamed. A transfer that breaks is cut off and never ends as if it were whole.
         */
        get: operations["readOhlcv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{dataset_id}/ohlcv/append": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Append OHLCV bars to a dataset
         * @description All rows of the request are stored or none. Sending the same rows again changes nothing: a row whose time is there already takes the earlier one's place and is counted in `duplicates`. Rows that break what the manifest promises (gaps, rows out of order, indicators with fewer bars before them than `lookback_rows`) are stored and told in `warnings`. Each row has `timestamp`, `open`, `high`, `low` and `close`.
         */
        post: operations["appendOhlcv"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{dataset_id}/indicators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the indicator rows of a dataset
         * @description Every row, oldest first, when no `limit` is given; streamed. A transfer that breaks is cut off and never ends as if it were whole.
         */
        get: operations["readIndicators"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{dataset_id}/indicators/append": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Append indicator rows to a dataset
         * @description All rows of the request are stored or none. Sending the same rows again changes nothing: a row whose time is there already takes the earlier one's place and is counted in `duplicates`. Rows that break what the manifest promises (gaps, rows out of order, indicators with fewer bars before them than `lookback_rows`) are stored and told in `warnings`. Columns may appear later; earlier rows then hold null.
         */
        post: operations["appendIndicators"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/indicators/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the datasets in the older shape
         * @deprecated
         * @description Use `GET /api/datasets` instead. A bare array, newest first, which can't say how many there are: without `limit` it is whole. With more than 10 000 datasets a request without `limit` is refused.
         */
        get: operations["listIndicatorDatasets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/indicators/datasets/{dataset_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One dataset in the older shape
         * @deprecated
         * @description Use `GET /api/datasets/{dataset_id}` instead.
         */
        get: operations["getIndicatorDataset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the runs
         * @description Newest first. A dataset that is not registered has no runs.
         */
        get: operations["listRuns"];
        put?: never;
        /**
         * Save a run with its folds and predictions
         * @description Stores the run, all its folds and, when sent along, its predictions, whole or not at all; what was stored under the same id before is replaced. Saving the same again changes nothing. A gap in the fold numbers is stored and told in `warnings`.
         */
        post: operations["saveRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One run with all its folds
         * @description The stored document with its ETag; `If-None-Match` answers 304. Sent gzipped to clients that accept it. All folds are sent unless `fold_limit`, `fold_offset` or `fold_fields` asks for a part of them. With `download_predictions=true` the answer is the prediction rows as CSV instead.
         */
        get: operations["getRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run_id}/receipt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the last save of a run stored
         * @description The receipt that the last save of the run was answered, with its counts, bounds and digest.
         */
        get: operations["getRunReceipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run_id}/folds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The folds of a run, with figures over all of them
         * @description Every fold by ascending number when no `limit` is given. `aggregates` and `gaps` are always those of all folds, whatever part is asked for.
         */
        get: operations["listRunFolds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run_id}/predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the predictions of a run
         * @description Every row in the order of time and fold when no `limit` is given; streamed as JSON, or as CSV with `format=csv` or `Accept: text/csv`. A transfer that breaks is cut off and never ends as if it were whole.
         */
        get: operations["readRunPredictions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/simulations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the simulations
         * @description Newest first, without buckets and trades.
         */
        get: operations["listSimulations"];
        put?: never;
        /**
         * Save a simulation with its buckets and trades
         * @description Stores the simulation, its buckets and all its trades, whole or not at all; what was stored under the same id before is replaced, buckets and trades included. Saving the same again changes nothing. A run or dataset that is not here is no reason to refuse: the simulation is kept, and belongs to it as soon as it is saved. What looks odd is told in `warnings`.
         */
        post: operations["saveSimulation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/simulations/{simulation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One simulation with its buckets
         * @description The trades are on a route of their own; `trade_count` says how many there are.
         */
        get: operations["getSimulation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/simulations/{simulation_id}/trades": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the trades of a simulation
         * @description In the order of `entry_timestamp` (unknown times first), then of `trade_index`.
         */
        get: operations["listSimulationTrades"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/walkforward/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the runs in the older shape
         * @deprecated
         * @description Use `GET /api/runs` instead. A bare array, newest first, which can't say how many there are: without `limit` it is whole. With more than 10 000 runs a request without `limit` is refused.
         */
        get: operations["listWalkforwardRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/walkforward/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One run with all its folds, under the older path
         * @deprecated
         * @description Use `GET /api/runs/{run_id}` instead. The same document, with the same ETag.
         */
        get: operations["getWalkforwardRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tradesim/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the simulations in the older shape
         * @deprecated
         * @description Use `GET /api/simulations` instead. A bare array, newest first, which can't say how many there are: without `limit` it is whole. With more than 10 000 simulations a request without `limit` is refused.
         */
        get: operations["listTradesimRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tradesim/runs/{simulation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One simulation in the older shape
         * @deprecated
         * @description Use `GET /api/simulations/{simulation_id}` instead.
         */
        get: operations["getTradesimRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tradesim/runs/{simulation_id}/trades": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The trades of a simulation in the older shape
         * @deprecated
         * @description Use `GET /api/simulations/{simulation_id}/trades` instead. Without `limit` every trade is sent, in the same order as there.
         */
        get: operations["listTradesimTrades"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questdb/measurements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the measurements
         * @description By name; tables of QuestDB itself and unfinished imports are left out.
         */
        get: operations["listMeasurements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questdb/measurement/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One measurement with its columns and first rows
         * @description For a person who looks at what a table holds.
         */
        get: operations["getMeasurement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questdb/measurement/{name}/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The numbers of a measurement, few enough to plot
         * @description A list of times and values for each column of numbers, in the order of time; a missing value is no point. Where the span has at most
         *     `max_points` rows they are all there and `sampled` is false. Else the span is cut into buckets of `bucket_ms`, and
         *     `sampled` is true:
         *
         *     - `minmax`: the least and the greatest value of every bucket at their own times, so the extremes of each column are always there;
         *     - `ohlc`: `open`, `high`, `low` and `close` of every bucket, at the time of its first row. A table of bars stays one: `open`, `high`, `low`,
         *       `close` and `volume` (summed) then have one value each, in `values`.
         *
         *     Whole numbers come as doubles.
         */
        get: operations["readSeries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questdb/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a SELECT of one's own
         * @description One statement in QuestDB's SQL that only reads: `SELECT`, `WITH … SELECT`, `DECLARE … SELECT`, `EXPLAIN SELECT`, `SHOW TABLES`,
         *     `SHOW COLUMNS FROM t`, `SHOW PARTITIONS FROM t`, `SHOW CREATE TABLE t`, or the bare name of a measurement. A semicolon at the
         *     end and comments are allowed; comments, hints among them, are taken out before QuestDB sees the statement.
         *
         *     Everything else is a 400 `QUERY_REFUSED` and is not run: statements that write, more than one statement, functions that
         *     are not on the server's list, regular expressions, tables of QuestDB itself. A mistake in the SQL is a 400 `SQL_INVALID`
         *     with QuestDB's own words. Both say in `details.position` where in `sql`, counted from 0.
         *
         *     Every row is sent; the answer is streamed, and a transfer that breaks is cut off and never ends as if it were whole. The query is
         *     ended in QuestDB when the client leaves or the time is up.
         *
         *     Whole numbers are JSON numbers with all their digits: a reader that keeps numbers as doubles rounds those beyond 2^53.
         *     `cells: text` gives every cell as text, with the digits that QuestDB wrote.
         */
        post: operations["query"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questdb/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a frame and wait until it is readable
         * @description Blocks until the rows can be read. The frame comes raw, as CSV, Arrow IPC or Parquet, with `measurement` in the query, as the desktop's JSON with CSV in it, or as a form with a file part. The first line of a CSV names the columns. Types come from the table, else from the schema of Arrow and Parquet, whose nested types, decimals, binary, durations and times of day are refused; a dictionary becomes a symbol. -2^63 and infinities are refused, not-a-number is stored as null. The time is read from `timestamp`, `timestamp_unix`, `timestamp_ms`, `timestamp_seconds`, `timestamp_unix_s`, `ts`, `time`, or `Date` and `Time`. All rows are stored or none. A new measurement appears whole or not at all; rows for an existing one are added, a row whose key the measurement has already takes the earlier one's place. `mode`, `dedup_keys`, `partition_by` and `on_duplicate` change this; what is said in the query and in the body must be the same. Rows of one frame that agree in all keys are refused (`ROWS_COLLAPSE`) unless `on_duplicate` is `keep_last`.
         */
        post: operations["importFrame"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questdb/import/async": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a frame as a job
         * @description Answers as soon as the body has arrived; follow the job. The frame comes raw, as CSV, Arrow IPC or Parquet, with `measurement` in the query, as the desktop's JSON with CSV in it, or as a form with a file part. The first line of a CSV names the columns. Types come from the table, else from the schema of Arrow and Parquet, whose nested types, decimals, binary, durations and times of day are refused; a dictionary becomes a symbol. -2^63 and infinities are refused, not-a-number is stored as null. The time is read from `timestamp`, `timestamp_unix`, `timestamp_ms`, `timestamp_seconds`, `timestamp_unix_s`, `ts`, `time`, or `Date` and `Time`. All rows are stored or none. A new measurement appears whole or not at all; rows for an existing one are added, a row whose key the measurement has already takes the earlier one's place. `mode`, `dedup_keys`, `partition_by` and `on_duplicate` change this; what is said in the query and in the body must be the same. Rows of one frame that agree in all keys are refused (`ROWS_COLLAPSE`) unless `on_duplicate` is `keep_last`.
         */
        post: operations["importFrameAsync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questdb/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Export rows as CSV, Parquet, Arrow or JSON
         * @description What a statement that only reads finds (`sql`, under the rules of `POST /api/questdb/query`), or a measurement's rows in the
         *     order of time (`measurement`, with `columns`, `start_timestamp`, `end_timestamp`). Every row is sent, as QuestDB writes it. The
         *     format is `format`, else the first one that `Accept` names, else CSV. A result without rows is a valid file of the format.
         *
         *     The answer is streamed; a transfer that breaks is cut off and never ends as if it were whole. The query is ended in QuestDB
         *     when the client leaves or the time is up. QuestDB writes a limited number of CSV, Parquet and Arrow exports at a time: further
         *     ones wait within their time, and are then a 503 with `Retry-After`. Long exports are better done by
         *     `POST /api/questdb/export/async`, whose download can be resumed.
         *
         *     What the formats keep:
         *
         *     - **Parquet** (Snappy) keeps all 64 bits of DOUBLE, LONG and TIMESTAMP, null and empty text apart. NaN is null. CHAR comes as the number
         *       of its UTF-16 unit, IPv4 as a number. A column that is nothing but NULL is refused (`SQL_INVALID`): write `null::double`.
         *     - **CSV** has CRLF line ends, a header of quoted names, and doubles with all the digits that bring back the same 64 bits. Nothing is a
         *       missing value, `""` is empty text; GEOHASH, DECIMAL and arrays write a missing value as `null`. In text a quote is doubled, a
         *       backslash is `\\` and a line break `\n`. A CHAR is not quoted, whatever it is.
         *     - **Arrow** is an IPC stream, uncompressed: `pyarrow.ipc.open_stream`, `tableFromIPC`. DOUBLE and FLOAT are `double` and `float`, LONG, INT, SHORT and
         *       BYTE `int64`, `int32`, `int16` and `int8`, BOOLEAN `bool`, TIMESTAMP `timestamp[us, UTC]`, TIMESTAMP_NS `[ns, UTC]`, DATE `[ms, UTC]`; VARCHAR,
         *       STRING and SYMBOL are `utf8`, without dictionaries. All 64 bits are kept, null and empty text apart; QuestDB knows no NaN apart from NULL, so
         *       NaN is null. Other types are refused (400) by the name of the column: write `cast(x as varchar)`. The first byte comes when QuestDB has
         *       found every row.
         *     - **JSON** is that of `POST /api/questdb/query`. QuestDB itself ends a JSON query after its own `query.timeout` (60 s unless
         *       configured), whatever `timeout` says.
         */
        post: operations["exportFrame"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questdb/export/async": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Export rows to a file that can be downloaded
         * @description As `POST /api/questdb/export`, done by a job: follow `GET /api/jobs/{job_id}`. Its `result` has `download_id`, `url`, `filename`, `media_type`, `bytes`, `digest`, `rows` and `expires_at`; `url` is where to download the file until then. A mistake in the request is told at once. The format is `format`, or CSV.
         */
        post: operations["exportFrameAsync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/downloads/{download_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A file that a job has made
         * @description The file of an export, or the list of the rows that a lenient import has left out. The bytes are sent as they lie on the server. `Range: bytes=<from>-` goes on with a download that broke off: the answer is a 206 with the part; send the `ETag` in `If-Range`, so that a part of another file is never taken for it. Several ranges at once are answered with the whole file. After `exports.hours`, at an export's `expires_at`, the file is gone (404).
         */
        get: operations["getDownload"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a frame for later use
         * @description The body waits on the server until a save names its `upload_id`, and may be named more than once until it expires. CSV has a header line; Arrow IPC and Parquet have their schema; JSON is an object with `rows`, an array of row objects. The rows are checked by the save that uses them.
         */
        post: operations["createUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/uploads/{upload_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What an upload is and how long it waits
         * @description Size, digest and expiry of an upload; its bytes are not sent back.
         */
        get: operations["getUpload"];
        put?: never;
        post?: never;
        /**
         * Remove an upload before it expires
         * @description A save that has named it already is not disturbed.
         */
        delete: operations["deleteUpload"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/questdb/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One job, under the path of the imports
         * @description The same answer as `GET /api/jobs/{job_id}`.
         */
        get: operations["getQuestDbJob"];
        put?: never;
        post?: never;
        /**
         * Cancel a job, under the path of the imports
         * @description The same as `DELETE /api/jobs/{job_id}`.
         */
        delete: operations["cancelQuestDbJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the jobs
         * @description Newest first.
         */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One job
         * @description Ask again until `status` is COMPLETED, FAILED or CANCELLED. With `wait` the answer comes as soon as the job has changed, or when so many seconds have passed, with the job as it is then; a job that has ended is answered at once. `progress` is told at most four times a second and never goes back: when the work begins anew, after a crash or on a retry, it stays until that has come as far.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        /**
         * Cancel a job
         * @description A job that waits is CANCELLED at once. One that runs is told within a second, undoes what it has done and is CANCELLED then: the answer may still say RUNNING, so read the job again. One that has ended, or whose rows are in place by then, stays as it is; if its process dies at that moment, another finishes it. A caller who waits for the job is answered 409 with code JOB_CANCELLED.
         */
        delete: operations["cancelJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{job_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a failed job again
         * @description Queues a job that FAILED once more, under the same id, with what was sent then. Possible for a day after a failure that may pass: an engine that was away, a time limit, a worker that died. A fault of the frame is final, and so is a job that a caller waited for: send the request anew (409, code JOB_NOT_RETRYABLE).
         */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens, as it happens
         * @description Server-sent events (`text/event-stream`) of jobs that change and of records that are saved, in the order of their numbers, from
         *     whichever server does it. Each is one line of JSON:
         *
         *     `{"event_id", "topic", "type", "subject", "job_id", "created_at", "data"}`
         *
         *     with `event:` = `type` and `id:` = `event_id`. `subject` is the id of the dataset, run, simulation or job.
         *
         *     | topic | types |
         *     |---|---|
         *     | `jobs` | `job.queued`, `job.claimed`, `job.progressed`, `job.requeued`, `job.retried`, `job.cancel_requested`, and at its end one of `job.completed`, `job.failed`, `job.cancelled` |
         *     | `datasets` | `dataset.registered`, `dataset.rows_changed` |
         *     | `runs` | `run.saved` |
         *     | `simulations` | `simulation.saved` |
         *
         *     **Nothing is missed.** A client that sends the last `id` it got, in `Last-Event-ID` or `since`, gets all that came after it, on any
         *     server, none twice. Without either the stream begins now. Events are kept for a time (7 days unless configured); a client that was
         *     away for longer is first sent `events.lost` with `{"since", "oldest_event_id"}` and should load anew what it shows.
         *     Blocks that have an `id` and no data tell how far the stream has got; a browser takes note of them by itself.
         *
         *     **Staying connected.** The stream ends when the server stops, and is cut when the client leaves a megabyte unread; connect again
         *     with the last `id`. A comment comes every 15 seconds (unless configured) when nothing happens; after 45 without, the line is dead.
         *
         *     **Browsers** can send no header with an `EventSource`: ask for a ticket first (`POST /api/events/tickets`), each time, since it opens
         *     one stream. An `EventSource` connects again by itself with the used ticket, is refused with 401 and gives up; so listen for `error`:
         *
         *     ```js
         *     let last                                        // number of the event after which to go on
         *     async function follow(heard) {
         *       try {
         *         const headers = { 'X-Stage1-Token': token }
         *         const answer = await fetch('/api/events/tickets', { method: 'POST', headers })
         *         if (!answer.ok) throw answer                // on 401 get a new token before the next try
         *         const { ticket, last_event_id } = await answer.json()
         *         last ??= last_event_id
         *         const source = new EventSource(`/api/events?ticket=${ticket}&since=${last}`)
         *         const hear = (event) => { last = event.lastEventId; heard(JSON.parse(event.data)) }
         *         for (const type of ['job.completed', 'job.failed', 'job.cancelled', 'run.saved', 'events.lost'])
         *           source.addEventListener(type, hear)
         *         source.onerror = () => { source.close(); setTimeout(follow, 2000, heard) }
         *       } catch {
         *         setTimeout(follow, 2000, heard)             // the server may be away for longer
         *       }
         *     }
         *     ```
         *
         *     `last_event_id` of the first ticket is where the page begins: an `EventSource` tells nobody of blocks without data, so before the
         *     first event it would not know what to go on after.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a ticket that opens one stream of events
         * @description For browsers, whose `EventSource` can't send `X-Stage1-Token`: `GET /api/events?ticket=…` takes the ticket in the token's place. It opens one stream, within half a minute, on any server, and only while the token that asked for it is valid. See `GET /api/events` for how to use it.
         */
        post: operations["createStreamTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The process answers */
        Alive: {
            /**
             * @description `ok`
             * @example ok
             */
            status: string;
        };
        /** @description RFC 9457 problem details, with the keys that the desktop (`error`) and the web client (`message`) show */
        Problem: {
            /**
             * @description A URI that names the kind of problem
             * @example urn:stage1:problem:DATASET_UNKNOWN
             */
            type: string;
            /**
             * @description The HTTP status in words
             * @example Conflict
             */
            title: string;
            /**
             * Format: int32
             * @description The HTTP status
             * @example 409
             */
            status: number;
            /**
             * @description What happened and what to do
             * @example dataset "btc25_9" is not registered; POST /api/datasets first
             */
            error: string;
            /**
             * @description The same text as `error`
             * @example dataset "btc25_9" is not registered; POST /api/datasets first
             */
            message: string;
            /**
             * @description Stable name for programs; the error catalogue has the cause and the cure of each
             * @example DATASET_UNKNOWN
             */
            code: string;
            /**
             * @description An object or a list of objects that point at the place
             * @example {
             *       "dataset_id": "btc25_9"
             *     }
             */
            details: unknown;
            /**
             * @description Finds the request in the server's log
             * @example 0b9f0a5e-61b7-4c5f-8c8e-8b2f1c0d7e11
             */
            request_id?: string;
        };
        /** @description Whether an engine answered and how fast */
        EngineState: {
            /**
             * @description `up` or `down`
             * @example up
             */
            status: string;
            /**
             * Format: double
             * @description Milliseconds its answer took; absent when it is down
             * @example 0.8
             */
            latency_ms?: number;
        };
        /** @description Whether the engines answer */
        Readiness: {
            /**
             * @description `ready`
             * @example ready
             */
            status: string;
            postgres?: components["schemas"]["EngineState"];
            questdb?: components["schemas"]["EngineState"];
        };
        /**
         * @description ISO 8601, UTC; empty = unknown
         * @example 2024-11-28T22:00:00.000Z
         */
        IsoTime: string;
        /** @description State of the server and its engines */
        Health: {
            /**
             * @description `healthy`, or `degraded` when an engine does not answer
             * @example healthy
             */
            status: string;
            timestamp: components["schemas"]["IsoTime"];
            /**
             * Format: int64
             * @description Seconds since the server started
             * @example 86400
             */
            uptime: number;
            /**
             * @description Version of the server and its contract
             * @example 1.0.0
             */
            version: string;
            postgres: components["schemas"]["EngineState"];
            questdb: components["schemas"]["EngineState"];
        };
        /**
         * @description What the token may do: `read` and export, `write` (which includes `read`), `admin` (which includes both, and the list of tokens and the audit). A program that only shows things should have `read` alone
         * @default [
         *       "read",
         *       "write"
         *     ]
         */
        WantedScopes: ("read" | "write" | "admin")[];
        /** @description What a client shows to get a token */
        TokenRequest: {
            /**
             * @description The server's shared secret (`auth.shared_secret`)
             * @example change-me-to-thirty-two-characters
             */
            secret: string;
            /**
             * @description Who will use the token; shown in the log
             * @example lab desktop
             */
            name?: string;
            /**
             * Format: int32
             * @description Seconds until the token expires
             * @default 2592000
             */
            expires_in?: number;
            scopes?: components["schemas"]["WantedScopes"];
        };
        /**
         * @description What the token may do, as it was issued
         * @example [
         *       "read",
         *       "write"
         *     ]
         */
        Scopes: string[];
        /** @description A token; it is shown this once and stored only as a hash */
        Token: {
            /**
             * @description The token itself
             * @example st1_5Yp0W2mB7cQhV4nK8tRzXdJ6sLfGuE1a0b1c2d
             */
            token: string;
            /**
             * @description The header to send it in
             * @example X-Stage1-Token
             */
            token_type: string;
            /**
             * @description Names the token in logs
             * @example 5a0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de
             */
            token_id: string;
            expires_at: components["schemas"]["IsoTime"];
            /**
             * Format: int32
             * @description Seconds until it expires
             * @example 2592000
             */
            expires_in: number;
            scopes?: components["schemas"]["Scopes"];
        };
        /** @description How a token is to be replaced */
        RotationRequest: {
            /**
             * Format: int32
             * @description Seconds until the new token expires; at most as many as the old one was made to last
             * @default 2592000
             */
            expires_in?: number;
            /**
             * Format: int32
             * @description Seconds for which the old token still works
             * @default 3600
             */
            overlap?: number;
        };
        /** @description A limit, and what is left of it */
        RequestLimit: {
            /**
             * @description As in the header `RateLimit-Policy`: `address`, `token`, `writing` or `heavy`
             * @example token
             */
            name: string;
            /**
             * Format: int32
             * @description Requests in a window
             * @example 12000
             */
            limit: number;
            /**
             * Format: int32
             * @description Requests left in this window
             * @example 11998
             */
            remaining: number;
            /**
             * Format: int32
             * @description Length of a window in seconds
             * @example 60
             */
            window_seconds: number;
            /**
             * Format: int32
             * @description Seconds until the window ends
             * @example 42
             */
            reset_seconds: number;
        };
        /** @description The token that the request was sent with, and what is left of its limits */
        Me: {
            /**
             * @description Empty where the server asks for no token
             * @example 5a0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de
             */
            token_id: string;
            /**
             * @description Who uses it
             * @example lab desktop
             */
            name: string;
            scopes: components["schemas"]["Scopes"];
            created_at?: components["schemas"]["IsoTime"];
            expires_at?: components["schemas"]["IsoTime"];
            /** @description The limits that requests with this token count against */
            limits: components["schemas"]["RequestLimit"][];
        };
        /** @description What is known of a token; never the token itself */
        TokenInfo: {
            /**
             * @description Names the token in logs and in the audit
             * @example 5a0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de
             */
            token_id: string;
            /**
             * @description Who uses it
             * @example lab desktop
             */
            name: string;
            scopes: components["schemas"]["Scopes"];
            /**
             * @description `live`, `expired` or `revoked`
             * @example live
             */
            status: string;
            created_at: components["schemas"]["IsoTime"];
            expires_at: components["schemas"]["IsoTime"];
            last_used_at?: components["schemas"]["IsoTime"];
            revoked_at?: components["schemas"]["IsoTime"];
            /**
             * @description The token that it replaces; empty for one issued against the secret
             * @example 1f6c2a94-7a0e-4a1e-9a39-5a0e4b7c2d10
             */
            rotated_from?: string;
        };
        /**
         * Format: int64
         * @description A number of things
         * @example 312
         */
        Count: number;
        /** @description A page of tokens, newest first */
        TokenList: {
            /** @description The page */
            tokens: components["schemas"]["TokenInfo"][];
            /**
             * Format: int32
             * @description Items in this page
             * @example 1
             */
            count: number;
            /**
             * Format: int32
             * @description The same as `count`
             * @example 1
             */
            returned: number;
            total: components["schemas"]["Count"];
            /**
             * Format: int32
             * @description Page size in effect
             * @example 100
             */
            limit: number;
            /**
             * Format: int32
             * @description Items skipped
             * @example 0
             */
            offset: number;
            /** @description Whether a further page exists */
            has_more: boolean;
        };
        /** @description One request that writes */
        AuditEntry: {
            /**
             * Format: int64
             * @description Grows with each entry
             * @example 1041
             */
            audit_id: number;
            at: components["schemas"]["IsoTime"];
            /**
             * @description The token it was sent with; empty where none was asked for
             * @example 5a0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de
             */
            token_id?: string;
            /**
             * @description The name of that token
             * @example lab desktop
             */
            token_name?: string;
            /**
             * @description operationId of this contract
             * @example saveRun
             */
            operation: string;
            /**
             * @description Id or name of what was written; empty where the request failed before that was known
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            subject: string;
            /**
             * Format: int32
             * @description HTTP status of the answer; 0 while the request runs, and for ever when the server died meanwhile
             * @example 201
             */
            status: number;
            /**
             * @description Code of the error that was answered; empty otherwise
             * @example
             */
            error_code?: string;
            /**
             * @description Finds the request in the log
             * @example 0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c
             */
            request_id: string;
            /**
             * @description Where it came from
             * @example 192.0.2.7
             */
            address?: string;
        };
        /** @description A page of the audit, newest first */
        AuditPage: {
            /** @description The page */
            entries: components["schemas"]["AuditEntry"][];
            /**
             * Format: int32
             * @description Items in this page
             * @example 1
             */
            count: number;
            /** @description Whether older entries exist; ask for them with `before` = the last `audit_id` */
            has_more: boolean;
        };
        /**
         * Format: int64
         * @description Unix time in seconds, UTC; 0 = unknown
         * @example 1732831200
         */
        TimestampSeconds: number;
        /**
         * Format: int64
         * @description Unix time in milliseconds, UTC; 0 = unknown
         * @example 1732831200000
         */
        TimestampMs: number;
        /**
         * @description Free-form JSON, kept and returned as sent
         * @example {
         *       "note": "first try"
         *     }
         */
        FreeObject: {
            [key: string]: unknown;
        };
        /** @description One table as QuestDB has it now */
        TableState: {
            /**
             * @description The table's name
             * @example btc25_3_ohlcv
             */
            measurement?: string;
            /**
             * @description `ok`, `missing`, `suspended` or `unknown`
             * @example ok
             */
            status?: string;
            /** @description Whether the table exists */
            exists?: boolean;
            rows?: components["schemas"]["Count"];
            first_ts_ms?: components["schemas"]["TimestampMs"];
            last_ts_ms?: components["schemas"]["TimestampMs"];
            /** @description QuestDB has stopped applying rows to it */
            suspended?: boolean;
            /**
             * Format: int64
             * @description Transactions written but not yet readable
             * @example 0
             */
            lag?: number;
        };
        /** @description The tables behind a dataset; only in the detail */
        QuestDbState: {
            /**
             * @description `ok`, or `unknown` when QuestDB did not answer in time
             * @example ok
             */
            status?: string;
            ohlcv?: components["schemas"]["TableState"];
            indicators?: components["schemas"]["TableState"];
        };
        /** @description A dataset with its frames. Row counts and bounds are QuestDB's live ones where its tables can be asked */
        Dataset: {
            /**
             * @description The dataset's id
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id: string;
            /**
             * @description The dataset's unique name
             * @example btc25_3
             */
            dataset_slug: string;
            /** @description Other ids that clients have used for this dataset */
            alias_ids?: string[];
            /**
             * @description What is traded
             * @example BTC
             */
            symbol?: string;
            /**
             * @description Length of a bar, e.g. 1h; `unknown` when nobody said
             * @example 1h
             */
            granularity?: string;
            /**
             * @description Program that made it
             * @example laptop_imgui
             */
            source?: string;
            /**
             * Format: int64
             * @description Length of a bar in ms; 0 = unknown
             * @example 3600000
             */
            bar_interval_ms?: number;
            /**
             * Format: int64
             * @description Bars before the first indicator row; 0 = unknown
             * @example 1084
             */
            lookback_rows?: number;
            /**
             * @description QuestDB table of the bars
             * @example btc25_3_ohlcv
             */
            ohlcv_measurement?: string;
            /**
             * @description QuestDB table of the indicators
             * @example btc25_3
             */
            indicator_measurement?: string;
            ohlcv_rows?: components["schemas"]["Count"];
            ohlcv_row_count?: components["schemas"]["Count"];
            indicator_rows?: components["schemas"]["Count"];
            indicator_row_count?: components["schemas"]["Count"];
            ohlcv_first_ts?: components["schemas"]["TimestampSeconds"];
            ohlcv_last_ts?: components["schemas"]["TimestampSeconds"];
            indicator_first_ts?: components["schemas"]["TimestampSeconds"];
            indicator_last_ts?: components["schemas"]["TimestampSeconds"];
            first_ohlcv_ts?: components["schemas"]["TimestampMs"];
            last_ohlcv_ts?: components["schemas"]["TimestampMs"];
            first_indicator_ts?: components["schemas"]["TimestampMs"];
            last_indicator_ts?: components["schemas"]["TimestampMs"];
            ohlcv_first_iso?: components["schemas"]["IsoTime"];
            ohlcv_last_iso?: components["schemas"]["IsoTime"];
            indicator_first_iso?: components["schemas"]["IsoTime"];
            indicator_last_iso?: components["schemas"]["IsoTime"];
            run_count?: components["schemas"]["Count"];
            related_runs?: components["schemas"]["Count"];
            simulation_count?: components["schemas"]["Count"];
            related_simulations?: components["schemas"]["Count"];
            created_at?: components["schemas"]["IsoTime"];
            updated_at?: components["schemas"]["IsoTime"];
            metadata?: components["schemas"]["FreeObject"];
            questdb_state?: components["schemas"]["QuestDbState"];
            /** @description Jobs that load the frames of a save with `record_questdb`; only in its answer, empty when it brought none */
            job_ids?: string[];
        };
        /** @description A page of datasets, newest first */
        DatasetList: {
            /** @description The page */
            datasets: components["schemas"]["Dataset"][];
            /**
             * Format: int32
             * @description Items in this page
             * @example 1
             */
            count: number;
            /**
             * Format: int32
             * @description The same as `count`
             * @example 1
             */
            returned: number;
            total: components["schemas"]["Count"];
            /**
             * Format: int32
             * @description Page size in effect
             * @example 100
             */
            limit: number;
            /**
             * Format: int32
             * @description Items skipped
             * @example 0
             */
            offset: number;
            /** @description Whether a further page exists */
            has_more: boolean;
        };
        /**
         * @description Unix s, ms, µs or ns (told apart by magnitude) or ISO 8601 text; 0 or empty = unknown
         * @example 1735837200000
         */
        IncomingTime: unknown;
        /**
         * @description A dataset as a client registers it. The manifest may come as an object or as JSON text in `metadata`; values inside it
         *     are lifted out when the field itself is absent. Registering again never replaces a known value by an unknown one
         *     (absent, empty, 0 or `unknown`); a real change is taken. Blanks at the ends of `symbol`, `source` and `granularity` are dropped.
         */
        DatasetWrite: {
            /**
             * @description The client's id; made by the server when absent. A second id for a known slug becomes an alias
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id?: string;
            /**
             * @description The dataset's name; unique
             * @example btc25_3
             */
            dataset_slug: string;
            /**
             * @description What is traded
             * @example BTC
             */
            symbol?: string;
            /**
             * @description Length of a bar: 1m, 5m, 15m, 30m, 1h, 4h, 1d, `<n>ms` or `unknown`
             * @example 1h
             */
            granularity?: string;
            /**
             * @description Program that made the dataset
             * @example laptop_imgui
             */
            source?: string;
            /**
             * Format: int64
             * @description Length of a bar in ms; 0 = unknown
             * @example 3600000
             */
            bar_interval_ms?: number;
            /**
             * Format: int64
             * @description Bars before the first indicator row; 0 = unknown
             * @example 1084
             */
            lookback_rows?: number;
            /**
             * @description QuestDB table of the bars; when never given it begins like the slug and ends in `_ohlcv`
             * @example btc25_3_ohlcv
             */
            ohlcv_measurement?: string;
            /**
             * @description QuestDB table of the indicators; when never given it begins like the slug and ends in `_ind`
             * @example btc25_3
             */
            indicator_measurement?: string;
            ohlcv_rows?: components["schemas"]["Count"];
            indicator_rows?: components["schemas"]["Count"];
            ohlcv_row_count?: components["schemas"]["Count"];
            indicator_row_count?: components["schemas"]["Count"];
            first_ohlcv_ts?: components["schemas"]["IncomingTime"];
            last_ohlcv_ts?: components["schemas"]["IncomingTime"];
            first_indicator_ts?: components["schemas"]["IncomingTime"];
            last_indicator_ts?: components["schemas"]["IncomingTime"];
            ohlcv_first_ts?: components["schemas"]["IncomingTime"];
            ohlcv_last_ts?: components["schemas"]["IncomingTime"];
            indicator_first_ts?: components["schemas"]["IncomingTime"];
            indicator_last_ts?: components["schemas"]["IncomingTime"];
            /**
             * @description When the client made the dataset (ISO 8601)
             * @example 2025-11-06T13:05:17Z
             */
            created_at?: string;
            /**
             * @description When the client exported it (ISO 8601)
             * @example 2025-11-06T13:05:17Z
             */
            exported_at?: string;
            /**
             * @description The manifest: an object, or text that holds one as JSON
             * @example {
             *       "bar_interval_ms": 3600000
             *     }
             */
            metadata?: unknown;
            /** @description Write the frames that come along to QuestDB; without frames, make the tables and take the figures from them */
            record_questdb?: boolean;
            /** @description Bars: `timestamp`, `open`, `high`, `low`, `close` and, as far as known, `volume` */
            ohlcv?: {
                [key: string]: unknown;
            }[];
            /**
             * @description The same rows as CSV text with a header line
             * @example timestamp,open,high,low,close,volume
             *     1735837200000,96900,97200,96800,97100,312.5
             */
            ohlcv_csv?: string;
            /**
             * @description The upload that holds the bars
             * @example 3b6f1e0c-0d0e-4c55-9a53-0d7a1c2b3e4f
             */
            ohlcv_upload_id?: string;
            /** @description Indicator rows: `timestamp` and numbers */
            indicators?: {
                [key: string]: unknown;
            }[];
            /**
             * @description The same rows as CSV text with a header line
             * @example timestamp,RSI_14
             *     1735837200000,61.5
             */
            indicators_csv?: string;
            /**
             * @description The upload that holds the indicator rows
             * @example 3b6f1e0c-0d0e-4c55-9a53-0d7a1c2b3e4f
             */
            indicator_upload_id?: string;
        } & {
            [key: string]: unknown;
        };
        /** @description What a dataset consists of, flat. Further keys are those that the client put into its manifest */
        DatasetManifest: {
            /**
             * @description Version of the manifest's form as the client wrote it; 1 when it wrote none
             * @example 1
             */
            version?: unknown;
            /**
             * @description The dataset's id
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id: string;
            /**
             * @description The dataset's unique name
             * @example btc25_3
             */
            dataset_slug: string;
            /**
             * @description What is traded
             * @example BTC
             */
            symbol?: string;
            /**
             * @description Length of a bar, e.g. 1h; `unknown` when nobody said
             * @example 1h
             */
            granularity?: string;
            /**
             * @description Program that made the dataset
             * @example laptop_imgui
             */
            source?: string;
            /**
             * @description QuestDB table of the bars
             * @example btc25_3_ohlcv
             */
            ohlcv_measurement?: string;
            /**
             * @description QuestDB table of the indicators
             * @example btc25_3
             */
            indicator_measurement?: string;
            /**
             * Format: int64
             * @description Length of a bar in ms; 0 = unknown
             * @example 3600000
             */
            bar_interval_ms?: number;
            /**
             * Format: int64
             * @description Bars before the first indicator row; 0 = unknown
             * @example 1084
             */
            lookback_rows?: number;
            first_ohlcv_timestamp_ms?: components["schemas"]["TimestampMs"];
            last_ohlcv_timestamp_ms?: components["schemas"]["TimestampMs"];
            first_indicator_timestamp_ms?: components["schemas"]["TimestampMs"];
            last_indicator_timestamp_ms?: components["schemas"]["TimestampMs"];
            ohlcv_rows?: components["schemas"]["Count"];
            indicator_rows?: components["schemas"]["Count"];
            /**
             * @description When the client exported the dataset, as it wrote it; absent when it did not say
             * @example 2025-11-06T13:05:17Z
             */
            exported_at?: unknown;
            questdb_state?: components["schemas"]["QuestDbState"];
        } & {
            [key: string]: unknown;
        };
        /** @description The time of one row */
        IndexedTime: {
            /**
             * Format: int64
             * @description Position in ascending time counted from 0
             * @example 1084
             */
            index: number;
            timestamp_ms: components["schemas"]["TimestampMs"];
        };
        /** @description Times of rows by their position in ascending time; streamed, so `count` comes last */
        IndexMap: {
            /**
             * @description The table whose rows are counted
             * @example btc25_3
             */
            measurement: string;
            /**
             * Format: int64
             * @description First index wanted
             * @example 1084
             */
            start_index: number;
            /**
             * Format: int64
             * @description Index after the last row sent: the one asked for, or where the rows end
             * @example 1086
             */
            end_index: number;
            total: components["schemas"]["Count"];
            /** @description One item for each index from `start_index` to just before `end_index` */
            rows: components["schemas"]["IndexedTime"][];
            count: components["schemas"]["Count"];
        };
        /** @description A stored run without its folds */
        Run: {
            /**
             * @description The run's id, made by the client
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id: string;
            /**
             * @description The dataset: its id, an alias or its slug
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id: string;
            /**
             * @description The dataset's slug; used when `dataset_id` is absent
             * @example btc25_3
             */
            dataset_slug?: string;
            /**
             * @description QuestDB table of the predictions
             * @example run_17621685394141478
             */
            prediction_measurement?: string;
            /**
             * @description Column that the model predicts
             * @example TGT_315
             */
            target_column?: string;
            /** @description Columns that the model reads */
            feature_columns?: string[];
            hyperparameters?: components["schemas"]["FreeObject"];
            walk_config?: components["schemas"]["FreeObject"];
            summary_metrics?: components["schemas"]["FreeObject"];
            /**
             * @description COMPLETED, INCOMPLETE or whatever the client says
             * @example COMPLETED
             */
            status?: string;
            /**
             * @description Who started it
             * @example desktop_user
             */
            requested_by?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-03T11:15:39Z
             */
            started_at?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-03T11:22:33Z
             */
            completed_at?: string;
            /**
             * Format: int64
             * @description How long it took in ms
             * @example 414016
             */
            duration_ms?: number;
            /**
             * @description The same as `prediction_measurement`
             * @example run_17621685394141478
             */
            measurement?: string;
            /** @description The same as `feature_columns` */
            features?: string[];
            /**
             * Format: int32
             * @description Folds stored
             * @example 312
             */
            fold_count?: number;
            created_at?: components["schemas"]["IsoTime"];
            updated_at?: components["schemas"]["IsoTime"];
        } & {
            [key: string]: unknown;
        };
        /** @description A page of runs, newest first */
        RunList: {
            /** @description The page */
            runs: components["schemas"]["Run"][];
            /**
             * Format: int32
             * @description Items in this page
             * @example 1
             */
            count: number;
            /**
             * Format: int32
             * @description The same as `count`
             * @example 1
             */
            returned: number;
            total: components["schemas"]["Count"];
            /**
             * Format: int32
             * @description Page size in effect
             * @example 100
             */
            limit: number;
            /**
             * Format: int32
             * @description Items skipped
             * @example 0
             */
            offset: number;
            /** @description Whether a further page exists */
            has_more: boolean;
        };
        /** @description The rows in the order of time; streamed, so `count` comes last */
        RowList: {
            /**
             * @description The table
             * @example btc25_3_ohlcv
             */
            measurement: string;
            /**
             * Format: int64
             * @description Rows that the range holds before `limit` and `offset`
             * @example 9227
             */
            total?: number;
            /**
             * Format: int32
             * @description Rows skipped
             * @example 0
             */
            offset?: number;
            /** @description Whether `limit` left rows out */
            has_more?: boolean;
            /** @description With `max_points`: whether the rows are a sample; false says that every row is here */
            sampled?: boolean;
            /**
             * Format: int64
             * @description With `max_points`: how many rows the sample stands for
             * @example 9227
             */
            source_rows?: number;
            /**
             * @description Of a sample: `minmax` or `ohlc`
             * @example minmax
             */
            method?: string;
            /**
             * Format: int64
             * @description Of a sample: how long each stretch of time is, in ms
             * @example 3600000
             */
            bucket_ms?: number;
            /** @description `timestamp` (ISO 8601, UTC), `timestamp_ms` (Unix ms) and the stored columns; null where there is no value */
            rows: {
                [key: string]: unknown;
            }[];
            count: components["schemas"]["Count"];
        };
        /**
         * @description A batch of rows. The rows are checked by the reader that loads them: each is a flat object with `timestamp` (Unix s, ms,
         *     µs or ns, or ISO 8601) and numbers; null or an absent key means no value. Columns that are new become part of the table.
         */
        RowsAppend: {
            /** @description The rows, oldest first */
            rows: {
                [key: string]: unknown;
            }[];
        };
        /**
         * @description What was stored but looks odd; empty when all is well
         * @example []
         */
        Warnings: string[];
        /** @description What an append stored */
        AppendReceipt: {
            /**
             * @description The dataset
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id: string;
            /**
             * @description The table that holds the rows
             * @example btc25_3_ohlcv
             */
            measurement: string;
            rows_received: components["schemas"]["Count"];
            rows_written: components["schemas"]["Count"];
            /**
             * Format: int64
             * @description Rows whose time was there already; they took the earlier row's place
             * @example 0
             */
            duplicates: number;
            total_rows: components["schemas"]["Count"];
            first_ts?: components["schemas"]["IsoTime"];
            last_ts?: components["schemas"]["IsoTime"];
            first_ts_ms?: components["schemas"]["TimestampMs"];
            last_ts_ms?: components["schemas"]["TimestampMs"];
            bytes?: components["schemas"]["Count"];
            /**
             * @description SHA-256 of the body, as in Content-Digest (RFC 9530)
             * @example sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
             */
            digest?: string;
            /**
             * Format: double
             * @description Seconds from the first byte until the rows were readable
             * @example 0.31
             */
            seconds?: number;
            readable_at?: components["schemas"]["IsoTime"];
            warnings?: components["schemas"]["Warnings"];
        };
        /** @description A dataset in the older shape, which knows its indicator rows only; names in both spellings */
        IndicatorDataset: {
            /**
             * @description The dataset's id
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id: string;
            /**
             * @description The dataset's unique name
             * @example btc25_3
             */
            dataset_slug?: string;
            /**
             * @description What is traded
             * @example BTC
             */
            symbol?: string;
            /**
             * @description Length of a bar, e.g. 1h; `unknown` when nobody said
             * @example 1h
             */
            granularity?: string;
            /**
             * @description Program that made the dataset
             * @example laptop_imgui
             */
            source?: string;
            /**
             * @description QuestDB table of the indicators
             * @example btc25_3
             */
            questdb_tag: string;
            /**
             * @description The same as `questdb_tag`
             * @example btc25_3
             */
            questdb_measurement?: string;
            row_count: components["schemas"]["Count"];
            first_bar_ts?: components["schemas"]["IsoTime"];
            last_bar_ts?: components["schemas"]["IsoTime"];
            created_at?: components["schemas"]["IsoTime"];
            updated_at?: components["schemas"]["IsoTime"];
        } & {
            [key: string]: unknown;
        };
        /** @description Datasets, newest first */
        IndicatorDatasetList: components["schemas"]["IndicatorDataset"][];
        /** @description A walk-forward run as the desktop records it; further keys are kept and returned */
        RunRecord: {
            /**
             * @description The run's id, made by the client
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id?: string;
            /**
             * @description The dataset: its id, an alias or its slug
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id?: string;
            /**
             * @description The dataset's slug; used when `dataset_id` is absent
             * @example btc25_3
             */
            dataset_slug?: string;
            /**
             * @description QuestDB table of the predictions
             * @example run_17621685394141478
             */
            prediction_measurement?: string;
            /**
             * @description Column that the model predicts
             * @example TGT_315
             */
            target_column?: string;
            /** @description Columns that the model reads */
            feature_columns?: string[];
            hyperparameters?: components["schemas"]["FreeObject"];
            walk_config?: components["schemas"]["FreeObject"];
            summary_metrics?: components["schemas"]["FreeObject"];
            /**
             * @description The hyperparameters as JSON text, for senders without `hyperparameters`
             * @example {"max_depth": 4}
             */
            hyperparameters_json?: string;
            /**
             * @description The walk configuration as JSON text
             * @example {"train_size": 650}
             */
            walk_config_json?: string;
            /**
             * @description The summary metrics as JSON text
             * @example {"folds": 312}
             */
            summary_metrics_json?: string;
            /**
             * @description The feature columns as a JSON array in text
             * @example ["RSI_14"]
             */
            feature_columns_json?: string;
            /**
             * @description COMPLETED, INCOMPLETE or whatever the client says
             * @example COMPLETED
             */
            status?: string;
            /**
             * @description Who started it
             * @example desktop_user
             */
            requested_by?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-03T11:15:39Z
             */
            started_at?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-03T11:22:33Z
             */
            completed_at?: string;
            /**
             * Format: int64
             * @description How long it took in ms
             * @example 414016
             */
            duration_ms?: number;
        } & {
            [key: string]: unknown;
        };
        /**
         * Format: double
         * @description An IEEE 754 double; stored and returned unrounded
         * @example 0.0123
         */
        Double: number;
        /** @description Thresholds of a fold */
        FoldThresholds: {
            /**
             * Format: double
             * @description Entry threshold for longs, ROC optimum
             * @example 296.869
             */
            long_optimal?: number;
            /**
             * Format: double
             * @description Entry threshold for shorts, ROC optimum
             * @example -378.823
             */
            short_optimal?: number;
            /**
             * Format: double
             * @description Prediction threshold in the scaled target
             * @example 0.657475
             */
            prediction_scaled?: number;
            /**
             * Format: double
             * @description Prediction threshold in the original target
             * @example 34.7005
             */
            prediction_original?: number;
            /**
             * Format: double
             * @description Dynamic positive threshold
             * @example 28.6493
             */
            dynamic_positive?: number;
            /**
             * Format: double
             * @description Short threshold in the scaled target
             * @example -0.930511
             */
            short_scaled?: number;
            /**
             * Format: double
             * @description Short threshold in the original target
             * @example -87.6262
             */
            short_original?: number;
            /**
             * Format: double
             * @description 95th percentile of the predictions
             * @example 42.8137
             */
            long_percentile?: number;
            /**
             * Format: double
             * @description 5th percentile of the predictions
             * @example -17.0784
             */
            short_percentile?: number;
            /**
             * Format: double
             * @description The same as `long_percentile`; only in answers
             * @example 0.5
             */
            long_percentile_95?: number;
            /**
             * Format: double
             * @description The same as `short_percentile`; only in answers
             * @example 0.5
             */
            short_percentile_05?: number;
        } & {
            [key: string]: components["schemas"]["Double"];
        };
        /** @description Metrics of a fold */
        FoldMetrics: {
            /**
             * Format: double
             * @description Share of long signals that won, 0 to 1
             * @example 0
             */
            hit_rate?: number;
            /**
             * Format: double
             * @description Share of short signals that won, 0 to 1
             * @example 0.346918
             */
            short_hit_rate?: number;
            /**
             * Format: double
             * @description Long wins over losses in the test span; 999 = no losses
             * @example 0
             */
            profit_factor_test?: number;
            /**
             * Format: double
             * @description The same in training
             * @example 1.82301
             */
            profit_factor_train?: number;
            /**
             * Format: double
             * @description Short wins over losses in training
             * @example 1.14089
             */
            profit_factor_short_train?: number;
            /**
             * Format: double
             * @description The same in the test span
             * @example 1.8241
             */
            profit_factor_short_test?: number;
            /**
             * Format: double
             * @description Long signals
             * @example 5
             */
            n_signals?: number;
            /**
             * Format: double
             * @description Short signals
             * @example 0
             */
            n_short_signals?: number;
            /**
             * Format: double
             * @description Sum of returns on long signals
             * @example 409.09
             */
            signal_sum?: number;
            /**
             * Format: double
             * @description Sum of returns on short signals
             * @example 590.624
             */
            short_signal_sum?: number;
            /**
             * Format: double
             * @description Share of bars with a long signal
             * @example 0.208333
             */
            signal_rate?: number;
            /**
             * Format: double
             * @description Share of bars with a short signal
             * @example 0
             */
            short_signal_rate?: number;
            /**
             * Format: double
             * @description Mean return of long signals
             * @example 4.16685
             */
            avg_return_on_signals?: number;
            /**
             * Format: double
             * @description Median return of long signals
             * @example -90.9545
             */
            median_return_on_signals?: number;
            /**
             * Format: double
             * @description Standard deviation of the return of long signals
             * @example 46.1172
             */
            std_return_on_signals?: number;
            /**
             * Format: double
             * @description Mean return of short signals
             * @example -34.9339
             */
            avg_return_on_short_signals?: number;
            /**
             * Format: double
             * @description Mean predicted return of long signals
             * @example 68.9068
             */
            avg_predicted_return_on_signals?: number;
            /**
             * Format: double
             * @description Cumulative long return up to this fold
             * @example -2503.41
             */
            running_sum?: number;
            /**
             * Format: double
             * @description Cumulative short return up to this fold
             * @example 1663.39
             */
            running_sum_short?: number;
            /**
             * Format: double
             * @description Cumulative return of both up to this fold
             * @example -840.021
             */
            running_sum_dual?: number;
            /**
             * Format: double
             * @description Sum of long wins
             * @example 200.381
             */
            sum_wins?: number;
            /**
             * Format: double
             * @description Sum of long losses, positive
             * @example 445.176
             */
            sum_losses?: number;
            /**
             * Format: double
             * @description Sum of short wins
             * @example 320.111
             */
            sum_short_wins?: number;
            /**
             * Format: double
             * @description Sum of short losses, positive
             * @example 55.5689
             */
            sum_short_losses?: number;
            /**
             * @description The model found nothing to learn; true or false in requests, 1 or 0 in answers
             * @example 0
             */
            model_learned_nothing?: unknown;
            /**
             * @description A stored model was used; true or false in requests, 1 or 0 in answers
             * @example 1
             */
            used_cached_model?: unknown;
        } & {
            [key: string]: components["schemas"]["Double"];
        };
        /** @description A fold as the desktop records it; further keys are kept and returned */
        Fold: {
            /**
             * @description The run's id once more; must be the run's when present
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id?: string;
            /**
             * Format: int32
             * @description The fold's number; unique in its run
             * @example 0
             */
            fold_number: number;
            /**
             * Format: int64
             * @description First training row, counted from 0 in ascending time
             * @example 0
             */
            train_start_idx?: number;
            /**
             * Format: int64
             * @description Row after the last training row
             * @example 650
             */
            train_end_idx?: number;
            /**
             * Format: int64
             * @description First test row
             * @example 654
             */
            test_start_idx?: number;
            /**
             * Format: int64
             * @description Row after the last test row
             * @example 678
             */
            test_end_idx?: number;
            /**
             * Format: int64
             * @description Unix ms of the first training row; filled in from the dataset's indicator rows
             * @example 1736733600000
             */
            train_start_ts_ms?: number | null;
            /**
             * Format: int64
             * @description Unix ms of the last training row (the one before `train_end_idx`)
             * @example 1739070000000
             */
            train_end_ts_ms?: number | null;
            /**
             * Format: int64
             * @description Unix ms of the first test row
             * @example 1739088000000
             */
            test_start_ts_ms?: number | null;
            /**
             * Format: int64
             * @description Unix ms of the last test row (the one before `test_end_idx`)
             * @example 1739170800000
             */
            test_end_ts_ms?: number | null;
            /**
             * @description The thresholds as JSON text, for senders without `thresholds`
             * @example {"long_optimal": 296.869}
             */
            thresholds_json?: string;
            /**
             * @description The metrics as JSON text, for senders without `metrics`
             * @example {"hit_rate": 0.6}
             */
            metrics_json?: string;
            /**
             * Format: int64
             * @description Training samples
             * @example 520
             */
            samples_train?: number;
            /**
             * Format: int64
             * @description Test samples
             * @example 24
             */
            samples_test?: number;
            /**
             * Format: int64
             * @description Boosting round with the best score; null = not recorded
             * @example 313
             */
            best_iteration?: number | null;
            /**
             * Format: double
             * @description Score of that round; null = not recorded
             * @example 0.000893999997060746
             */
            best_score?: number | null;
            thresholds?: components["schemas"]["FoldThresholds"];
            metrics?: components["schemas"]["FoldMetrics"];
        } & {
            [key: string]: unknown;
        };
        /**
         * @description A run with its folds, nested (`{run, folds}`) or flat (the run's fields beside `folds`). Predictions may come along as
         *     row objects in `predictions`, as CSV text in `predictions_csv` or as an upload in `predictions_upload_id`; when none does, the rows of `prediction_measurement`
         *     stay as they are.
         */
        RunSave: {
            run?: components["schemas"]["RunRecord"];
            /** @description All folds; they replace the ones stored before */
            folds?: components["schemas"]["Fold"][];
            /**
             * Format: int32
             * @description How many folds the client means to send; a different number stores nothing
             * @example 312
             */
            fold_count?: number;
            /** @description Prediction rows: `timestamp`, `fold_number`, `prediction` and, as far as known, `bar_index`, `target_value`, thresholds and scores */
            predictions?: {
                [key: string]: unknown;
            }[];
            /**
             * @description The same rows as CSV text with a header line
             * @example timestamp,fold_number,prediction
             *     1739088000000,0,0.0123
             */
            predictions_csv?: string;
            /**
             * @description The upload that holds the rows
             * @example 3b6f1e0c-0d0e-4c55-9a53-0d7a1c2b3e4f
             */
            predictions_upload_id?: string;
            /**
             * Format: int64
             * @description How many prediction rows the client means to send; a different number stores nothing
             * @example 7488
             */
            prediction_count?: number;
            /**
             * @description The run's id, made by the client
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id?: string;
            /**
             * @description The dataset: its id, an alias or its slug
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id?: string;
            /**
             * @description The dataset's slug; used when `dataset_id` is absent
             * @example btc25_3
             */
            dataset_slug?: string;
            /**
             * @description QuestDB table of the predictions
             * @example run_17621685394141478
             */
            prediction_measurement?: string;
            /**
             * @description Column that the model predicts
             * @example TGT_315
             */
            target_column?: string;
            /** @description Columns that the model reads */
            feature_columns?: string[];
            hyperparameters?: components["schemas"]["FreeObject"];
            walk_config?: components["schemas"]["FreeObject"];
            summary_metrics?: components["schemas"]["FreeObject"];
            /**
             * @description The hyperparameters as JSON text, for senders without `hyperparameters`
             * @example {"max_depth": 4}
             */
            hyperparameters_json?: string;
            /**
             * @description The walk configuration as JSON text
             * @example {"train_size": 650}
             */
            walk_config_json?: string;
            /**
             * @description The summary metrics as JSON text
             * @example {"folds": 312}
             */
            summary_metrics_json?: string;
            /**
             * @description The feature columns as a JSON array in text
             * @example ["RSI_14"]
             */
            feature_columns_json?: string;
            /**
             * @description COMPLETED, INCOMPLETE or whatever the client says
             * @example COMPLETED
             */
            status?: string;
            /**
             * @description Who started it
             * @example desktop_user
             */
            requested_by?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-03T11:15:39Z
             */
            started_at?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-03T11:22:33Z
             */
            completed_at?: string;
            /**
             * Format: int64
             * @description How long it took in ms
             * @example 414016
             */
            duration_ms?: number;
        } & {
            [key: string]: unknown;
        };
        /** @description What a save stored */
        RunReceipt: {
            /**
             * @description The run's id
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id: string;
            /**
             * @description The dataset's own id
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id: string;
            /**
             * @description QuestDB table of the predictions
             * @example run_17621685394141478
             */
            prediction_measurement: string;
            /**
             * Format: int64
             * @description Prediction rows that this request wrote
             * @example 7488
             */
            questdb_rows_written: number;
            /**
             * Format: int64
             * @description Prediction rows that can be read now; absent when QuestDB did not answer
             * @example 7488
             */
            prediction_rows?: number;
            /**
             * Format: int32
             * @description Folds stored
             * @example 312
             */
            folds_written: number;
            /**
             * Format: int32
             * @description The same as `folds_written`
             * @example 312
             */
            fold_count?: number;
            /**
             * @description The run's status
             * @example COMPLETED
             */
            status?: string;
            first_ts?: components["schemas"]["IsoTime"];
            last_ts?: components["schemas"]["IsoTime"];
            first_ts_ms?: components["schemas"]["TimestampMs"];
            last_ts_ms?: components["schemas"]["TimestampMs"];
            /**
             * @description SHA-256 of the body, as in Content-Digest (RFC 9530)
             * @example sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
             */
            digest?: string;
            /**
             * @description ETag of the run's document
             * @example "6d0f9c1e8a2b4c57"
             */
            etag?: string;
            /**
             * @description The job that does the work of a save that was accepted only
             * @example 7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f
             */
            job_id?: string;
            /**
             * @description The job's status at that moment
             * @example PENDING
             */
            job_status?: string;
            saved_at?: components["schemas"]["IsoTime"];
            /** @description Always true; a failure has an error status */
            success: boolean;
            /**
             * @description The receipt in words
             * @example 312 folds and 7488 predictions saved
             */
            message: string;
            warnings?: components["schemas"]["Warnings"];
        };
        /**
         * @description A stored fold. The index bounds come under both spellings, and the figures that clients read from the fold itself are
         *     mirrored from `metrics` and `thresholds`.
         */
        FoldDetail: {
            /**
             * @description The run's id
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id?: string;
            /**
             * Format: int32
             * @description The fold's number; unique in its run
             * @example 0
             */
            fold_number: number;
            /**
             * Format: int64
             * @description First training row, counted from 0 in ascending time
             * @example 0
             */
            train_start_idx?: number;
            /**
             * Format: int64
             * @description Row after the last training row
             * @example 650
             */
            train_end_idx?: number;
            /**
             * Format: int64
             * @description First test row
             * @example 654
             */
            test_start_idx?: number;
            /**
             * Format: int64
             * @description Row after the last test row
             * @example 678
             */
            test_end_idx?: number;
            /**
             * Format: int64
             * @description Unix ms of the first training row; absent while the dataset's indicator rows do not tell
             * @example 1736733600000
             */
            train_start_ts_ms?: number;
            /**
             * Format: int64
             * @description Unix ms of the last training row (the one before `train_end_idx`)
             * @example 1739070000000
             */
            train_end_ts_ms?: number;
            /**
             * Format: int64
             * @description Unix ms of the first test row
             * @example 1739088000000
             */
            test_start_ts_ms?: number;
            /**
             * Format: int64
             * @description Unix ms of the last test row (the one before `test_end_idx`)
             * @example 1739170800000
             */
            test_end_ts_ms?: number;
            /**
             * Format: int64
             * @description Training samples
             * @example 520
             */
            samples_train?: number;
            /**
             * Format: int64
             * @description Test samples
             * @example 24
             */
            samples_test?: number;
            /**
             * Format: int64
             * @description Boosting round with the best score; null = not recorded
             * @example 313
             */
            best_iteration?: number | null;
            /**
             * Format: double
             * @description Score of that round; null = not recorded
             * @example 0.000893999997060746
             */
            best_score?: number | null;
            thresholds?: components["schemas"]["FoldThresholds"];
            metrics?: components["schemas"]["FoldMetrics"];
            /**
             * Format: int64
             * @description The same as `train_start_idx`
             * @example 0
             */
            train_start?: number;
            /**
             * Format: int64
             * @description The same as `train_end_idx`
             * @example 650
             */
            train_end?: number;
            /**
             * Format: int64
             * @description The same as `test_start_idx`
             * @example 654
             */
            test_start?: number;
            /**
             * Format: int64
             * @description The same as `test_end_idx`
             * @example 678
             */
            test_end?: number;
            /**
             * Format: double
             * @description Mirror of `metrics.hit_rate`
             * @example 0
             */
            hit_rate?: number;
            /**
             * Format: double
             * @description Mirror of `metrics.short_hit_rate`
             * @example 0.346918
             */
            short_hit_rate?: number;
            /**
             * Format: double
             * @description Mirror of `metrics.profit_factor_test`
             * @example 0
             */
            profit_factor_test?: number;
            /**
             * Format: double
             * @description Mirror of `metrics.profit_factor_test`
             * @example 1.11999
             */
            profit_factor?: number;
            /**
             * Format: double
             * @description Mirror of `thresholds.long_optimal`
             * @example 0.5
             */
            long_threshold?: number;
            /**
             * Format: double
             * @description Mirror of `thresholds.short_optimal`
             * @example 0.5
             */
            short_threshold?: number;
            /** @description The model found nothing to learn */
            model_learned_nothing?: boolean;
            /** @description A stored model was used */
            used_cached_model?: boolean;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description A stored run with all its folds, by number. The run's fields stand at the top and once more in `run`, so that every
         *     client finds them where it looks.
         */
        RunDetail: {
            /**
             * @description The run's id, made by the client
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id: string;
            /**
             * @description The dataset: its id, an alias or its slug
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id: string;
            /**
             * @description The dataset's slug; used when `dataset_id` is absent
             * @example btc25_3
             */
            dataset_slug?: string;
            /**
             * @description QuestDB table of the predictions
             * @example run_17621685394141478
             */
            prediction_measurement?: string;
            /**
             * @description Column that the model predicts
             * @example TGT_315
             */
            target_column?: string;
            /** @description Columns that the model reads */
            feature_columns?: string[];
            hyperparameters?: components["schemas"]["FreeObject"];
            walk_config?: components["schemas"]["FreeObject"];
            summary_metrics?: components["schemas"]["FreeObject"];
            /**
             * @description COMPLETED, INCOMPLETE or whatever the client says
             * @example COMPLETED
             */
            status?: string;
            /**
             * @description Who started it
             * @example desktop_user
             */
            requested_by?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-03T11:15:39Z
             */
            started_at?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-03T11:22:33Z
             */
            completed_at?: string;
            /**
             * Format: int64
             * @description How long it took in ms
             * @example 414016
             */
            duration_ms?: number;
            /**
             * @description The same as `prediction_measurement`
             * @example run_17621685394141478
             */
            measurement?: string;
            /** @description The same as `feature_columns` */
            features?: string[];
            /**
             * Format: int32
             * @description Folds stored
             * @example 312
             */
            fold_count?: number;
            created_at?: components["schemas"]["IsoTime"];
            updated_at?: components["schemas"]["IsoTime"];
            /**
             * Format: int32
             * @description Folds stored
             * @example 312
             */
            total_folds?: number;
            /**
             * Format: int32
             * @description Folds skipped
             * @example 0
             */
            fold_offset?: number;
            /** @description Whether folds after these were left out */
            has_more_folds?: boolean;
            run: components["schemas"]["Run"];
            /** @description All folds by number */
            folds: components["schemas"]["FoldDetail"][];
        } & {
            [key: string]: unknown;
        };
        /** @description Figures over all folds. Hit rates are weighted by signals: the sum of hit_rate × n_signals over the sum of n_signals. A profit factor is the sum of wins over the sum of losses, 999 with wins and no losses, else 0. Running sums are those of the last fold. A figure that a fold lacks counts as 0. */
        FoldAggregates: {
            /**
             * Format: int32
             * @description Folds stored
             * @example 312
             */
            folds?: number;
            /**
             * Format: double
             * @description Long signals
             * @example 936
             */
            total_long_signals?: number;
            /**
             * Format: double
             * @description Short signals
             * @example 812
             */
            total_short_signals?: number;
            /**
             * Format: double
             * @description Signals of both sides
             * @example 1748
             */
            total_signals?: number;
            /**
             * Format: double
             * @description Share of long signals that won, 0 to 1
             * @example 0.52
             */
            hit_rate_long?: number;
            /**
             * Format: double
             * @description Share of short signals that won, 0 to 1
             * @example 0.49
             */
            hit_rate_short?: number;
            /**
             * Format: double
             * @description Share of all signals that won, 0 to 1
             * @example 0.506
             */
            hit_rate_overall?: number;
            /**
             * Format: double
             * @description Profit factor of longs
             * @example 1.21
             */
            pf_long?: number;
            /**
             * Format: double
             * @description Profit factor of shorts
             * @example 1.05
             */
            pf_short?: number;
            /**
             * Format: double
             * @description Profit factor of both sides
             * @example 1.13
             */
            pf_dual?: number;
            /**
             * Format: double
             * @description Cumulative long return up to the last fold
             * @example 4210.5
             */
            running_sum_long?: number;
            /**
             * Format: double
             * @description Cumulative short return up to the last fold
             * @example 310.25
             */
            running_sum_short?: number;
            /**
             * Format: double
             * @description Cumulative return of both up to the last fold
             * @example 4520.75
             */
            running_sum_dual?: number;
            /**
             * Format: double
             * @description Sum of returns on long signals
             * @example 4210.5
             */
            signal_sum?: number;
            /**
             * Format: double
             * @description Sum of returns on short signals
             * @example 310.25
             */
            short_signal_sum?: number;
            /**
             * Format: int32
             * @description Folds in which the model gave no signal
             * @example 4
             */
            folds_without_signals?: number;
        };
        /** @description Fold numbers that are missing */
        FoldGap: {
            /**
             * Format: int32
             * @description The first missing number
             * @example 162
             */
            from: number;
            /**
             * Format: int32
             * @description The last missing number
             * @example 311
             */
            to: number;
        };
        /** @description Folds of a run by ascending number, and what all folds say together */
        FoldList: {
            /**
             * @description The run's id
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id: string;
            /** @description The folds asked for */
            folds: components["schemas"]["FoldDetail"][];
            /**
             * Format: int32
             * @description Folds in this answer
             * @example 1
             */
            count: number;
            /**
             * Format: int32
             * @description The same as `count`
             * @example 1
             */
            returned: number;
            /**
             * Format: int32
             * @description Folds stored
             * @example 312
             */
            total: number;
            /**
             * Format: int32
             * @description The same as `total`
             * @example 312
             */
            fold_count?: number;
            /**
             * Format: int32
             * @description Folds skipped
             * @example 0
             */
            offset: number;
            /** @description Whether folds after these were left out */
            has_more: boolean;
            aggregates: components["schemas"]["FoldAggregates"];
            /** @description Runs of fold numbers that are missing between the first and the last */
            gaps: components["schemas"]["FoldGap"][];
            /** @description Whether there is no gap */
            complete: boolean;
        };
        /** @description Prediction rows in the order of time and fold; streamed, so `count` comes last */
        PredictionTable: {
            /**
             * @description The run's id
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id: string;
            /**
             * @description The table
             * @example run_17621685394141478
             */
            measurement: string;
            /**
             * Format: int64
             * @description Rows that the filters leave before `limit` and `offset`
             * @example 7488
             */
            total?: number;
            /** @description Whether `limit` left rows out */
            has_more?: boolean;
            /** @description With `max_points`: whether the rows are a sample; false says that every row is here */
            sampled?: boolean;
            /**
             * Format: int64
             * @description With `max_points`: how many rows the sample stands for
             * @example 9227
             */
            source_rows?: number;
            /**
             * @description Of a sample: `minmax` or `ohlc`
             * @example minmax
             */
            method?: string;
            /**
             * Format: int64
             * @description Of a sample: how long each stretch of time is, in ms
             * @example 3600000
             */
            bucket_ms?: number;
            /** @description Names of the cells of a row; `timestamp_ms` is Unix ms */
            columns: string[];
            /** @description The rows */
            dataset: unknown[][];
            count: components["schemas"]["Count"];
        };
        /**
         * @description A stored simulation without buckets and trades. `parameters` is `config` and `results` is `summary_metrics` under another
         *     name. Percentages are in percent already; the total return stands in `total_return_pct` and `return_pct`, the drawdown in
         *     `max_drawdown_pct` and `max_drawdown`. The run and the dataset are looked up at every read: by the ids that the client sent
         *     (for the dataset the run's own comes first), else by `input_run_measurement`, so one that is saved later is found then.
         */
        Simulation: {
            /**
             * @description The simulation's id
             * @example 76c0d152-0b70-42a0-be34-2cac592261b0
             */
            simulation_id: string;
            /**
             * @description The run that it belongs to; as the client sent it while no such run is here
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id?: string;
            /**
             * @description The dataset that it belongs to; as the client sent it while no such dataset is here
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id?: string;
            /**
             * @description Slug of that dataset; empty while it is not here
             * @example btc25_3_hm
             */
            dataset_slug?: string;
            /** @description Whether `run_id` names a run that is here */
            run_known?: boolean;
            /** @description Whether `dataset_id` names a dataset that is here */
            dataset_known?: boolean;
            /**
             * @description The run as the client sent it
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            client_run_id?: string;
            /**
             * @description The dataset as the client sent it
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            client_dataset_id?: string;
            /**
             * @description QuestDB table of the predictions that were traded
             * @example run_17621685394141478
             */
            input_run_measurement?: string;
            /**
             * @description QuestDB table of the trades, where the client writes one
             * @example btc25_3_hm_sim1
             */
            questdb_namespace?: string;
            /**
             * @description What was traded, e.g. dual
             * @example dual
             */
            mode?: string;
            /**
             * @description COMPLETED or whatever the client says; UNKNOWN when it did not say
             * @example COMPLETED
             */
            status?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-06T06:59:41Z
             */
            started_at?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-06T06:59:41Z
             */
            completed_at?: string;
            config?: components["schemas"]["FreeObject"];
            parameters?: components["schemas"]["FreeObject"];
            summary_metrics?: components["schemas"]["FreeObject"];
            results?: components["schemas"]["FreeObject"];
            /**
             * Format: int32
             * @description Trades stored
             * @example 102
             */
            trade_count?: number;
            created_at?: components["schemas"]["IsoTime"];
            updated_at?: components["schemas"]["IsoTime"];
        } & {
            [key: string]: unknown;
        };
        /** @description A page of simulations, newest first */
        SimulationList: {
            /** @description The page */
            simulations: components["schemas"]["Simulation"][];
            /**
             * Format: int32
             * @description Items in this page
             * @example 1
             */
            count: number;
            /**
             * Format: int32
             * @description The same as `count`
             * @example 1
             */
            returned: number;
            total: components["schemas"]["Count"];
            /**
             * Format: int32
             * @description Page size in effect
             * @example 100
             */
            limit: number;
            /**
             * Format: int32
             * @description Items skipped
             * @example 0
             */
            offset: number;
            /** @description Whether a further page exists */
            has_more: boolean;
        };
        /** @description A trading simulation as the desktop records it; further keys are kept and returned */
        SimulationRecord: {
            /**
             * @description The simulation's id, made by the client; by the server when absent
             * @example 76c0d152-0b70-42a0-be34-2cac592261b0
             */
            simulation_id?: string;
            /**
             * @description The run whose predictions were traded, as the client knows it; it need not be here yet
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id?: string | null;
            /**
             * @description The dataset as the client knows it: id, alias or slug; it need not be here yet
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id?: string | null;
            /**
             * @description Used as `dataset_id` when that is absent
             * @example btc25_3_hm
             */
            dataset_slug?: string;
            /**
             * @description QuestDB table of the predictions that were traded
             * @example run_17621685394141478
             */
            input_run_measurement?: string;
            /**
             * @description QuestDB table of the trades, where the client writes one
             * @example btc25_3_hm_sim1
             */
            questdb_namespace?: string;
            /**
             * @description What was traded, e.g. dual
             * @example dual
             */
            mode?: string;
            /**
             * @description COMPLETED or whatever the client says
             * @example COMPLETED
             */
            status?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-06T06:59:41Z
             */
            started_at?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-06T06:59:41Z
             */
            completed_at?: string;
            config?: components["schemas"]["FreeObject"];
            parameters?: components["schemas"]["FreeObject"];
            summary_metrics?: components["schemas"]["FreeObject"];
            results?: components["schemas"]["FreeObject"];
        } & {
            [key: string]: unknown;
        };
        /** @description Figures of a slice of the trades; further keys are kept and returned */
        SimulationBucket: {
            /**
             * @description Slice of the trades: dual (all of them), long, short or whatever the client says
             * @example dual
             */
            side?: string;
            /**
             * Format: int64
             * @description Trades of the slice; computed: how many there are
             * @example 102
             */
            trade_count?: number | null;
            /**
             * Format: int64
             * @description Trades that won; computed: those with `pnl` > 0
             * @example 45
             */
            win_count?: number | null;
            /**
             * Format: double
             * @description Wins over losses; computed: sum of the positive `pnl` / −(sum of the negative `pnl`), 999 when there are wins and no losses, 0 when there are no wins
             * @example 1.119992
             */
            profit_factor?: number | null;
            /**
             * Format: double
             * @description By the habit of the desktop the total return in percent, not the mean; computed: sum of `return_pct`
             * @example 33.16304
             */
            avg_return_pct?: number | null;
            /**
             * Format: double
             * @description Largest drawdown in percent, positive; computed: the deepest fall of the running sum of `return_pct`, which starts at 0, below its highest value so far, trades in the order of `entry_timestamp`, then of `trade_index`. The desktop measures its own bar by bar and may get another figure
             * @example 10.664866
             */
            max_drawdown_pct?: number | null;
            /**
             * @description Anything
             * @example Combined strategy
             */
            notes?: string;
            /** @description Made by the server; a bucket that comes back so is made anew */
            computed?: boolean;
        } & {
            [key: string]: unknown;
        };
        /** @description A trade; further keys are kept and returned */
        SimulationTrade: {
            /**
             * @description The client's id of the trade
             * @example ded6d9b0-9b68-4507-968b-75d59d331fa6
             */
            trade_id?: string;
            /**
             * Format: int32
             * @description Fold whose model traded; null = not recorded
             * @example 8
             */
            fold_index?: number | null;
            /**
             * @description long, short or whatever the client says; taken from a boolean `is_long` when absent
             * @example long
             */
            side?: string;
            /**
             * Format: double
             * @description Quantity
             * @example 0.010312999598681927
             */
            size?: number | null;
            /**
             * Format: double
             * @description Price at entry
             * @example 96966.8515625
             */
            entry_price?: number | null;
            /**
             * Format: double
             * @description Price at exit
             * @example 97906.078125
             */
            exit_price?: number | null;
            /**
             * Format: double
             * @description Profit, negative for a loss
             * @example 9.686058044433594
             */
            pnl?: number | null;
            /**
             * Format: double
             * @description Return in percent (1.5 = 1.5 %)
             * @example 0.9686059951782227
             */
            return_pct?: number | null;
            /**
             * Format: double
             * @description Prediction at entry
             * @example 103.58765411376953
             */
            entry_signal?: number | null;
            /**
             * Format: double
             * @description Prediction at exit
             * @example 43.67873001098633
             */
            exit_signal?: number | null;
            entry_timestamp?: components["schemas"]["IncomingTime"];
            exit_timestamp?: components["schemas"]["IncomingTime"];
            bar_timestamp?: components["schemas"]["IncomingTime"];
        } & {
            [key: string]: unknown;
        };
        /**
         * @description A trading simulation with its buckets and trades, flat as the desktop sends it, or nested (`{simulation, buckets, trades}`).
         *     It takes the place of what was stored under its id before, buckets and trades included. Further keys are kept and returned.
         */
        SimulationSave: {
            simulation?: components["schemas"]["SimulationRecord"];
            /** @description Figures per slice of the trades; computed from the trades when absent or empty */
            buckets?: components["schemas"]["SimulationBucket"][];
            /** @description All trades; they replace the ones stored before */
            trades?: components["schemas"]["SimulationTrade"][];
            /**
             * Format: int32
             * @description How many buckets the client means to send; a different number stores nothing
             * @example 3
             */
            bucket_count?: number;
            /**
             * Format: int32
             * @description How many trades the client means to send; a different number stores nothing
             * @example 102
             */
            trade_count?: number;
            /**
             * @description The simulation's id, made by the client; by the server when absent
             * @example 76c0d152-0b70-42a0-be34-2cac592261b0
             */
            simulation_id?: string;
            /**
             * @description The run whose predictions were traded, as the client knows it; it need not be here yet
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id?: string | null;
            /**
             * @description The dataset as the client knows it: id, alias or slug; it need not be here yet
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id?: string | null;
            /**
             * @description Used as `dataset_id` when that is absent
             * @example btc25_3_hm
             */
            dataset_slug?: string;
            /**
             * @description QuestDB table of the predictions that were traded
             * @example run_17621685394141478
             */
            input_run_measurement?: string;
            /**
             * @description QuestDB table of the trades, where the client writes one
             * @example btc25_3_hm_sim1
             */
            questdb_namespace?: string;
            /**
             * @description What was traded, e.g. dual
             * @example dual
             */
            mode?: string;
            /**
             * @description COMPLETED or whatever the client says
             * @example COMPLETED
             */
            status?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-06T06:59:41Z
             */
            started_at?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-06T06:59:41Z
             */
            completed_at?: string;
            config?: components["schemas"]["FreeObject"];
            parameters?: components["schemas"]["FreeObject"];
            summary_metrics?: components["schemas"]["FreeObject"];
            results?: components["schemas"]["FreeObject"];
        } & {
            [key: string]: unknown;
        };
        /** @description What a save stored */
        SimulationReceipt: {
            /**
             * @description The simulation's id
             * @example 76c0d152-0b70-42a0-be34-2cac592261b0
             */
            simulation_id: string;
            /**
             * @description The run that it belongs to; as sent while no such run is here
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id: string;
            /**
             * @description The dataset that it belongs to; empty while it is not here
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id: string;
            /**
             * @description Slug of that dataset; empty while it is not here
             * @example btc25_3_hm
             */
            dataset_slug?: string;
            /** @description Whether the run is here */
            run_known?: boolean;
            /** @description Whether the dataset is here */
            dataset_known?: boolean;
            /**
             * Format: int32
             * @description Buckets stored
             * @example 3
             */
            buckets_written: number;
            /** @description Whether the server made the buckets from the trades */
            buckets_computed?: boolean;
            /**
             * Format: int32
             * @description Trades stored
             * @example 102
             */
            trades_written: number;
            /**
             * @description The simulation's status
             * @example COMPLETED
             */
            status?: string;
            saved_at?: components["schemas"]["IsoTime"];
            /** @description Always true; a failure has an error status */
            success: boolean;
            /**
             * @description The receipt in words
             * @example 102 trades and 3 buckets saved
             */
            message: string;
            warnings?: components["schemas"]["Warnings"];
        };
        /** @description Figures of a slice of the trades */
        SimulationBucketDetail: {
            /**
             * @description Slice of the trades: dual (all of them), long, short or whatever the client says
             * @example dual
             */
            side?: string;
            /**
             * Format: int64
             * @description Trades of the slice; computed: how many there are
             * @example 102
             */
            trade_count?: number | null;
            /**
             * Format: int64
             * @description Trades that won; computed: those with `pnl` > 0
             * @example 45
             */
            win_count?: number | null;
            /**
             * Format: double
             * @description Wins over losses; computed: sum of the positive `pnl` / −(sum of the negative `pnl`), 999 when there are wins and no losses, 0 when there are no wins
             * @example 1.119992
             */
            profit_factor?: number | null;
            /**
             * Format: double
             * @description By the habit of the desktop the total return in percent, not the mean; computed: sum of `return_pct`
             * @example 33.16304
             */
            avg_return_pct?: number | null;
            /**
             * Format: double
             * @description Largest drawdown in percent, positive; computed: the deepest fall of the running sum of `return_pct`, which starts at 0, below its highest value so far, trades in the order of `entry_timestamp`, then of `trade_index`. The desktop measures its own bar by bar and may get another figure
             * @example 10.664866
             */
            max_drawdown_pct?: number | null;
            /**
             * @description Anything
             * @example Combined strategy
             */
            notes?: string;
            /**
             * Format: double
             * @description 100 · `win_count` / `trade_count`; 0 when there are no trades
             * @example 44.11764705882353
             */
            win_rate_pct?: number;
            /** @description Whether the server made it from the trades, because the client sent none */
            computed?: boolean;
        } & {
            [key: string]: unknown;
        };
        /** @description A stored simulation with its buckets; its trades are at `/api/simulations/{simulation_id}/trades` */
        SimulationDetail: {
            /**
             * @description The simulation's id
             * @example 76c0d152-0b70-42a0-be34-2cac592261b0
             */
            simulation_id: string;
            /**
             * @description The run that it belongs to; as the client sent it while no such run is here
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id?: string;
            /**
             * @description The dataset that it belongs to; as the client sent it while no such dataset is here
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id?: string;
            /**
             * @description Slug of that dataset; empty while it is not here
             * @example btc25_3_hm
             */
            dataset_slug?: string;
            /** @description Whether `run_id` names a run that is here */
            run_known?: boolean;
            /** @description Whether `dataset_id` names a dataset that is here */
            dataset_known?: boolean;
            /**
             * @description The run as the client sent it
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            client_run_id?: string;
            /**
             * @description The dataset as the client sent it
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            client_dataset_id?: string;
            /**
             * @description QuestDB table of the predictions that were traded
             * @example run_17621685394141478
             */
            input_run_measurement?: string;
            /**
             * @description QuestDB table of the trades, where the client writes one
             * @example btc25_3_hm_sim1
             */
            questdb_namespace?: string;
            /**
             * @description What was traded, e.g. dual
             * @example dual
             */
            mode?: string;
            /**
             * @description COMPLETED or whatever the client says; UNKNOWN when it did not say
             * @example COMPLETED
             */
            status?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-06T06:59:41Z
             */
            started_at?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-06T06:59:41Z
             */
            completed_at?: string;
            config?: components["schemas"]["FreeObject"];
            parameters?: components["schemas"]["FreeObject"];
            summary_metrics?: components["schemas"]["FreeObject"];
            results?: components["schemas"]["FreeObject"];
            /**
             * Format: int32
             * @description Trades stored
             * @example 102
             */
            trade_count?: number;
            created_at?: components["schemas"]["IsoTime"];
            updated_at?: components["schemas"]["IsoTime"];
            /** @description All buckets in the order in which they were sent */
            buckets: components["schemas"]["SimulationBucketDetail"][];
        } & {
            [key: string]: unknown;
        };
        /** @description A stored trade */
        SimulationTradeDetail: {
            /**
             * Format: int32
             * @description Position in the request that saved it, counted from 0
             * @example 0
             */
            trade_index: number;
            /**
             * @description The client's id of the trade
             * @example ded6d9b0-9b68-4507-968b-75d59d331fa6
             */
            trade_id?: string;
            /**
             * Format: int32
             * @description Fold whose model traded; null = not recorded
             * @example 8
             */
            fold_index?: number | null;
            /**
             * @description long, short or whatever the client said
             * @example long
             */
            side?: string;
            /**
             * Format: double
             * @description Quantity
             * @example 0.010312999598681927
             */
            size?: number | null;
            /**
             * Format: double
             * @description Price at entry
             * @example 96966.8515625
             */
            entry_price?: number | null;
            /**
             * Format: double
             * @description Price at exit
             * @example 97906.078125
             */
            exit_price?: number | null;
            /**
             * Format: double
             * @description Profit, negative for a loss
             * @example 9.686058044433594
             */
            pnl?: number | null;
            /**
             * Format: double
             * @description Return in percent (1.5 = 1.5 %)
             * @example 0.9686059951782227
             */
            return_pct?: number | null;
            /**
             * Format: double
             * @description Prediction at entry
             * @example 103.58765411376953
             */
            entry_signal?: number | null;
            /**
             * Format: double
             * @description Prediction at exit
             * @example 43.67873001098633
             */
            exit_signal?: number | null;
            entry_timestamp?: components["schemas"]["TimestampMs"];
            exit_timestamp?: components["schemas"]["TimestampMs"];
            bar_timestamp?: components["schemas"]["IsoTime"];
        } & {
            [key: string]: unknown;
        };
        /** @description Trades of a simulation in the order of `entry_timestamp` (unknown times first), then of `trade_index` */
        SimulationTradeList: {
            /**
             * @description The simulation's id
             * @example 76c0d152-0b70-42a0-be34-2cac592261b0
             */
            simulation_id: string;
            /** @description The page */
            trades: components["schemas"]["SimulationTradeDetail"][];
            /**
             * Format: int32
             * @description Items in this page
             * @example 1
             */
            count: number;
            /**
             * Format: int32
             * @description The same as `count`
             * @example 1
             */
            returned: number;
            total: components["schemas"]["Count"];
            /**
             * Format: int32
             * @description Page size in effect
             * @example 100
             */
            limit: number;
            /**
             * Format: int32
             * @description Items skipped
             * @example 0
             */
            offset: number;
            /** @description Whether a further page exists */
            has_more: boolean;
        };
        /** @description A run in the older shape: besides, `runId`, `datasetId` and `predictionMeasurement` say the same as the names with underscores */
        WalkforwardRun: {
            /**
             * @description The run's id, made by the client
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id: string;
            /**
             * @description The dataset: its id, an alias or its slug
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id: string;
            /**
             * @description The dataset's slug; used when `dataset_id` is absent
             * @example btc25_3
             */
            dataset_slug?: string;
            /**
             * @description QuestDB table of the predictions
             * @example run_17621685394141478
             */
            prediction_measurement?: string;
            /**
             * @description Column that the model predicts
             * @example TGT_315
             */
            target_column?: string;
            /** @description Columns that the model reads */
            feature_columns?: string[];
            hyperparameters?: components["schemas"]["FreeObject"];
            walk_config?: components["schemas"]["FreeObject"];
            summary_metrics?: components["schemas"]["FreeObject"];
            /**
             * @description COMPLETED, INCOMPLETE or whatever the client says
             * @example COMPLETED
             */
            status?: string;
            /**
             * @description Who started it
             * @example desktop_user
             */
            requested_by?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-03T11:15:39Z
             */
            started_at?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-03T11:22:33Z
             */
            completed_at?: string;
            /**
             * Format: int64
             * @description How long it took in ms
             * @example 414016
             */
            duration_ms?: number;
            /**
             * @description The same as `prediction_measurement`
             * @example run_17621685394141478
             */
            measurement?: string;
            /** @description The same as `feature_columns` */
            features?: string[];
            /**
             * Format: int32
             * @description Folds stored
             * @example 312
             */
            fold_count?: number;
            created_at?: components["schemas"]["IsoTime"];
            updated_at?: components["schemas"]["IsoTime"];
        } & {
            [key: string]: unknown;
        };
        /** @description Runs, newest first */
        WalkforwardRunList: components["schemas"]["WalkforwardRun"][];
        /** @description A simulation in the older shape: besides, `simulationId`, `runId`, `datasetId`, `inputRunMeasurement`, `questdbNamespace`, `startedAt` and `completedAt` say the same as the names with underscores */
        TradesimRun: {
            /**
             * @description The simulation's id
             * @example 76c0d152-0b70-42a0-be34-2cac592261b0
             */
            simulation_id: string;
            /**
             * @description The run that it belongs to; as the client sent it while no such run is here
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            run_id?: string;
            /**
             * @description The dataset that it belongs to; as the client sent it while no such dataset is here
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            dataset_id?: string;
            /**
             * @description Slug of that dataset; empty while it is not here
             * @example btc25_3_hm
             */
            dataset_slug?: string;
            /** @description Whether `run_id` names a run that is here */
            run_known?: boolean;
            /** @description Whether `dataset_id` names a dataset that is here */
            dataset_known?: boolean;
            /**
             * @description The run as the client sent it
             * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
             */
            client_run_id?: string;
            /**
             * @description The dataset as the client sent it
             * @example f33dff88-a44c-438b-ad85-234076b11dae
             */
            client_dataset_id?: string;
            /**
             * @description QuestDB table of the predictions that were traded
             * @example run_17621685394141478
             */
            input_run_measurement?: string;
            /**
             * @description QuestDB table of the trades, where the client writes one
             * @example btc25_3_hm_sim1
             */
            questdb_namespace?: string;
            /**
             * @description What was traded, e.g. dual
             * @example dual
             */
            mode?: string;
            /**
             * @description COMPLETED or whatever the client says; UNKNOWN when it did not say
             * @example COMPLETED
             */
            status?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-06T06:59:41Z
             */
            started_at?: string;
            /**
             * @description ISO 8601; empty = unknown
             * @example 2025-11-06T06:59:41Z
             */
            completed_at?: string;
            config?: components["schemas"]["FreeObject"];
            parameters?: components["schemas"]["FreeObject"];
            summary_metrics?: components["schemas"]["FreeObject"];
            results?: components["schemas"]["FreeObject"];
            /**
             * Format: int32
             * @description Trades stored
             * @example 102
             */
            trade_count?: number;
            created_at?: components["schemas"]["IsoTime"];
            updated_at?: components["schemas"]["IsoTime"];
        } & {
            [key: string]: unknown;
        };
        /** @description Simulations, newest first */
        TradesimRunList: components["schemas"]["TradesimRun"][];
        /** @description A simulation in the older shape */
        TradesimRunDetail: {
            run: components["schemas"]["TradesimRun"];
            /** @description All buckets in the order in which they were sent */
            buckets: components["schemas"]["SimulationBucketDetail"][];
        };
        /** @description A table of QuestDB; besides, `rowCount`, `firstTimestamp`, `lastTimestamp`, `designatedTimestamp` and `partitionBy` say the same as the names with underscores */
        Measurement: {
            /**
             * @description The table's name
             * @example btc25_3_ohlcv
             */
            name: string;
            row_count: components["schemas"]["Count"];
            first_ts?: components["schemas"]["IsoTime"];
            last_ts?: components["schemas"]["IsoTime"];
            first_ts_ms?: components["schemas"]["TimestampMs"];
            last_ts_ms?: components["schemas"]["TimestampMs"];
            /**
             * @description The column that holds the time
             * @example timestamp
             */
            designated_timestamp?: string;
            /**
             * @description NONE, HOUR, DAY, WEEK, MONTH or YEAR
             * @example MONTH
             */
            partition_by?: string;
            /** @description QuestDB has stopped applying rows to it */
            suspended?: boolean;
        } & {
            [key: string]: unknown;
        };
        /** @description A page of measurements by name */
        MeasurementList: {
            /** @description The page */
            measurements: components["schemas"]["Measurement"][];
            /**
             * Format: int32
             * @description Items in this page
             * @example 1
             */
            count: number;
            /**
             * Format: int32
             * @description The same as `count`
             * @example 1
             */
            returned: number;
            total: components["schemas"]["Count"];
            /**
             * Format: int32
             * @description Page size in effect
             * @example 100
             */
            limit: number;
            /**
             * Format: int32
             * @description Items skipped
             * @example 0
             */
            offset: number;
            /** @description Whether a further page exists */
            has_more: boolean;
        };
        /** @description A column */
        MeasurementColumn: {
            /**
             * @description The column's name
             * @example close
             */
            name: string;
            /**
             * @description QuestDB's type
             * @example DOUBLE
             */
            type: string;
        };
        /** @description A table of QuestDB with its columns and a few of its rows; besides, `rowCount`, `firstTimestamp`, `lastTimestamp`, `designatedTimestamp` and `partitionBy` say the same as the names with underscores */
        MeasurementDetail: {
            /**
             * @description The table's name
             * @example btc25_3_ohlcv
             */
            name: string;
            row_count: components["schemas"]["Count"];
            first_ts?: components["schemas"]["IsoTime"];
            last_ts?: components["schemas"]["IsoTime"];
            first_ts_ms?: components["schemas"]["TimestampMs"];
            last_ts_ms?: components["schemas"]["TimestampMs"];
            /**
             * @description The column that holds the time
             * @example timestamp
             */
            designated_timestamp?: string;
            /**
             * @description NONE, HOUR, DAY, WEEK, MONTH or YEAR
             * @example MONTH
             */
            partition_by?: string;
            /** @description QuestDB has stopped applying rows to it */
            suspended?: boolean;
            /** @description The columns in the table's order */
            columns: components["schemas"]["MeasurementColumn"][];
            /**
             * Format: int32
             * @description Rows in `sample`
             * @example 5
             */
            sample_row_count?: number;
            /** @description The first rows */
            sample?: {
                [key: string]: unknown;
            }[];
        } & {
            [key: string]: unknown;
        };
        /** @description The points of one column; all lists are of the same length */
        SeriesColumn: {
            /**
             * @description The column's name
             * @example close
             */
            column: string;
            /** @description Unix times in ms */
            timestamp_ms: number[];
            /** @description The values; absent where a bucket has four */
            values?: components["schemas"]["Double"][];
            /** @description The first value of each bucket */
            open?: components["schemas"]["Double"][];
            /** @description The greatest value of each bucket */
            high?: components["schemas"]["Double"][];
            /** @description The least value of each bucket */
            low?: components["schemas"]["Double"][];
            /** @description The last value of each bucket */
            close?: components["schemas"]["Double"][];
        };
        /** @description Columns of a measurement for a plot */
        Series: {
            /**
             * @description The table
             * @example btc25_3_ohlcv
             */
            measurement: string;
            /**
             * @description `minmax` or `ohlc`
             * @example minmax
             */
            method: string;
            /** @description Whether rows were left out; false says that every row of the span is here */
            sampled: boolean;
            /**
             * Format: int64
             * @description Of a sample, how long each bucket is, in ms
             * @example 86400000
             */
            bucket_ms?: number;
            source_rows: components["schemas"]["Count"];
            /**
             * Format: int64
             * @description Unix time in ms of the first row of the span; absent without rows
             * @example 1732831200000
             */
            first_ts_ms?: number;
            /**
             * Format: int64
             * @description Unix time in ms of the last row of the span; absent without rows
             * @example 1766044800000
             */
            last_ts_ms?: number;
            /** @description One for each column */
            series: components["schemas"]["SeriesColumn"][];
        };
        /** @description A statement that only reads */
        QueryRequest: {
            /**
             * @description One statement in QuestDB's SQL. Percent-encoded for a URL it has room for 30800 bytes, so text beyond ASCII counts several times
             * @example SELECT * FROM "btc25_3_ohlcv" LIMIT 200;
             */
            sql: string;
            /**
             * @description `native`: numbers, booleans, text and null as JSON. `text`: every cell is text or null, for readers that round numbers
             * @default native
             * @enum {string}
             */
            cells?: "native" | "text";
        };
        /** @description What a query found; streamed, so `count` comes last */
        QueryResult: {
            /**
             * @description The statement as it was sent
             * @example SELECT * FROM "btc25_3_ohlcv" LIMIT 200;
             */
            query: string;
            /** @description The names of the columns */
            columns: string[];
            /** @description QuestDB's types of the columns, in the same order */
            column_types?: string[];
            /** @description The rows, each with a cell per column */
            dataset: unknown[][];
            count: components["schemas"]["Count"];
        };
        /** @description A CSV file as the desktop sends it */
        FrameImport: {
            /**
             * @description The table to write
             * @example btc25_3_hm
             */
            measurement: string;
            /**
             * @description The CSV text with its header line
             * @example timestamp,close
             *     1732831200000,95210.7
             */
            data: string;
            /**
             * @description Name of the file, shown with the job
             * @example btc25_3_hm.csv
             */
            filename?: string;
            /**
             * @description As the query parameter
             * @example opened_at
             */
            timestamp_column?: string;
            /**
             * @description Unit of times that are numbers, s, ms, µs or ns since 1970; as the query parameter
             * @example ms
             * @enum {string}
             */
            timestamp_unit?: "s" | "ms" | "us" | "ns";
            /**
             * @description As the query parameter; `append` when absent
             * @example append
             * @enum {string}
             */
            mode?: "append" | "replace" | "create";
            /**
             * @description As the query parameter
             * @example fold_number
             */
            dedup_keys?: string;
            /**
             * @description As the query parameter; MONTH for a new measurement when absent
             * @example MONTH
             * @enum {string}
             */
            partition_by?: "HOUR" | "DAY" | "WEEK" | "MONTH" | "YEAR";
            /**
             * @description As the query parameter; `refuse` when absent
             * @example refuse
             * @enum {string}
             */
            on_duplicate?: "refuse" | "keep_last";
            /**
             * @description As the query parameter; `strict` when absent
             * @example strict
             * @enum {string}
             */
            validation?: "strict" | "lenient";
        };
        /** @description A form with a frame in its file part and everything else in fields */
        FrameUpload: {
            /**
             * @description The table to write
             * @example btc25_3_hm
             */
            measurement: string;
            /**
             * @description Name of the file, shown with the job; that of the file part when absent
             * @example btc25_3_hm.csv
             */
            filename?: string;
            /**
             * @description As the query parameter
             * @example opened_at
             */
            timestamp_column?: string;
            /**
             * @description Unit of times that are numbers, s, ms, µs or ns since 1970; as the query parameter
             * @example ms
             * @enum {string}
             */
            timestamp_unit?: "s" | "ms" | "us" | "ns";
            /**
             * @description As the query parameter; `append` when absent
             * @example append
             * @enum {string}
             */
            mode?: "append" | "replace" | "create";
            /**
             * @description As the query parameter
             * @example fold_number
             */
            dedup_keys?: string;
            /**
             * @description As the query parameter; MONTH for a new measurement when absent
             * @example MONTH
             * @enum {string}
             */
            partition_by?: "HOUR" | "DAY" | "WEEK" | "MONTH" | "YEAR";
            /**
             * @description As the query parameter; `refuse` when absent
             * @example refuse
             * @enum {string}
             */
            on_duplicate?: "refuse" | "keep_last";
            /**
             * @description As the query parameter; `strict` when absent
             * @example strict
             * @enum {string}
             */
            validation?: "strict" | "lenient";
            /**
             * Format: binary
             * @description The frame; its format is told by the part's Content-Type, or else by the ending of its filename (.csv, .arrow, .feather, .arrows, .parquet)
             */
            file: string;
        };
        /** @description A row that a lenient import has left out, with the first fault in it */
        RejectedRow: {
            /**
             * Format: int64
             * @description Line of a CSV on which the cell begins, its header being line 1
             * @example 17
             */
            line?: number;
            /**
             * Format: int64
             * @description Row of an Arrow or Parquet frame, counted from 0
             * @example 15
             */
            row?: number;
            /**
             * @description The column; absent when the row has too few or too many cells
             * @example close
             */
            column?: string;
            /**
             * @description The cell as text, cut after 80 characters
             * @example n/a
             */
            value?: string;
            /**
             * @description What would have been taken
             * @example a number
             */
            expected?: string;
            /**
             * @description All of this as a sentence
             * @example line 17, column "close": expected a number, got "n/a"
             */
            message?: string;
        };
        /** @description What an import stored. An asynchronous import answers `job_id` and `status` first; the rest is the job's `result` */
        ImportReceipt: {
            /**
             * @description The job that did or does the work
             * @example 7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f
             */
            job_id: string;
            /**
             * @description The job's status
             * @example COMPLETED
             */
            status: string;
            /**
             * @description The table
             * @example btc25_3_hm
             */
            measurement: string;
            /**
             * Format: int64
             * @description All rows of the frame, those that were left out included
             * @example 8143
             */
            rows_received?: number;
            rows_written?: components["schemas"]["Count"];
            /**
             * Format: int64
             * @description Rows whose key was there already, in the table or, with `on_duplicate=keep_last`, earlier in the file; the later row was kept
             * @example 0
             */
            rows_deduplicated?: number;
            /**
             * Format: int64
             * @description Rows that a lenient import has left out
             * @example 0
             */
            rows_rejected?: number;
            /** @description The first hundred rows that were left out */
            rejected?: components["schemas"]["RejectedRow"][];
            /**
             * @description Where to download a CSV file that lists every row that was left out, with the columns of `rejected`; absent when there is none
             * @example /api/downloads/0c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f
             */
            rejected_url?: string;
            total_rows?: components["schemas"]["Count"];
            first_ts?: components["schemas"]["IsoTime"];
            last_ts?: components["schemas"]["IsoTime"];
            first_ts_ms?: components["schemas"]["TimestampMs"];
            last_ts_ms?: components["schemas"]["TimestampMs"];
            bytes?: components["schemas"]["Count"];
            /**
             * @description SHA-256 of the body, as in Content-Digest (RFC 9530); of the file part of a form
             * @example sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
             */
            digest?: string;
            /**
             * Format: double
             * @description Seconds until the rows were readable
             * @example 1.9
             */
            seconds?: number;
            readable_at?: components["schemas"]["IsoTime"];
            warnings?: components["schemas"]["Warnings"];
        };
        /** @description What to export, either `sql` or `measurement`, and how */
        ExportRequest: {
            /**
             * @description One statement that only reads, as in `POST /api/questdb/query`
             * @example SELECT timestamp, close FROM "btc25_3_ohlcv"
             */
            sql?: string;
            /**
             * @description The table whose rows to export
             * @example btc25_3_ohlcv
             */
            measurement?: string;
            /** @description Only these columns of the measurement, in this order; the time always comes, first unless it is named */
            columns?: string[];
            /**
             * @description Only rows of the measurement at or after this time; Unix s, ms, µs or ns (told apart by magnitude) or ISO 8601
             * @example 1732831200000
             */
            start_timestamp?: unknown;
            /**
             * @description Only rows of the measurement at or before this time; Unix s, ms, µs or ns (told apart by magnitude) or ISO 8601
             * @example 2024-12-31T23:00:00Z
             */
            end_timestamp?: unknown;
            /**
             * @description The format of the file
             * @example csv
             * @enum {string}
             */
            format?: "csv" | "parquet" | "json" | "arrow";
            /**
             * @description The name under which a browser saves the file; made from the measurement when absent
             * @example btc25_3.csv
             */
            filename?: string;
        };
        /** @description The job that makes the file */
        ExportAccepted: {
            /**
             * @description The job's id
             * @example 7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f
             */
            job_id: string;
            /**
             * @description The job's status
             * @example PENDING
             */
            status: string;
            /**
             * @description `csv`, `parquet`, `json` or `arrow`
             * @example parquet
             */
            format: string;
            /**
             * @description The name of the file
             * @example btc25_3.parquet
             */
            filename: string;
        };
        /** @description A frame as row objects; each has `timestamp` (Unix s, ms, µs or ns, or ISO 8601) and values */
        UploadRows: {
            /** @description The rows */
            rows: {
                [key: string]: unknown;
            }[];
        };
        /** @description A frame that waits on the server */
        Upload: {
            /**
             * @description The upload's id
             * @example 3b6f1e0c-0d0e-4c55-9a53-0d7a1c2b3e4f
             */
            upload_id: string;
            /**
             * @description How the body came
             * @example text/csv
             */
            media_type: string;
            /**
             * @description The name that the client gave
             * @example btc25_3_wf1.csv
             */
            filename?: string;
            bytes: components["schemas"]["Count"];
            /**
             * @description SHA-256 of the body, as in Content-Digest (RFC 9530)
             * @example sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
             */
            digest: string;
            created_at: components["schemas"]["IsoTime"];
            expires_at: components["schemas"]["IsoTime"];
        };
        /** @description A piece of long work */
        Job: {
            /**
             * @description The job's id
             * @example 7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f
             */
            job_id: string;
            /**
             * @description `import`, `save_run`, `record_dataset` or `export`
             * @example import
             */
            type: string;
            /**
             * @description The same as `type`
             * @example import
             */
            job_type: string;
            /**
             * @description PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the last three are final
             * @example RUNNING
             */
            status: string;
            progress: components["schemas"]["Count"];
            total: components["schemas"]["Count"];
            /**
             * @description What `progress` and `total` count
             * @example bytes
             */
            unit?: string;
            /**
             * @description queued, loading, exporting, publishing or done
             * @example loading
             */
            phase?: string;
            /**
             * Format: double
             * @description Progress in percent
             * @example 42.5
             */
            progress_pct?: number;
            /**
             * @description What is going on
             * @example 123000 rows read
             */
            message?: string;
            /**
             * @description Why it failed; empty otherwise
             * @example
             */
            error?: string;
            /**
             * @description Code of the error; empty otherwise
             * @example
             */
            error_code?: string;
            payload?: components["schemas"]["FreeObject"];
            result?: components["schemas"]["FreeObject"];
            /**
             * Format: int32
             * @description How often it was started
             * @example 1
             */
            attempts?: number;
            created_at: components["schemas"]["IsoTime"];
            updated_at: components["schemas"]["IsoTime"];
            started_at?: components["schemas"]["IsoTime"];
            completed_at?: components["schemas"]["IsoTime"];
        };
        /** @description A page of jobs, newest first */
        JobList: {
            /** @description The page */
            jobs: components["schemas"]["Job"][];
            /**
             * Format: int32
             * @description Items in this page
             * @example 1
             */
            count: number;
            /**
             * Format: int32
             * @description The same as `count`
             * @example 1
             */
            returned: number;
            total: components["schemas"]["Count"];
            /**
             * Format: int32
             * @description Page size in effect
             * @example 100
             */
            limit: number;
            /**
             * Format: int32
             * @description Items skipped
             * @example 0
             */
            offset: number;
            /** @description Whether a further page exists */
            has_more: boolean;
        };
        /** @description Opens one stream of events */
        StreamTicket: {
            /**
             * @description For `GET /api/events?ticket=…`, once
             * @example stt_5Yp0W2mB7cQhV4nK8tRzXdJ6sLfGuE1a0b1c2d
             */
            ticket: string;
            expires_at: components["schemas"]["IsoTime"];
            /**
             * Format: int64
             * @description The newest event when the ticket was made; give it as `since` and nothing that happens from then on is missed
             * @example 1041
             */
            last_event_id: number;
        };
    };
    responses: {
        /** @description The request does not fit the contract; `details` names each field (JSON pointer) and what was expected */
        BadRequest: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server failed in a way that it did not foresee; `details.request_id` finds the reason in its log */
        Internal: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description PostgreSQL or QuestDB can't be reached, or the server is stopping; try again after `Retry-After` seconds */
        Unavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests a minute (`RATE_LIMITED`), too many of their kind at once (`TOO_MANY_AT_ONCE`), or too many jobs of this token wait (`QUEUE_FULL`); try again after `Retry-After` seconds */
        RateLimited: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No token, or one that is unknown, expired or revoked */
        Unauthorized: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body came so slowly (less than 1000 bytes a second for `limits.slow_seconds`, 10 unless configured) that the server has stopped to wait for it (`BODY_TOO_SLOW`). Nothing was stored */
        TooSlow: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is larger than this server takes, in bytes or in members and items of JSON; `details` says the limit */
        TooLarge: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body's media type is not one that this operation reads; `details` lists those it does */
        UnsupportedMedia: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The work took longer than the request's time limit and was ended */
        TimeLimit: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A disk of this server, of PostgreSQL or of QuestDB is full. Send it again when there is room, `Retry-After` seconds from now at the earliest */
        InsufficientStorage: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The token is valid but has not the scope that this operation needs (`SCOPE_MISSING`); `details` names both */
        Forbidden: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Nothing is stored under this id, slug or name */
        NotFound: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request is well-formed but does not fit what is stored, e.g. a run for a dataset that is not registered; or another request with its `Idempotency-Key` is at work (`IDEMPOTENCY_IN_PROGRESS`, with `Retry-After`) */
        Conflict: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A value in the body can't be stored; `details` names its row or line, column and value. Or the `Idempotency-Key` was used for another request (`IDEMPOTENCY_KEY_REUSED`). Nothing was stored */
        Unprocessable: {
            headers: {
                "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                "X-Request-Id": components["headers"]["RequestId"];
                "X-Stage1-Version": components["headers"]["Version"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /**
         * @description Has no effect here, and is only looked at for its form: an operation that reads changes nothing when it is repeated, and a token or a ticket is shown but once and never kept, so each request for one issues another
         * @example 9f1c2d3e-4b5a-4c6d-8e7f-0a1b2c3d4e5f
         */
        UnusedIdempotencyKey: string;
        /** @description The most items of a page */
        Limit: number;
        /** @description How many items to skip */
        Offset: number;
        /**
         * @description The token's id, as it was issued or listed
         * @example 5a0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de
         */
        TokenId: string;
        /**
         * @description A name for this request, made by the client and different for each one, such as a UUID. The request is then done once, however often it is sent: a repetition gets the first success again, byte for byte, with `Idempotency-Replayed: true`. It belongs to the token that it is sent with, and to method, path, query and body: with others it is refused (422 `IDEMPOTENCY_KEY_REUSED`). While the first request runs, a repetition waits up to 2 s for its answer and is then a 409 `IDEMPOTENCY_IN_PROGRESS` with `Retry-After`. A request that was refused (4xx) frees its key; after a 5xx, a lost connection or a crash the same request goes on with the work that was begun, or begins it anew when that had failed, and what it has created before a crash it calls created (201). Answers are kept for `idempotency.keep_hours` (24 unless configured); then the key is new. An answer of more than 1 MB is not kept: such a request is done again
         * @example 0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c
         */
        IdempotencyKey: string;
        /**
         * @description SHA-256 of the body (RFC 9530), `sha-256=:<base64>:`; a body with another digest stores nothing (422)
         * @example sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
         */
        ContentDigest: string;
        /**
         * @description The dataset's id, an id that a desktop used for it before, or its slug
         * @example btc25_3
         */
        DatasetId: string;
        /**
         * @description Time limit of the request in seconds; the server's own (60 s unless configured) when absent
         * @example 30
         */
        Timeout: number;
        /**
         * @description The most rows; without it every row is sent
         * @example 1000
         */
        RowLimit: number;
        /** @description How many rows to skip */
        RowOffset: number;
        /**
         * @description Only rows at or after this time; Unix s, ms, µs or ns (told apart by magnitude) or ISO 8601
         * @example 1732831200000
         */
        StartTimestamp: string;
        /**
         * @description Only rows at or before this time; Unix s, ms, µs or ns (told apart by magnitude) or ISO 8601
         * @example 2024-12-31T23:00:00Z
         */
        EndTimestamp: string;
        /**
         * @description First row wanted by its position in ascending time, counted from 0
         * @example 0
         */
        StartIndex: number;
        /**
         * @description Position in ascending time at which to stop; this row is no longer sent
         * @example 650
         */
        EndIndex: number;
        /** @description Newest row first */
        Descending: boolean;
        /**
         * @description Only these columns, comma-separated; the time is always sent
         * @example [
         *       "close",
         *       "volume"
         *     ]
         */
        Columns: string[];
        /**
         * @description At most so many rows, as a sample that keeps the extremes of every column of numbers where there are more; columns of other types are left out of a sample. The answer says `sampled` and `source_rows`. Without it every row is sent
         * @example 2000
         */
        MaxPoints: number;
        /** @description How `max_points` samples. `minmax`: two rows for each stretch of time, at its first and last row, with the two extremes of each column in the order in which they came. `ohlc`: one row for each stretch, with the first `open`, the highest `high`, the lowest `low`, the sum of `volume` and the last value of every other column */
        SampleMethod: "minmax" | "ohlc";
        /**
         * @description The run's id, as the client that saved it made it
         * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
         */
        RunId: string;
        /**
         * @description The simulation's id, as the client that saved it made it
         * @example 76c0d152-0b70-42a0-be34-2cac592261b0
         */
        SimulationId: string;
        /**
         * @description The measurement's name
         * @example btc25_3_ohlcv
         */
        MeasurementName: string;
        /** @description What becomes of a frame with rows that can't be stored. `strict` (the default): nothing of it is stored, and the error names the first such row. `lenient`: a row with a cell or a time that can't be read, or of a CSV with another number of cells than the header, is left out; the other rows are stored, and the receipt tells how many were left out, the first hundred of them, and where to download the list of all. When no row is left, nothing is stored (422). What is wrong with a frame as a whole, such as its header, an open quote or a damaged file, refuses it in both. */
        Validation: "strict" | "lenient";
        /** @description `append` (the default) adds rows to the measurement, or makes it; `replace` puts the frame in the place of all its rows, and is refused where they belong to a run; `create` is refused (409) when the measurement exists */
        ImportMode: "append" | "replace" | "create";
        /**
         * @description Columns that tell rows apart, comma-separated, besides `timestamp`, which always does. For a measurement that is made or replaced; for an append they must be the keys that it has. `fold_number` and `trade_index`, where the frame has them, when absent
         * @example fold_number
         */
        DedupKeys: string;
        /** @description How the table is divided in time; for an append it must be as it is. MONTH for a new measurement when absent */
        PartitionBy: "HOUR" | "DAY" | "WEEK" | "MONTH" | "YEAR";
        /** @description What becomes of rows of the frame that agree in all keys: `refuse` (the default) stores nothing and names them, `keep_last` stores the last of them and counts the others in `rows_deduplicated` */
        OnDuplicate: "refuse" | "keep_last";
        /**
         * @description The download's id, as the result of the job has it
         * @example 0c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f
         */
        DownloadId: string;
        /**
         * @description The upload's id
         * @example 3b6f1e0c-0d0e-4c55-9a53-0d7a1c2b3e4f
         */
        UploadId: string;
        /**
         * @description The job's id
         * @example 7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f
         */
        JobId: string;
    };
    requestBodies: never;
    headers: {
        /** @description The `Origin` of the request, where `cors.origins` lists it; absent for any other */
        AllowedOrigin: string;
        /** @description Finds the request in the server's log; the client's own `X-Request-Id` where it sent one of 8 to 64 letters, digits, `_` and `-` */
        RequestId: string;
        /** @description Version of the contract that the server keeps (Semantic Versioning); a client made from an older one of the same major number works on */
        Version: string;
        /** @description What is left of each limit that the request counts against, and the seconds until it begins anew */
        RateLimit: string;
        /** @description The limits themselves, as requests in a window of so many seconds */
        RateLimitPolicy: string;
        /** @description Seconds to wait before the next try */
        RetryAfter: number;
        /** @description `true` when this is the kept answer to an earlier request with the same `Idempotency-Key` */
        IdempotencyReplayed: "true";
        /** @description Where to find what was made */
        Location: string;
        /** @description Changes whenever the document changes; send it back in `If-None-Match` to get a 304 */
        ETag: string;
        /** @description The name under which to save the file */
        ContentDisposition: string;
        /** @description Parts of the file may be asked for with `Range` */
        AcceptRanges: "bytes";
        /** @description Which part of the file this is, and how long the file is */
        ContentRange: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alive */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Alive"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["Internal"];
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready",
                     *       "postgres": {
                     *         "status": "up",
                     *         "latency_ms": 0.6
                     *       },
                     *       "questdb": {
                     *         "status": "up",
                     *         "latency_ms": 1.1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description State and latency of each engine */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "healthy",
                     *       "timestamp": "2025-11-06T13:05:17.000Z",
                     *       "uptime": 86400,
                     *       "version": "1.0.0",
                     *       "postgres": {
                     *         "status": "up",
                     *         "latency_ms": 0.6
                     *       },
                     *       "questdb": {
                     *         "status": "up",
                     *         "latency_ms": 1.1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["BadRequest"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
        };
    };
    issueToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Has no effect here, and is only looked at for its form: an operation that reads changes nothing when it is repeated, and a token or a ticket is shown but once and never kept, so each request for one issues another
                 * @example 9f1c2d3e-4b5a-4c6d-8e7f-0a1b2c3d4e5f
                 */
                "Idempotency-Key"?: components["parameters"]["UnusedIdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "secret": "change-me-to-thirty-two-characters",
                 *       "name": "lab desktop"
                 *     }
                 */
                "application/json": components["schemas"]["TokenRequest"];
            };
        };
        responses: {
            /** @description The token; keep it, it is not shown again */
            201: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "token": "st1_5Yp0W2mB7cQhV4nK8tRzXdJ6sLfGuE1a0b1c2d",
                     *       "token_type": "X-Stage1-Token",
                     *       "token_id": "5a0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de",
                     *       "expires_at": "2025-12-06T13:05:17.000Z",
                     *       "expires_in": 2592000,
                     *       "scopes": [
                     *         "read",
                     *         "write"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Token"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            408: components["responses"]["TooSlow"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    rotateToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Has no effect here, and is only looked at for its form: an operation that reads changes nothing when it is repeated, and a token or a ticket is shown but once and never kept, so each request for one issues another
                 * @example 9f1c2d3e-4b5a-4c6d-8e7f-0a1b2c3d4e5f
                 */
                "Idempotency-Key"?: components["parameters"]["UnusedIdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "expires_in": 2592000,
                 *       "overlap": 3600
                 *     }
                 */
                "application/json": components["schemas"]["RotationRequest"];
            };
        };
        responses: {
            /** @description The new token; keep it, it is not shown again */
            201: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "token": "st1_5Yp0W2mB7cQhV4nK8tRzXdJ6sLfGuE1a0b1c2d",
                     *       "token_type": "X-Stage1-Token",
                     *       "token_id": "5a0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de",
                     *       "expires_at": "2025-12-06T13:05:17.000Z",
                     *       "expires_in": 2592000,
                     *       "scopes": [
                     *         "read",
                     *         "write"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Token"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["TooSlow"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "token_id": "5a0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de",
                     *       "name": "lab desktop",
                     *       "scopes": [
                     *         "read",
                     *         "write"
                     *       ],
                     *       "created_at": "2025-11-06T13:05:17.000Z",
                     *       "expires_at": "2025-12-06T13:05:17.000Z",
                     *       "limits": [
                     *         {
                     *           "name": "token",
                     *           "limit": 12000,
                     *           "remaining": 11998,
                     *           "window_seconds": 60,
                     *           "reset_seconds": 42
                     *         },
                     *         {
                     *           "name": "heavy",
                     *           "limit": 1200,
                     *           "remaining": 1193,
                     *           "window_seconds": 60,
                     *           "reset_seconds": 42
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
        };
    };
    listTokens: {
        parameters: {
            query?: {
                /** @description The most items of a page */
                limit?: components["parameters"]["Limit"];
                /** @description How many items to skip */
                offset?: components["parameters"]["Offset"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tokens */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tokens": [
                     *         {
                     *           "token_id": "5a0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de",
                     *           "name": "lab desktop",
                     *           "scopes": [
                     *             "read",
                     *             "write"
                     *           ],
                     *           "status": "live",
                     *           "created_at": "2025-11-06T13:05:17.000Z",
                     *           "expires_at": "2025-12-06T13:05:17.000Z",
                     *           "last_used_at": "2025-11-06T13:07:00.000Z"
                     *         }
                     *       ],
                     *       "count": 1,
                     *       "returned": 1,
                     *       "total": 1,
                     *       "limit": 100,
                     *       "offset": 0,
                     *       "has_more": false
                     *     }
                     */
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's id, as it was issued or listed
                 * @example 5a0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de
                 */
                token_id: components["parameters"]["TokenId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token, revoked */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "token_id": "5a0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de",
                     *       "name": "lab desktop",
                     *       "scopes": [
                     *         "read",
                     *         "write"
                     *       ],
                     *       "status": "revoked",
                     *       "created_at": "2025-11-06T13:05:17.000Z",
                     *       "expires_at": "2025-12-06T13:05:17.000Z",
                     *       "last_used_at": "2025-11-06T13:07:00.000Z",
                     *       "revoked_at": "2025-11-06T13:08:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["TokenInfo"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description The most items of a page */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description Only entries before this `audit_id`
                 * @example 1041
                 */
                before?: number;
                /**
                 * @description Only entries of this token
                 * @example 5a0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de
                 */
                token_id?: string;
                /**
                 * @description Only entries of this operation, by its operationId
                 * @example saveRun
                 */
                operation?: string;
                /**
                 * @description Only entries of this id or name
                 * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
                 */
                subject?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the audit */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entries": [
                     *         {
                     *           "audit_id": 1041,
                     *           "at": "2025-11-06T13:05:17.000Z",
                     *           "token_id": "5a0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de",
                     *           "token_name": "lab desktop",
                     *           "operation": "saveRun",
                     *           "subject": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *           "status": 201,
                     *           "error_code": "",
                     *           "request_id": "0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c",
                     *           "address": "192.0.2.7"
                     *         }
                     *       ],
                     *       "count": 1,
                     *       "has_more": false
                     *     }
                     */
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
        };
    };
    listDatasets: {
        parameters: {
            query?: {
                /**
                 * @description Only datasets of this symbol; upper and lower case are the same
                 * @example BTC
                 */
                symbol?: string;
                /**
                 * @description Only datasets with bars of this length, in any spelling (`240m` finds `4h`); `unknown` finds those without one
                 * @example 1h
                 */
                granularity?: string;
                /**
                 * @description Only datasets whose slug or symbol contains this text; upper and lower case are the same
                 * @example btc25
                 */
                search?: string;
                /** @description The most items of a page */
                limit?: components["parameters"]["Limit"];
                /** @description How many items to skip */
                offset?: components["parameters"]["Offset"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of datasets */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "datasets": [
                     *         {
                     *           "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *           "dataset_slug": "btc25_3",
                     *           "symbol": "BTC",
                     *           "granularity": "1h",
                     *           "ohlcv_measurement": "btc25_3_ohlcv",
                     *           "indicator_measurement": "btc25_3",
                     *           "ohlcv_rows": 9227,
                     *           "ohlcv_row_count": 9227,
                     *           "indicator_rows": 8143,
                     *           "indicator_row_count": 8143,
                     *           "related_runs": 3,
                     *           "run_count": 3,
                     *           "metadata": {
                     *             "version": 1
                     *           }
                     *         }
                     *       ],
                     *       "count": 1,
                     *       "returned": 1,
                     *       "total": 1,
                     *       "limit": 100,
                     *       "offset": 0,
                     *       "has_more": false
                     *     }
                     */
                    "application/json": components["schemas"]["DatasetList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    saveDataset: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name for this request, made by the client and different for each one, such as a UUID. The request is then done once, however often it is sent: a repetition gets the first success again, byte for byte, with `Idempotency-Replayed: true`. It belongs to the token that it is sent with, and to method, path, query and body: with others it is refused (422 `IDEMPOTENCY_KEY_REUSED`). While the first request runs, a repetition waits up to 2 s for its answer and is then a 409 `IDEMPOTENCY_IN_PROGRESS` with `Retry-After`. A request that was refused (4xx) frees its key; after a 5xx, a lost connection or a crash the same request goes on with the work that was begun, or begins it anew when that had failed, and what it has created before a crash it calls created (201). Answers are kept for `idempotency.keep_hours` (24 unless configured); then the key is new. An answer of more than 1 MB is not kept: such a request is done again
                 * @example 0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description SHA-256 of the body (RFC 9530), `sha-256=:<base64>:`; a body with another digest stores nothing (422)
                 * @example sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
                 */
                "Content-Digest"?: components["parameters"]["ContentDigest"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                 *       "dataset_slug": "btc25_3",
                 *       "symbol": "BTC",
                 *       "granularity": "1h",
                 *       "bar_interval_ms": 3600000,
                 *       "lookback_rows": 1084,
                 *       "first_ohlcv_ts": 1732831200000,
                 *       "first_indicator_ts": 1732831200000,
                 *       "metadata": {
                 *         "version": 1,
                 *         "indicator_measurement": "btc25_3",
                 *         "indicator_rows": 8143,
                 *         "ohlcv_measurement": "btc25_3_ohlcv",
                 *         "ohlcv_rows": 9227,
                 *         "source": "laptop_imgui"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["DatasetWrite"];
            };
        };
        responses: {
            /** @description The dataset was known; as it stands now */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "dataset_slug": "btc25_3",
                     *       "symbol": "BTC",
                     *       "granularity": "1h"
                     *     }
                     */
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description The dataset is new; as it stands now */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "dataset_slug": "btc25_3",
                     *       "symbol": "BTC",
                     *       "granularity": "1h"
                     *     }
                     */
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["TooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getDataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The dataset's id, an id that a desktop used for it before, or its slug
                 * @example btc25_3
                 */
                dataset_id: components["parameters"]["DatasetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dataset */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "dataset_slug": "btc25_3",
                     *       "symbol": "BTC",
                     *       "granularity": "1h",
                     *       "ohlcv_measurement": "btc25_3_ohlcv",
                     *       "indicator_measurement": "btc25_3",
                     *       "ohlcv_rows": 9227,
                     *       "indicator_rows": 8143,
                     *       "ohlcv_first_ts": 1732831200,
                     *       "ohlcv_last_ts": 1762142400,
                     *       "metadata": {
                     *         "version": 1
                     *       },
                     *       "questdb_state": {
                     *         "status": "ok",
                     *         "ohlcv": {
                     *           "measurement": "btc25_3_ohlcv",
                     *           "status": "ok",
                     *           "exists": true,
                     *           "rows": 9227,
                     *           "suspended": false,
                     *           "lag": 0
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getDatasetManifest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The dataset's id, an id that a desktop used for it before, or its slug
                 * @example btc25_3
                 */
                dataset_id: components["parameters"]["DatasetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The manifest */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 1,
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "dataset_slug": "btc25_3",
                     *       "symbol": "BTC",
                     *       "granularity": "1h",
                     *       "source": "laptop_imgui",
                     *       "ohlcv_measurement": "btc25_3_ohlcv",
                     *       "indicator_measurement": "btc25_3",
                     *       "bar_interval_ms": 3600000,
                     *       "lookback_rows": 1084,
                     *       "first_ohlcv_timestamp_ms": 1732831200000,
                     *       "last_ohlcv_timestamp_ms": 1766044800000,
                     *       "first_indicator_timestamp_ms": 1736733600000,
                     *       "last_indicator_timestamp_ms": 1766041200000,
                     *       "ohlcv_rows": 9227,
                     *       "indicator_rows": 8143,
                     *       "exported_at": "2025-11-06T13:05:17Z",
                     *       "questdb_state": {
                     *         "status": "ok",
                     *         "ohlcv": {
                     *           "measurement": "btc25_3_ohlcv",
                     *           "status": "ok",
                     *           "exists": true,
                     *           "rows": 9227,
                     *           "suspended": false,
                     *           "lag": 0
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DatasetManifest"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getDatasetIndexMap: {
        parameters: {
            query: {
                /**
                 * @description First index wanted
                 * @example 1084
                 */
                start_idx: number;
                /**
                 * @description Index at which to stop; its row is no longer sent. Not below `start_idx`
                 * @example 1086
                 */
                end_idx: number;
                /** @description The frame whose rows are counted */
                type?: "indicator" | "ohlcv";
                /**
                 * @description Time limit of the request in seconds; the server's own (60 s unless configured) when absent
                 * @example 30
                 */
                timeout?: components["parameters"]["Timeout"];
            };
            header?: never;
            path: {
                /**
                 * @description The dataset's id, an id that a desktop used for it before, or its slug
                 * @example btc25_3
                 */
                dataset_id: components["parameters"]["DatasetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The times */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "measurement": "btc25_3",
                     *       "start_index": 1084,
                     *       "end_index": 1086,
                     *       "total": 8143,
                     *       "rows": [
                     *         {
                     *           "index": 1084,
                     *           "timestamp_ms": 1740636000000
                     *         },
                     *         {
                     *           "index": 1085,
                     *           "timestamp_ms": 1740639600000
                     *         }
                     *       ],
                     *       "count": 2
                     *     }
                     */
                    "application/json": components["schemas"]["IndexMap"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listDatasetRuns: {
        parameters: {
            query?: {
                /** @description The most items of a page */
                limit?: components["parameters"]["Limit"];
                /** @description How many items to skip */
                offset?: components["parameters"]["Offset"];
            };
            header?: never;
            path: {
                /**
                 * @description The dataset's id, an id that a desktop used for it before, or its slug
                 * @example btc25_3
                 */
                dataset_id: components["parameters"]["DatasetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of runs */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "runs": [
                     *         {
                     *           "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *           "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *           "prediction_measurement": "run_17621685394141478",
                     *           "measurement": "run_17621685394141478",
                     *           "target_column": "TGT_315",
                     *           "status": "COMPLETED",
                     *           "fold_count": 312,
                     *           "started_at": "2025-11-03T11:15:39Z",
                     *           "completed_at": "2025-11-03T11:22:33Z",
                     *           "duration_ms": 414016
                     *         }
                     *       ],
                     *       "count": 1,
                     *       "returned": 1,
                     *       "total": 1,
                     *       "limit": 100,
                     *       "offset": 0,
                     *       "has_more": false
                     *     }
                     */
                    "application/json": components["schemas"]["RunList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    readOhlcv: {
        parameters: {
            query?: {
                /**
                 * @description The most rows; without it every row is sent
                 * @example 1000
                 */
                limit?: components["parameters"]["RowLimit"];
                /** @description How many rows to skip */
                offset?: components["parameters"]["RowOffset"];
                /**
                 * @description Only rows at or after this time; Unix s, ms, µs or ns (told apart by magnitude) or ISO 8601
                 * @example 1732831200000
                 */
                start_timestamp?: components["parameters"]["StartTimestamp"];
                /**
                 * @description Only rows at or before this time; Unix s, ms, µs or ns (told apart by magnitude) or ISO 8601
                 * @example 2024-12-31T23:00:00Z
                 */
                end_timestamp?: components["parameters"]["EndTimestamp"];
                /**
                 * @description First row wanted by its position in ascending time, counted from 0
                 * @example 0
                 */
                start_index?: components["parameters"]["StartIndex"];
                /**
                 * @description Position in ascending time at which to stop; this row is no longer sent
                 * @example 650
                 */
                end_index?: components["parameters"]["EndIndex"];
                /** @description Newest row first */
                desc?: components["parameters"]["Descending"];
                /**
                 * @description Only these columns, comma-separated; the time is always sent
                 * @example [
                 *       "close",
                 *       "volume"
                 *     ]
                 */
                columns?: components["parameters"]["Columns"];
                /**
                 * @description At most so many rows, as a sample that keeps the extremes of every column of numbers where there are more; columns of other types are left out of a sample. The answer says `sampled` and `source_rows`. Without it every row is sent
                 * @example 2000
                 */
                max_points?: components["parameters"]["MaxPoints"];
                /** @description How `max_points` samples. `minmax`: two rows for each stretch of time, at its first and last row, with the two extremes of each column in the order in which they came. `ohlc`: one row for each stretch, with the first `open`, the highest `high`, the lowest `low`, the sum of `volume` and the last value of every other column */
                method?: components["parameters"]["SampleMethod"];
                /**
                 * @description Time limit of the request in seconds; the server's own (60 s unless configured) when absent
                 * @example 30
                 */
                timeout?: components["parameters"]["Timeout"];
            };
            header?: never;
            path: {
                /**
                 * @description The dataset's id, an id that a desktop used for it before, or its slug
                 * @example btc25_3
                 */
                dataset_id: components["parameters"]["DatasetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "measurement": "btc25_3_ohlcv",
                     *       "total": 1,
                     *       "offset": 0,
                     *       "has_more": false,
                     *       "rows": [
                     *         {
                     *           "timestamp": "2024-11-28T22:00:00.000000Z",
                     *           "timestamp_ms": 1732831200000,
                     *           "open": 95120.5,
                     *           "high": 95340.1,
                     *           "low": 94980.2,
                     *           "close": 95210.7,
                     *           "volume": 1203.25
                     *         }
                     *       ],
                     *       "count": 1
                     *     }
                     */
                    "application/json": components["schemas"]["RowList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    appendOhlcv: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name for this request, made by the client and different for each one, such as a UUID. The request is then done once, however often it is sent: a repetition gets the first success again, byte for byte, with `Idempotency-Replayed: true`. It belongs to the token that it is sent with, and to method, path, query and body: with others it is refused (422 `IDEMPOTENCY_KEY_REUSED`). While the first request runs, a repetition waits up to 2 s for its answer and is then a 409 `IDEMPOTENCY_IN_PROGRESS` with `Retry-After`. A request that was refused (4xx) frees its key; after a 5xx, a lost connection or a crash the same request goes on with the work that was begun, or begins it anew when that had failed, and what it has created before a crash it calls created (201). Answers are kept for `idempotency.keep_hours` (24 unless configured); then the key is new. An answer of more than 1 MB is not kept: such a request is done again
                 * @example 0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description SHA-256 of the body (RFC 9530), `sha-256=:<base64>:`; a body with another digest stores nothing (422)
                 * @example sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
                 */
                "Content-Digest"?: components["parameters"]["ContentDigest"];
            };
            path: {
                /**
                 * @description The dataset's id, an id that a desktop used for it before, or its slug
                 * @example btc25_3
                 */
                dataset_id: components["parameters"]["DatasetId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rows": [
                 *         {
                 *           "timestamp": 1732831200000,
                 *           "open": 95120.5,
                 *           "high": 95340.1,
                 *           "low": 94980.2,
                 *           "close": 95210.7,
                 *           "volume": 1203.25
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["RowsAppend"];
            };
        };
        responses: {
            /** @description Stored and readable */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "measurement": "btc25_3_ohlcv",
                     *       "rows_received": 1,
                     *       "rows_written": 1,
                     *       "duplicates": 0,
                     *       "total_rows": 9227,
                     *       "first_ts_ms": 1732831200000,
                     *       "last_ts_ms": 1732831200000
                     *     }
                     */
                    "application/json": components["schemas"]["AppendReceipt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["TooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    readIndicators: {
        parameters: {
            query?: {
                /**
                 * @description The most rows; without it every row is sent
                 * @example 1000
                 */
                limit?: components["parameters"]["RowLimit"];
                /** @description How many rows to skip */
                offset?: components["parameters"]["RowOffset"];
                /**
                 * @description Only rows at or after this time; Unix s, ms, µs or ns (told apart by magnitude) or ISO 8601
                 * @example 1732831200000
                 */
                start_timestamp?: components["parameters"]["StartTimestamp"];
                /**
                 * @description Only rows at or before this time; Unix s, ms, µs or ns (told apart by magnitude) or ISO 8601
                 * @example 2024-12-31T23:00:00Z
                 */
                end_timestamp?: components["parameters"]["EndTimestamp"];
                /**
                 * @description First row wanted by its position in ascending time, counted from 0
                 * @example 0
                 */
                start_index?: components["parameters"]["StartIndex"];
                /**
                 * @description Position in ascending time at which to stop; this row is no longer sent
                 * @example 650
                 */
                end_index?: components["parameters"]["EndIndex"];
                /** @description Newest row first */
                desc?: components["parameters"]["Descending"];
                /**
                 * @description Only these columns, comma-separated; the time is always sent
                 * @example [
                 *       "close",
                 *       "volume"
                 *     ]
                 */
                columns?: components["parameters"]["Columns"];
                /**
                 * @description At most so many rows, as a sample that keeps the extremes of every column of numbers where there are more; columns of other types are left out of a sample. The answer says `sampled` and `source_rows`. Without it every row is sent
                 * @example 2000
                 */
                max_points?: components["parameters"]["MaxPoints"];
                /** @description How `max_points` samples. `minmax`: two rows for each stretch of time, at its first and last row, with the two extremes of each column in the order in which they came. `ohlc`: one row for each stretch, with the first `open`, the highest `high`, the lowest `low`, the sum of `volume` and the last value of every other column */
                method?: components["parameters"]["SampleMethod"];
                /**
                 * @description Time limit of the request in seconds; the server's own (60 s unless configured) when absent
                 * @example 30
                 */
                timeout?: components["parameters"]["Timeout"];
            };
            header?: never;
            path: {
                /**
                 * @description The dataset's id, an id that a desktop used for it before, or its slug
                 * @example btc25_3
                 */
                dataset_id: components["parameters"]["DatasetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "measurement": "btc25_3",
                     *       "total": 1,
                     *       "offset": 0,
                     *       "has_more": false,
                     *       "rows": [
                     *         {
                     *           "timestamp": "2024-11-28T22:00:00.000000Z",
                     *           "timestamp_ms": 1732831200000,
                     *           "RSI_14": 54.3,
                     *           "ATR_14": null
                     *         }
                     *       ],
                     *       "count": 1
                     *     }
                     */
                    "application/json": components["schemas"]["RowList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    appendIndicators: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name for this request, made by the client and different for each one, such as a UUID. The request is then done once, however often it is sent: a repetition gets the first success again, byte for byte, with `Idempotency-Replayed: true`. It belongs to the token that it is sent with, and to method, path, query and body: with others it is refused (422 `IDEMPOTENCY_KEY_REUSED`). While the first request runs, a repetition waits up to 2 s for its answer and is then a 409 `IDEMPOTENCY_IN_PROGRESS` with `Retry-After`. A request that was refused (4xx) frees its key; after a 5xx, a lost connection or a crash the same request goes on with the work that was begun, or begins it anew when that had failed, and what it has created before a crash it calls created (201). Answers are kept for `idempotency.keep_hours` (24 unless configured); then the key is new. An answer of more than 1 MB is not kept: such a request is done again
                 * @example 0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description SHA-256 of the body (RFC 9530), `sha-256=:<base64>:`; a body with another digest stores nothing (422)
                 * @example sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
                 */
                "Content-Digest"?: components["parameters"]["ContentDigest"];
            };
            path: {
                /**
                 * @description The dataset's id, an id that a desktop used for it before, or its slug
                 * @example btc25_3
                 */
                dataset_id: components["parameters"]["DatasetId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rows": [
                 *         {
                 *           "timestamp": 1732831200,
                 *           "RSI_14": 54.3
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["RowsAppend"];
            };
        };
        responses: {
            /** @description Stored and readable */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "measurement": "btc25_3",
                     *       "rows_received": 1,
                     *       "rows_written": 1,
                     *       "duplicates": 0,
                     *       "total_rows": 9227,
                     *       "first_ts_ms": 1732831200000,
                     *       "last_ts_ms": 1732831200000
                     *     }
                     */
                    "application/json": components["schemas"]["AppendReceipt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["TooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listIndicatorDatasets: {
        parameters: {
            query?: {
                /**
                 * @description The most datasets; without it every one is sent
                 * @example 100
                 */
                limit?: number;
                /** @description How many items to skip */
                offset?: components["parameters"]["Offset"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The datasets */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *         "datasetId": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *         "dataset_slug": "btc25_3",
                     *         "symbol": "BTC",
                     *         "granularity": "1h",
                     *         "source": "laptop_imgui",
                     *         "questdb_tag": "btc25_3",
                     *         "questdbTag": "btc25_3",
                     *         "questdb_measurement": "btc25_3",
                     *         "row_count": 8143,
                     *         "rowCount": 8143,
                     *         "first_bar_ts": "2025-01-13T02:00:00.000Z",
                     *         "last_bar_ts": "2025-12-18T07:00:00.000Z",
                     *         "created_at": "2025-11-06T13:05:17.000Z",
                     *         "updated_at": "2025-11-06T13:05:17.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["IndicatorDatasetList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getIndicatorDataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The dataset's id, an id that a desktop used for it before, or its slug
                 * @example btc25_3
                 */
                dataset_id: components["parameters"]["DatasetId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dataset */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "datasetId": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "dataset_slug": "btc25_3",
                     *       "symbol": "BTC",
                     *       "granularity": "1h",
                     *       "source": "laptop_imgui",
                     *       "questdb_tag": "btc25_3",
                     *       "questdbTag": "btc25_3",
                     *       "questdb_measurement": "btc25_3",
                     *       "row_count": 8143,
                     *       "rowCount": 8143,
                     *       "first_bar_ts": "2025-01-13T02:00:00.000Z",
                     *       "last_bar_ts": "2025-12-18T07:00:00.000Z",
                     *       "created_at": "2025-11-06T13:05:17.000Z",
                     *       "updated_at": "2025-11-06T13:05:17.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["IndicatorDataset"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /**
                 * @description Only runs of this dataset (id, alias or slug)
                 * @example btc25_3
                 */
                dataset_id?: string;
                /**
                 * @description Only runs with this status
                 * @example COMPLETED
                 */
                status?: string;
                /**
                 * @description Only runs with this prediction measurement
                 * @example run_17621685394141478
                 */
                measurement?: string;
                /**
                 * @description Only runs whose id, measurement, target column or dataset slug contains this text; upper and lower case are the same
                 * @example TGT_315
                 */
                search?: string;
                /** @description The most items of a page */
                limit?: components["parameters"]["Limit"];
                /** @description How many items to skip */
                offset?: components["parameters"]["Offset"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of runs */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "runs": [
                     *         {
                     *           "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *           "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *           "prediction_measurement": "run_17621685394141478",
                     *           "measurement": "run_17621685394141478",
                     *           "target_column": "TGT_315",
                     *           "status": "COMPLETED",
                     *           "fold_count": 312,
                     *           "started_at": "2025-11-03T11:15:39Z",
                     *           "completed_at": "2025-11-03T11:22:33Z",
                     *           "duration_ms": 414016
                     *         }
                     *       ],
                     *       "count": 1,
                     *       "returned": 1,
                     *       "total": 1,
                     *       "limit": 100,
                     *       "offset": 0,
                     *       "has_more": false
                     *     }
                     */
                    "application/json": components["schemas"]["RunList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    saveRun: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name for this request, made by the client and different for each one, such as a UUID. The request is then done once, however often it is sent: a repetition gets the first success again, byte for byte, with `Idempotency-Replayed: true`. It belongs to the token that it is sent with, and to method, path, query and body: with others it is refused (422 `IDEMPOTENCY_KEY_REUSED`). While the first request runs, a repetition waits up to 2 s for its answer and is then a 409 `IDEMPOTENCY_IN_PROGRESS` with `Retry-After`. A request that was refused (4xx) frees its key; after a 5xx, a lost connection or a crash the same request goes on with the work that was begun, or begins it anew when that had failed, and what it has created before a crash it calls created (201). Answers are kept for `idempotency.keep_hours` (24 unless configured); then the key is new. An answer of more than 1 MB is not kept: such a request is done again
                 * @example 0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description SHA-256 of the body (RFC 9530), `sha-256=:<base64>:`; a body with another digest stores nothing (422)
                 * @example sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
                 */
                "Content-Digest"?: components["parameters"]["ContentDigest"];
                /**
                 * @description `respond-async` answers 202 at once with the job that does the work (RFC 7240)
                 * @example respond-async
                 */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "run": {
                 *         "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                 *         "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                 *         "prediction_measurement": "run_17621685394141478",
                 *         "target_column": "TGT_315",
                 *         "feature_columns": [
                 *           "MAX_CVR",
                 *           "CMMA_S"
                 *         ],
                 *         "hyperparameters": {
                 *           "max_depth": 5
                 *         },
                 *         "walk_config": {
                 *           "train_size": 650,
                 *           "test_size": 24
                 *         },
                 *         "summary_metrics": {
                 *           "folds": 1
                 *         },
                 *         "status": "COMPLETED",
                 *         "requested_by": "desktop_user",
                 *         "started_at": "2025-11-03T11:15:39Z",
                 *         "completed_at": "2025-11-03T11:22:33Z",
                 *         "duration_ms": 414016
                 *       },
                 *       "folds": [
                 *         {
                 *           "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                 *           "fold_number": 0,
                 *           "train_start_idx": 0,
                 *           "train_end_idx": 650,
                 *           "test_start_idx": 654,
                 *           "test_end_idx": 678,
                 *           "samples_train": 520,
                 *           "samples_test": 24,
                 *           "best_iteration": 313,
                 *           "best_score": 0.000893999997060746,
                 *           "thresholds": {
                 *             "long_optimal": 255.6882781982422
                 *           },
                 *           "metrics": {
                 *             "hit_rate": 0.33333298563957214,
                 *             "n_signals": 3,
                 *             "model_learned_nothing": false
                 *           }
                 *         }
                 *       ],
                 *       "predictions": [
                 *         {
                 *           "timestamp": 1732831200000,
                 *           "bar_index": 654,
                 *           "fold_number": 0,
                 *           "prediction": 0.00123
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["RunSave"];
            };
        };
        responses: {
            /** @description The run was known and is replaced */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "prediction_measurement": "run_17621685394141478",
                     *       "questdb_rows_written": 1,
                     *       "prediction_rows": 1,
                     *       "folds_written": 1,
                     *       "fold_count": 1,
                     *       "status": "COMPLETED",
                     *       "first_ts": "2024-11-28T22:00:00.000Z",
                     *       "last_ts": "2024-11-28T22:00:00.000Z",
                     *       "first_ts_ms": 1732831200000,
                     *       "last_ts_ms": 1732831200000,
                     *       "success": true,
                     *       "message": "1 fold and 1 prediction saved",
                     *       "warnings": []
                     *     }
                     */
                    "application/json": components["schemas"]["RunReceipt"];
                };
            };
            /** @description The run is new */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "prediction_measurement": "run_17621685394141478",
                     *       "questdb_rows_written": 1,
                     *       "prediction_rows": 1,
                     *       "folds_written": 1,
                     *       "fold_count": 1,
                     *       "status": "COMPLETED",
                     *       "first_ts": "2024-11-28T22:00:00.000Z",
                     *       "last_ts": "2024-11-28T22:00:00.000Z",
                     *       "first_ts_ms": 1732831200000,
                     *       "last_ts_ms": 1732831200000,
                     *       "success": true,
                     *       "message": "1 fold and 1 prediction saved",
                     *       "warnings": []
                     *     }
                     */
                    "application/json": components["schemas"]["RunReceipt"];
                };
            };
            /** @description The save was accepted; `job_id` names the job whose `result` will hold the receipt */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    Location: components["headers"]["Location"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "prediction_measurement": "run_17621685394141478",
                     *       "questdb_rows_written": 0,
                     *       "folds_written": 0,
                     *       "job_id": "7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f",
                     *       "job_status": "PENDING",
                     *       "success": true,
                     *       "message": "accepted; follow job 7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f",
                     *       "warnings": []
                     *     }
                     */
                    "application/json": components["schemas"]["RunReceipt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["TooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getRun: {
        parameters: {
            query?: {
                /** @description Send the prediction rows as CSV instead of the run */
                download_predictions?: boolean;
                /**
                 * @description The most folds; without it every fold is sent
                 * @example 100
                 */
                fold_limit?: number;
                /**
                 * @description How many folds to skip, by ascending number
                 * @example 0
                 */
                fold_offset?: number;
                /**
                 * @description Only these fields of a fold, comma-separated; `fold_number` is always sent
                 * @example [
                 *       "hit_rate",
                 *       "profit_factor_test"
                 *     ]
                 */
                fold_fields?: string[];
                /**
                 * @description Time limit of the request in seconds; the server's own (60 s unless configured) when absent
                 * @example 30
                 */
                timeout?: components["parameters"]["Timeout"];
            };
            header?: {
                /**
                 * @description The ETag of the document that the client has
                 * @example "6d0f9c1e8a2b4c57"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The run's id, as the client that saved it made it
                 * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
                 */
                run_id: components["parameters"]["RunId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "fold_count": 0,
                     *       "run": {
                     *         "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *         "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae"
                     *       },
                     *       "folds": []
                     *     }
                     */
                    "application/json": components["schemas"]["RunDetail"];
                    /**
                     * @example timestamp_ms,bar_index,fold_number,prediction
                     *     1732831200000,654,0,0.00123
                     */
                    "text/csv": string;
                };
            };
            /** @description The client's document is the current one */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getRunReceipt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The run's id, as the client that saved it made it
                 * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
                 */
                run_id: components["parameters"]["RunId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The receipt */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "prediction_measurement": "run_17621685394141478",
                     *       "questdb_rows_written": 1,
                     *       "prediction_rows": 1,
                     *       "folds_written": 1,
                     *       "fold_count": 1,
                     *       "status": "COMPLETED",
                     *       "first_ts": "2024-11-28T22:00:00.000Z",
                     *       "last_ts": "2024-11-28T22:00:00.000Z",
                     *       "first_ts_ms": 1732831200000,
                     *       "last_ts_ms": 1732831200000,
                     *       "success": true,
                     *       "message": "1 fold and 1 prediction saved",
                     *       "warnings": []
                     *     }
                     */
                    "application/json": components["schemas"]["RunReceipt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listRunFolds: {
        parameters: {
            query?: {
                /**
                 * @description The most folds; without it every fold is sent
                 * @example 100
                 */
                limit?: number;
                /** @description How many folds to skip */
                offset?: number;
                /**
                 * @description Only these fields of a fold, comma-separated; `fold_number` is always sent
                 * @example [
                 *       "hit_rate",
                 *       "profit_factor_test"
                 *     ]
                 */
                fields?: string[];
            };
            header?: never;
            path: {
                /**
                 * @description The run's id, as the client that saved it made it
                 * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
                 */
                run_id: components["parameters"]["RunId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The folds */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *       "folds": [
                     *         {
                     *           "fold_number": 0,
                     *           "n_signals": 3,
                     *           "hit_rate": 0.33333298563957214,
                     *           "sum_wins": 4.2,
                     *           "sum_losses": 3.5
                     *         }
                     *       ],
                     *       "count": 1,
                     *       "returned": 1,
                     *       "total": 1,
                     *       "fold_count": 1,
                     *       "offset": 0,
                     *       "has_more": false,
                     *       "aggregates": {
                     *         "folds": 1,
                     *         "total_long_signals": 3,
                     *         "total_signals": 3,
                     *         "hit_rate_long": 0.33333298563957214,
                     *         "hit_rate_overall": 0.33333298563957214,
                     *         "pf_long": 1.2,
                     *         "pf_dual": 1.2,
                     *         "folds_without_signals": 0
                     *       },
                     *       "gaps": [],
                     *       "complete": true
                     *     }
                     */
                    "application/json": components["schemas"]["FoldList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    readRunPredictions: {
        parameters: {
            query?: {
                /** @description `json` or `csv`; wins over `Accept` */
                format?: "json" | "csv";
                /**
                 * @description Only rows of this fold
                 * @example 0
                 */
                fold_number?: number;
                /**
                 * @description Only rows at or after this time; Unix s, ms, µs or ns (told apart by magnitude) or ISO 8601
                 * @example 1732831200000
                 */
                start_timestamp?: components["parameters"]["StartTimestamp"];
                /**
                 * @description Only rows at or before this time; Unix s, ms, µs or ns (told apart by magnitude) or ISO 8601
                 * @example 2024-12-31T23:00:00Z
                 */
                end_timestamp?: components["parameters"]["EndTimestamp"];
                /**
                 * @description The most rows; without it every row is sent
                 * @example 1000
                 */
                limit?: components["parameters"]["RowLimit"];
                /** @description How many rows to skip */
                offset?: components["parameters"]["RowOffset"];
                /**
                 * @description At most so many rows, as a sample that keeps the extremes of every column of numbers where there are more; columns of other types are left out of a sample. The answer says `sampled` and `source_rows`. Without it every row is sent
                 * @example 2000
                 */
                max_points?: components["parameters"]["MaxPoints"];
                /** @description How `max_points` samples. `minmax`: two rows for each stretch of time, at its first and last row, with the two extremes of each column in the order in which they came. `ohlc`: one row for each stretch, with the first `open`, the highest `high`, the lowest `low`, the sum of `volume` and the last value of every other column */
                method?: components["parameters"]["SampleMethod"];
                /**
                 * @description Time limit of the request in seconds; the server's own (60 s unless configured) when absent
                 * @example 30
                 */
                timeout?: components["parameters"]["Timeout"];
            };
            header?: never;
            path: {
                /**
                 * @description The run's id, as the client that saved it made it
                 * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
                 */
                run_id: components["parameters"]["RunId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *       "measurement": "run_17621685394141478",
                     *       "total": 1,
                     *       "has_more": false,
                     *       "columns": [
                     *         "timestamp_ms",
                     *         "bar_index",
                     *         "fold_number",
                     *         "prediction"
                     *       ],
                     *       "dataset": [
                     *         [
                     *           1732831200000,
                     *           654,
                     *           0,
                     *           0.00123
                     *         ]
                     *       ],
                     *       "count": 1
                     *     }
                     */
                    "application/json": components["schemas"]["PredictionTable"];
                    /**
                     * @example timestamp_ms,bar_index,fold_number,prediction
                     *     1732831200000,654,0,0.00123
                     */
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listSimulations: {
        parameters: {
            query?: {
                /**
                 * @description Only simulations of this run; while no such run is here, those whose client named it
                 * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
                 */
                run_id?: string;
                /**
                 * @description Only simulations of this dataset (id, alias or slug); while no such dataset is here, those whose client named it
                 * @example btc25_3_hm
                 */
                dataset_id?: string;
                /**
                 * @description Only simulations with this status
                 * @example COMPLETED
                 */
                status?: string;
                /**
                 * @description Only simulations whose id, `questdb_namespace`, `input_run_measurement` or ids as sent contain this text; upper and lower case are the same
                 * @example btc25_3
                 */
                search?: string;
                /** @description The most items of a page */
                limit?: components["parameters"]["Limit"];
                /** @description How many items to skip */
                offset?: components["parameters"]["Offset"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of simulations */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "simulations": [
                     *         {
                     *           "simulation_id": "76c0d152-0b70-42a0-be34-2cac592261b0",
                     *           "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *           "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *           "dataset_slug": "btc25_3_hm",
                     *           "run_known": false,
                     *           "dataset_known": true,
                     *           "input_run_measurement": "run_17621685394141478",
                     *           "questdb_namespace": "btc25_3_hm_sim1",
                     *           "mode": "dual",
                     *           "status": "COMPLETED",
                     *           "trade_count": 102
                     *         }
                     *       ],
                     *       "count": 1,
                     *       "returned": 1,
                     *       "total": 1,
                     *       "limit": 100,
                     *       "offset": 0,
                     *       "has_more": false
                     *     }
                     */
                    "application/json": components["schemas"]["SimulationList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    saveSimulation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name for this request, made by the client and different for each one, such as a UUID. The request is then done once, however often it is sent: a repetition gets the first success again, byte for byte, with `Idempotency-Replayed: true`. It belongs to the token that it is sent with, and to method, path, query and body: with others it is refused (422 `IDEMPOTENCY_KEY_REUSED`). While the first request runs, a repetition waits up to 2 s for its answer and is then a 409 `IDEMPOTENCY_IN_PROGRESS` with `Retry-After`. A request that was refused (4xx) frees its key; after a 5xx, a lost connection or a crash the same request goes on with the work that was begun, or begins it anew when that had failed, and what it has created before a crash it calls created (201). Answers are kept for `idempotency.keep_hours` (24 unless configured); then the key is new. An answer of more than 1 MB is not kept: such a request is done again
                 * @example 0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "simulation_id": "76c0d152-0b70-42a0-be34-2cac592261b0",
                 *       "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                 *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                 *       "input_run_measurement": "run_17621685394141478",
                 *       "questdb_namespace": "btc25_3_hm_sim1",
                 *       "mode": "dual",
                 *       "status": "COMPLETED",
                 *       "started_at": "2025-11-06T06:59:41Z",
                 *       "completed_at": "2025-11-06T06:59:41Z",
                 *       "config": {
                 *         "position_size": 1000,
                 *         "use_stop_loss": true,
                 *         "stop_loss_pct": 2.328,
                 *         "threshold_choice": 0
                 *       },
                 *       "summary_metrics": {
                 *         "total_return_pct": 0.9686,
                 *         "profit_factor": 999,
                 *         "total_trades": 1,
                 *         "winning_trades": 1,
                 *         "max_drawdown_pct": 0
                 *       },
                 *       "buckets": [
                 *         {
                 *           "side": "dual",
                 *           "trade_count": 1,
                 *           "win_count": 1,
                 *           "profit_factor": 999,
                 *           "avg_return_pct": 0.9686,
                 *           "max_drawdown_pct": 0,
                 *           "notes": "Combined strategy"
                 *         }
                 *       ],
                 *       "trades": [
                 *         {
                 *           "trade_id": "ded6d9b0-9b68-4507-968b-75d59d331fa6",
                 *           "fold_index": 8,
                 *           "side": "long",
                 *           "size": 0.010312999598681927,
                 *           "entry_price": 96966.8515625,
                 *           "exit_price": 97906.078125,
                 *           "pnl": 9.686058044433594,
                 *           "return_pct": 0.9686059951782227,
                 *           "entry_signal": 103.58765411376953,
                 *           "exit_signal": 43.67873001098633,
                 *           "entry_timestamp": 1735837200000,
                 *           "exit_timestamp": 0
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SimulationSave"];
            };
        };
        responses: {
            /** @description The simulation was known and is replaced */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "simulation_id": "76c0d152-0b70-42a0-be34-2cac592261b0",
                     *       "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "dataset_slug": "btc25_3_hm",
                     *       "run_known": false,
                     *       "dataset_known": true,
                     *       "buckets_written": 1,
                     *       "buckets_computed": false,
                     *       "trades_written": 1,
                     *       "status": "COMPLETED",
                     *       "success": true,
                     *       "message": "1 trade and 1 bucket saved",
                     *       "warnings": [
                     *         "run 8620f8da-8f74-4dd9-8ee2-d14d2c672873 is not here; the simulation belongs to it as soon as it is saved"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SimulationReceipt"];
                };
            };
            /** @description The simulation is new */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "simulation_id": "76c0d152-0b70-42a0-be34-2cac592261b0",
                     *       "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "dataset_slug": "btc25_3_hm",
                     *       "run_known": false,
                     *       "dataset_known": true,
                     *       "buckets_written": 1,
                     *       "buckets_computed": false,
                     *       "trades_written": 1,
                     *       "status": "COMPLETED",
                     *       "success": true,
                     *       "message": "1 trade and 1 bucket saved",
                     *       "warnings": [
                     *         "run 8620f8da-8f74-4dd9-8ee2-d14d2c672873 is not here; the simulation belongs to it as soon as it is saved"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SimulationReceipt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["TooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getSimulation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The simulation's id, as the client that saved it made it
                 * @example 76c0d152-0b70-42a0-be34-2cac592261b0
                 */
                simulation_id: components["parameters"]["SimulationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The simulation */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "simulation_id": "76c0d152-0b70-42a0-be34-2cac592261b0",
                     *       "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "dataset_slug": "btc25_3_hm",
                     *       "run_known": false,
                     *       "dataset_known": true,
                     *       "input_run_measurement": "run_17621685394141478",
                     *       "questdb_namespace": "btc25_3_hm_sim1",
                     *       "mode": "dual",
                     *       "status": "COMPLETED",
                     *       "trade_count": 102,
                     *       "config": {
                     *         "position_size": 1000
                     *       },
                     *       "parameters": {
                     *         "position_size": 1000
                     *       },
                     *       "summary_metrics": {
                     *         "total_return_pct": 33.163,
                     *         "return_pct": 33.163
                     *       },
                     *       "results": {
                     *         "total_return_pct": 33.163,
                     *         "return_pct": 33.163
                     *       },
                     *       "buckets": [
                     *         {
                     *           "side": "dual",
                     *           "trade_count": 102,
                     *           "win_count": 45,
                     *           "win_rate_pct": 44.11764705882353,
                     *           "profit_factor": 1.119992,
                     *           "avg_return_pct": 33.16304,
                     *           "max_drawdown_pct": 10.664866,
                     *           "notes": "Combined strategy",
                     *           "computed": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SimulationDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listSimulationTrades: {
        parameters: {
            query?: {
                /**
                 * @description Only trades of this side; upper and lower case are the same
                 * @example long
                 */
                side?: string;
                /**
                 * @description Only trades of this fold
                 * @example 0
                 */
                fold_index?: number;
                /** @description The most trades of a page */
                limit?: number;
                /** @description How many items to skip */
                offset?: components["parameters"]["Offset"];
            };
            header?: never;
            path: {
                /**
                 * @description The simulation's id, as the client that saved it made it
                 * @example 76c0d152-0b70-42a0-be34-2cac592261b0
                 */
                simulation_id: components["parameters"]["SimulationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of trades */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "simulation_id": "76c0d152-0b70-42a0-be34-2cac592261b0",
                     *       "trades": [
                     *         {
                     *           "trade_index": 0,
                     *           "trade_id": "ded6d9b0-9b68-4507-968b-75d59d331fa6",
                     *           "fold_index": 8,
                     *           "side": "long",
                     *           "size": 0.010312999598681927,
                     *           "entry_price": 96966.8515625,
                     *           "exit_price": 97906.078125,
                     *           "pnl": 9.686058044433594,
                     *           "return_pct": 0.9686059951782227,
                     *           "entry_signal": 103.58765411376953,
                     *           "exit_signal": 43.67873001098633,
                     *           "entry_timestamp": 1735837200000,
                     *           "exit_timestamp": 0,
                     *           "bar_timestamp": "2025-01-02T17:00:00.000Z"
                     *         }
                     *       ],
                     *       "count": 1,
                     *       "returned": 1,
                     *       "total": 1,
                     *       "limit": 1000,
                     *       "offset": 0,
                     *       "has_more": false
                     *     }
                     */
                    "application/json": components["schemas"]["SimulationTradeList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listWalkforwardRuns: {
        parameters: {
            query?: {
                /**
                 * @description The most runs; without it every one is sent
                 * @example 100
                 */
                limit?: number;
                /** @description How many items to skip */
                offset?: components["parameters"]["Offset"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The runs */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *         "runId": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *         "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *         "datasetId": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *         "prediction_measurement": "run_17621685394141478",
                     *         "predictionMeasurement": "run_17621685394141478",
                     *         "status": "COMPLETED"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["WalkforwardRunList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getWalkforwardRun: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of the document that the client has
                 * @example "6d0f9c1e8a2b4c57"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The run's id, as the client that saved it made it
                 * @example 8620f8da-8f74-4dd9-8ee2-d14d2c672873
                 */
                run_id: components["parameters"]["RunId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *       "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *       "fold_count": 0,
                     *       "run": {
                     *         "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *         "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae"
                     *       },
                     *       "folds": []
                     *     }
                     */
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description The client's document is the current one */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listTradesimRuns: {
        parameters: {
            query?: {
                /**
                 * @description The most simulations; without it every one is sent
                 * @example 100
                 */
                limit?: number;
                /** @description How many items to skip */
                offset?: components["parameters"]["Offset"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The simulations */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "simulation_id": "76c0d152-0b70-42a0-be34-2cac592261b0",
                     *         "simulationId": "76c0d152-0b70-42a0-be34-2cac592261b0",
                     *         "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *         "runId": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *         "dataset_id": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *         "datasetId": "f33dff88-a44c-438b-ad85-234076b11dae",
                     *         "status": "COMPLETED"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["TradesimRunList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getTradesimRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The simulation's id, as the client that saved it made it
                 * @example 76c0d152-0b70-42a0-be34-2cac592261b0
                 */
                simulation_id: components["parameters"]["SimulationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The simulation */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run": {
                     *         "simulation_id": "76c0d152-0b70-42a0-be34-2cac592261b0",
                     *         "simulationId": "76c0d152-0b70-42a0-be34-2cac592261b0",
                     *         "run_id": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *         "runId": "8620f8da-8f74-4dd9-8ee2-d14d2c672873",
                     *         "status": "COMPLETED"
                     *       },
                     *       "buckets": [
                     *         {
                     *           "side": "dual",
                     *           "trade_count": 102,
                     *           "win_count": 45,
                     *           "win_rate_pct": 44.11764705882353,
                     *           "profit_factor": 1.119992,
                     *           "avg_return_pct": 33.16304,
                     *           "max_drawdown_pct": 10.664866,
                     *           "notes": "Combined strategy",
                     *           "computed": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TradesimRunDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listTradesimTrades: {
        parameters: {
            query?: {
                /** @description The most trades; without it every one is sent */
                limit?: number;
                /** @description How many items to skip */
                offset?: components["parameters"]["Offset"];
            };
            header?: never;
            path: {
                /**
                 * @description The simulation's id, as the client that saved it made it
                 * @example 76c0d152-0b70-42a0-be34-2cac592261b0
                 */
                simulation_id: components["parameters"]["SimulationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The trades */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "simulation_id": "76c0d152-0b70-42a0-be34-2cac592261b0",
                     *       "trades": [
                     *         {
                     *           "trade_index": 0,
                     *           "trade_id": "ded6d9b0-9b68-4507-968b-75d59d331fa6",
                     *           "fold_index": 8,
                     *           "side": "long",
                     *           "size": 0.010312999598681927,
                     *           "entry_price": 96966.8515625,
                     *           "exit_price": 97906.078125,
                     *           "pnl": 9.686058044433594,
                     *           "return_pct": 0.9686059951782227,
                     *           "entry_signal": 103.58765411376953,
                     *           "exit_signal": 43.67873001098633,
                     *           "entry_timestamp": 1735837200000,
                     *           "exit_timestamp": 0,
                     *           "bar_timestamp": "2025-01-02T17:00:00.000Z"
                     *         }
                     *       ],
                     *       "count": 1,
                     *       "returned": 1,
                     *       "total": 1,
                     *       "limit": 200000,
                     *       "offset": 0,
                     *       "has_more": false
                     *     }
                     */
                    "application/json": components["schemas"]["SimulationTradeList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listMeasurements: {
        parameters: {
            query?: {
                /**
                 * @description Only names that begin with this text; upper and lower case are the same
                 * @example btc
                 */
                prefix?: string;
                /** @description The most items of a page */
                limit?: number;
                /** @description How many items to skip */
                offset?: components["parameters"]["Offset"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of measurements */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "measurements": [
                     *         {
                     *           "name": "btc25_3_ohlcv",
                     *           "row_count": 9227,
                     *           "rowCount": 9227,
                     *           "first_ts": "2024-11-28T22:00:00.000Z",
                     *           "last_ts": "2025-11-03T04:00:00.000Z",
                     *           "designated_timestamp": "timestamp",
                     *           "designatedTimestamp": "timestamp",
                     *           "partition_by": "MONTH",
                     *           "partitionBy": "MONTH"
                     *         }
                     *       ],
                     *       "count": 1,
                     *       "returned": 1,
                     *       "total": 1,
                     *       "limit": 10000,
                     *       "offset": 0,
                     *       "has_more": false
                     *     }
                     */
                    "application/json": components["schemas"]["MeasurementList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getMeasurement: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The measurement's name
                 * @example btc25_3_ohlcv
                 */
                name: components["parameters"]["MeasurementName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The measurement */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "btc25_3_ohlcv",
                     *       "row_count": 9227,
                     *       "columns": [
                     *         {
                     *           "name": "timestamp",
                     *           "type": "TIMESTAMP"
                     *         },
                     *         {
                     *           "name": "close",
                     *           "type": "DOUBLE"
                     *         }
                     *       ],
                     *       "sample_row_count": 1,
                     *       "sample": [
                     *         {
                     *           "timestamp": "2024-11-28T22:00:00.000000Z",
                     *           "close": 95210.7
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MeasurementDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    readSeries: {
        parameters: {
            query?: {
                /**
                 * @description Only these columns, comma-separated, in this order; all columns of numbers when absent
                 * @example [
                 *       "close",
                 *       "volume"
                 *     ]
                 */
                columns?: string[];
                /**
                 * @description Only rows at or after this time; Unix s, ms, µs or ns (told apart by magnitude) or ISO 8601
                 * @example 1732831200000
                 */
                start_timestamp?: components["parameters"]["StartTimestamp"];
                /**
                 * @description Only rows at or before this time; Unix s, ms, µs or ns (told apart by magnitude) or ISO 8601
                 * @example 2024-12-31T23:00:00Z
                 */
                end_timestamp?: components["parameters"]["EndTimestamp"];
                /** @description The most points of a column */
                max_points?: number;
                /** @description How rows are made few */
                method?: "minmax" | "ohlc";
                /**
                 * @description Time limit of the request in seconds; the server's own (60 s unless configured) when absent
                 * @example 30
                 */
                timeout?: components["parameters"]["Timeout"];
            };
            header?: never;
            path: {
                /**
                 * @description The measurement's name
                 * @example btc25_3_ohlcv
                 */
                name: components["parameters"]["MeasurementName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The series */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "measurement": "btc25_3_ohlcv",
                     *       "method": "minmax",
                     *       "sampled": true,
                     *       "bucket_ms": 86400000,
                     *       "source_rows": 9227,
                     *       "first_ts_ms": 1732831200000,
                     *       "last_ts_ms": 1766044800000,
                     *       "series": [
                     *         {
                     *           "column": "close",
                     *           "timestamp_ms": [
                     *             1732834800000,
                     *             1732906800000
                     *           ],
                     *           "values": [
                     *             95210.7,
                     *             97480.2
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Series"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    query: {
        parameters: {
            query?: {
                /**
                 * @description Time limit of the request in seconds; the server's own (60 s unless configured) when absent
                 * @example 30
                 */
                timeout?: components["parameters"]["Timeout"];
            };
            header?: {
                /**
                 * @description Has no effect here, and is only looked at for its form: an operation that reads changes nothing when it is repeated, and a token or a ticket is shown but once and never kept, so each request for one issues another
                 * @example 9f1c2d3e-4b5a-4c6d-8e7f-0a1b2c3d4e5f
                 */
                "Idempotency-Key"?: components["parameters"]["UnusedIdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "sql": "SELECT * FROM \"btc25_3_ohlcv\" LIMIT 200;"
                 *     }
                 */
                "application/json": components["schemas"]["QueryRequest"];
            };
        };
        responses: {
            /** @description The rows */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "query": "SELECT * FROM \"btc25_3_ohlcv\" LIMIT 200;",
                     *       "columns": [
                     *         "timestamp",
                     *         "open",
                     *         "high",
                     *         "low",
                     *         "close",
                     *         "volume"
                     *       ],
                     *       "column_types": [
                     *         "TIMESTAMP",
                     *         "DOUBLE",
                     *         "DOUBLE",
                     *         "DOUBLE",
                     *         "DOUBLE",
                     *         "DOUBLE"
                     *       ],
                     *       "dataset": [
                     *         [
                     *           "2024-11-28T22:00:00.000000Z",
                     *           95120.5,
                     *           95340.1,
                     *           94980.2,
                     *           95210.7,
                     *           1203.25
                     *         ]
                     *       ],
                     *       "count": 1
                     *     }
                     */
                    "application/json": components["schemas"]["QueryResult"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["TooSlow"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    importFrame: {
        parameters: {
            query?: {
                /**
                 * @description The table to write; required unless the body is JSON
                 * @example btc25_3_hm
                 */
                measurement?: string;
                /**
                 * @description The column that holds the time, when its name is none of the known ones
                 * @example timestamp
                 */
                timestamp_column?: string;
                /** @description The unit of numeric times; told apart by magnitude when absent */
                timestamp_unit?: "s" | "ms" | "us" | "ns";
                /** @description What becomes of a frame with rows that can't be stored. `strict` (the default): nothing of it is stored, and the error names the first such row. `lenient`: a row with a cell or a time that can't be read, or of a CSV with another number of cells than the header, is left out; the other rows are stored, and the receipt tells how many were left out, the first hundred of them, and where to download the list of all. When no row is left, nothing is stored (422). What is wrong with a frame as a whole, such as its header, an open quote or a damaged file, refuses it in both. */
                validation?: components["parameters"]["Validation"];
                /** @description `append` (the default) adds rows to the measurement, or makes it; `replace` puts the frame in the place of all its rows, and is refused where they belong to a run; `create` is refused (409) when the measurement exists */
                mode?: components["parameters"]["ImportMode"];
                /**
                 * @description Columns that tell rows apart, comma-separated, besides `timestamp`, which always does. For a measurement that is made or replaced; for an append they must be the keys that it has. `fold_number` and `trade_index`, where the frame has them, when absent
                 * @example fold_number
                 */
                dedup_keys?: components["parameters"]["DedupKeys"];
                /** @description How the table is divided in time; for an append it must be as it is. MONTH for a new measurement when absent */
                partition_by?: components["parameters"]["PartitionBy"];
                /** @description What becomes of rows of the frame that agree in all keys: `refuse` (the default) stores nothing and names them, `keep_last` stores the last of them and counts the others in `rows_deduplicated` */
                on_duplicate?: components["parameters"]["OnDuplicate"];
            };
            header?: {
                /**
                 * @description A name for this request, made by the client and different for each one, such as a UUID. The request is then done once, however often it is sent: a repetition gets the first success again, byte for byte, with `Idempotency-Replayed: true`. It belongs to the token that it is sent with, and to method, path, query and body: with others it is refused (422 `IDEMPOTENCY_KEY_REUSED`). While the first request runs, a repetition waits up to 2 s for its answer and is then a 409 `IDEMPOTENCY_IN_PROGRESS` with `Retry-After`. A request that was refused (4xx) frees its key; after a 5xx, a lost connection or a crash the same request goes on with the work that was begun, or begins it anew when that had failed, and what it has created before a crash it calls created (201). Answers are kept for `idempotency.keep_hours` (24 unless configured); then the key is new. An answer of more than 1 MB is not kept: such a request is done again
                 * @example 0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description SHA-256 of the body (RFC 9530), `sha-256=:<base64>:`; a body with another digest stores nothing (422)
                 * @example sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
                 */
                "Content-Digest"?: components["parameters"]["ContentDigest"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "measurement": "btc25_3_hm",
                 *       "data": "timestamp,close\n1732831200000,95210.7\n",
                 *       "filename": "btc25_3_hm.csv"
                 *     }
                 */
                "application/json": components["schemas"]["FrameImport"];
                /**
                 * @example timestamp,close
                 *     1732831200000,95210.7
                 */
                "text/csv": string;
                "application/vnd.apache.arrow.stream": string;
                "application/vnd.apache.arrow.file": string;
                "application/vnd.apache.parquet": string;
                "multipart/form-data": components["schemas"]["FrameUpload"];
            };
        };
        responses: {
            /** @description Stored and readable */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f",
                     *       "status": "COMPLETED",
                     *       "measurement": "btc25_3_hm",
                     *       "rows_received": 1,
                     *       "rows_written": 1,
                     *       "rows_deduplicated": 0,
                     *       "rows_rejected": 0,
                     *       "total_rows": 1,
                     *       "first_ts": "2024-11-28T22:00:00.000Z",
                     *       "last_ts": "2024-11-28T22:00:00.000Z",
                     *       "first_ts_ms": 1732831200000,
                     *       "last_ts_ms": 1732831200000,
                     *       "bytes": 38,
                     *       "digest": "sha-256=:pKomNeTHFAdy952qMkDFCYu/nB38myUjCcb4F0dpV8U=:"
                     *     }
                     */
                    "application/json": components["schemas"]["ImportReceipt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["TooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    importFrameAsync: {
        parameters: {
            query?: {
                /**
                 * @description The table to write; required unless the body is JSON
                 * @example btc25_3_hm
                 */
                measurement?: string;
                /**
                 * @description The column that holds the time, when its name is none of the known ones
                 * @example timestamp
                 */
                timestamp_column?: string;
                /** @description The unit of numeric times; told apart by magnitude when absent */
                timestamp_unit?: "s" | "ms" | "us" | "ns";
                /** @description What becomes of a frame with rows that can't be stored. `strict` (the default): nothing of it is stored, and the error names the first such row. `lenient`: a row with a cell or a time that can't be read, or of a CSV with another number of cells than the header, is left out; the other rows are stored, and the receipt tells how many were left out, the first hundred of them, and where to download the list of all. When no row is left, nothing is stored (422). What is wrong with a frame as a whole, such as its header, an open quote or a damaged file, refuses it in both. */
                validation?: components["parameters"]["Validation"];
                /** @description `append` (the default) adds rows to the measurement, or makes it; `replace` puts the frame in the place of all its rows, and is refused where they belong to a run; `create` is refused (409) when the measurement exists */
                mode?: components["parameters"]["ImportMode"];
                /**
                 * @description Columns that tell rows apart, comma-separated, besides `timestamp`, which always does. For a measurement that is made or replaced; for an append they must be the keys that it has. `fold_number` and `trade_index`, where the frame has them, when absent
                 * @example fold_number
                 */
                dedup_keys?: components["parameters"]["DedupKeys"];
                /** @description How the table is divided in time; for an append it must be as it is. MONTH for a new measurement when absent */
                partition_by?: components["parameters"]["PartitionBy"];
                /** @description What becomes of rows of the frame that agree in all keys: `refuse` (the default) stores nothing and names them, `keep_last` stores the last of them and counts the others in `rows_deduplicated` */
                on_duplicate?: components["parameters"]["OnDuplicate"];
            };
            header?: {
                /**
                 * @description A name for this request, made by the client and different for each one, such as a UUID. The request is then done once, however often it is sent: a repetition gets the first success again, byte for byte, with `Idempotency-Replayed: true`. It belongs to the token that it is sent with, and to method, path, query and body: with others it is refused (422 `IDEMPOTENCY_KEY_REUSED`). While the first request runs, a repetition waits up to 2 s for its answer and is then a 409 `IDEMPOTENCY_IN_PROGRESS` with `Retry-After`. A request that was refused (4xx) frees its key; after a 5xx, a lost connection or a crash the same request goes on with the work that was begun, or begins it anew when that had failed, and what it has created before a crash it calls created (201). Answers are kept for `idempotency.keep_hours` (24 unless configured); then the key is new. An answer of more than 1 MB is not kept: such a request is done again
                 * @example 0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description SHA-256 of the body (RFC 9530), `sha-256=:<base64>:`; a body with another digest stores nothing (422)
                 * @example sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
                 */
                "Content-Digest"?: components["parameters"]["ContentDigest"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "measurement": "btc25_3_hm",
                 *       "data": "timestamp,close\n1732831200000,95210.7\n",
                 *       "filename": "btc25_3_hm.csv"
                 *     }
                 */
                "application/json": components["schemas"]["FrameImport"];
                /**
                 * @example timestamp,close
                 *     1732831200000,95210.7
                 */
                "text/csv": string;
                "application/vnd.apache.arrow.stream": string;
                "application/vnd.apache.arrow.file": string;
                "application/vnd.apache.parquet": string;
                "multipart/form-data": components["schemas"]["FrameUpload"];
            };
        };
        responses: {
            /** @description The job was accepted */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    Location: components["headers"]["Location"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f",
                     *       "status": "PENDING",
                     *       "measurement": "btc25_3_hm"
                     *     }
                     */
                    "application/json": components["schemas"]["ImportReceipt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["TooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    exportFrame: {
        parameters: {
            query?: {
                /**
                 * @description Time limit of the request in seconds; the server's own (60 s unless configured) when absent
                 * @example 30
                 */
                timeout?: components["parameters"]["Timeout"];
            };
            header?: {
                /**
                 * @description Has no effect here, and is only looked at for its form: an operation that reads changes nothing when it is repeated, and a token or a ticket is shown but once and never kept, so each request for one issues another
                 * @example 9f1c2d3e-4b5a-4c6d-8e7f-0a1b2c3d4e5f
                 */
                "Idempotency-Key"?: components["parameters"]["UnusedIdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "sql": "SELECT timestamp, close FROM \"btc25_3_ohlcv\"",
                 *       "format": "csv"
                 *     }
                 */
                "application/json": components["schemas"]["ExportRequest"];
            };
        };
        responses: {
            /** @description The rows */
            200: {
                headers: {
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example "timestamp","close"
                     *     "2024-11-28T22:00:00.000000Z",95210.7
                     */
                    "text/csv": string;
                    "application/vnd.apache.parquet": string;
                    "application/vnd.apache.arrow.stream": string;
                    /**
                     * @example {
                     *       "query": "SELECT timestamp, close FROM \"btc25_3_ohlcv\"",
                     *       "columns": [
                     *         "timestamp",
                     *         "close"
                     *       ],
                     *       "column_types": [
                     *         "TIMESTAMP",
                     *         "DOUBLE"
                     *       ],
                     *       "dataset": [
                     *         [
                     *           "2024-11-28T22:00:00.000000Z",
                     *           95210.7
                     *         ]
                     *       ],
                     *       "count": 1
                     *     }
                     */
                    "application/json": components["schemas"]["QueryResult"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["TooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    exportFrameAsync: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name for this request, made by the client and different for each one, such as a UUID. The request is then done once, however often it is sent: a repetition gets the first success again, byte for byte, with `Idempotency-Replayed: true`. It belongs to the token that it is sent with, and to method, path, query and body: with others it is refused (422 `IDEMPOTENCY_KEY_REUSED`). While the first request runs, a repetition waits up to 2 s for its answer and is then a 409 `IDEMPOTENCY_IN_PROGRESS` with `Retry-After`. A request that was refused (4xx) frees its key; after a 5xx, a lost connection or a crash the same request goes on with the work that was begun, or begins it anew when that had failed, and what it has created before a crash it calls created (201). Answers are kept for `idempotency.keep_hours` (24 unless configured); then the key is new. An answer of more than 1 MB is not kept: such a request is done again
                 * @example 0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "measurement": "btc25_3_ohlcv",
                 *       "format": "parquet",
                 *       "filename": "btc25_3.parquet"
                 *     }
                 */
                "application/json": components["schemas"]["ExportRequest"];
            };
        };
        responses: {
            /** @description The job was accepted */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    Location: components["headers"]["Location"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f",
                     *       "status": "PENDING",
                     *       "format": "parquet",
                     *       "filename": "btc25_3.parquet"
                     *     }
                     */
                    "application/json": components["schemas"]["ExportAccepted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["TooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getDownload: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The part wanted (RFC 9110), `bytes=<first>-<last>`, `bytes=<first>-` or `bytes=-<length>`
                 * @example bytes=0-1023
                 */
                Range?: string;
                /**
                 * @description The `ETag` of the file that the part belongs to; the whole file is sent when it is another one
                 * @example "6d0f9c1e8a2b4c57"
                 */
                "If-Range"?: string;
            };
            path: {
                /**
                 * @description The download's id, as the result of the job has it
                 * @example 0c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f
                 */
                download_id: components["parameters"]["DownloadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole file */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    "Accept-Ranges": components["headers"]["AcceptRanges"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example "timestamp","close"
                     *     "2024-11-28T22:00:00.000000Z",95210.7
                     */
                    "text/csv": string;
                    "application/vnd.apache.parquet": string;
                    "application/vnd.apache.arrow.stream": string;
                    /**
                     * @example {
                     *       "query": "SELECT timestamp, close FROM \"btc25_3_ohlcv\"",
                     *       "columns": [
                     *         "timestamp",
                     *         "close"
                     *       ],
                     *       "column_types": [
                     *         "TIMESTAMP",
                     *         "DOUBLE"
                     *       ],
                     *       "dataset": [
                     *         [
                     *           "2024-11-28T22:00:00.000000Z",
                     *           95210.7
                     *         ]
                     *       ],
                     *       "count": 1
                     *     }
                     */
                    "application/json": components["schemas"]["QueryResult"];
                };
            };
            /** @description The part that `Range` named; of JSON it is a piece of the text */
            206: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    "Accept-Ranges": components["headers"]["AcceptRanges"];
                    "Content-Range": components["headers"]["ContentRange"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example "timestamp","close"
                     *     "2024-11-28T22:00:00.000000Z",95210.7
                     */
                    "text/csv": string;
                    "application/vnd.apache.parquet": string;
                    "application/vnd.apache.arrow.stream": string;
                    /**
                     * @example {
                     *       "query": "SELECT timestamp, close FROM \"btc25_3_ohlcv\"",
                     *       "columns": [
                     *         "timestamp",
                     *         "close"
                     *       ],
                     *       "column_types": [
                     *         "TIMESTAMP",
                     *         "DOUBLE"
                     *       ],
                     *       "dataset": [
                     *         [
                     *           "2024-11-28T22:00:00.000000Z",
                     *           95210.7
                     *         ]
                     *       ],
                     *       "count": 1
                     *     }
                     */
                    "application/json": components["schemas"]["QueryResult"];
                };
            };
            /** @description The client has this file already, as its `If-None-Match` says */
            304: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description The file ends before the part begins; `Content-Range` and `details` say how long it is */
            416: {
                headers: {
                    "Content-Range": components["headers"]["ContentRange"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    createUpload: {
        parameters: {
            query?: {
                /**
                 * @description Name of the file, shown with the upload
                 * @example btc25_3_wf1.csv
                 */
                filename?: string;
            };
            header?: {
                /**
                 * @description A name for this request, made by the client and different for each one, such as a UUID. The request is then done once, however often it is sent: a repetition gets the first success again, byte for byte, with `Idempotency-Replayed: true`. It belongs to the token that it is sent with, and to method, path, query and body: with others it is refused (422 `IDEMPOTENCY_KEY_REUSED`). While the first request runs, a repetition waits up to 2 s for its answer and is then a 409 `IDEMPOTENCY_IN_PROGRESS` with `Retry-After`. A request that was refused (4xx) frees its key; after a 5xx, a lost connection or a crash the same request goes on with the work that was begun, or begins it anew when that had failed, and what it has created before a crash it calls created (201). Answers are kept for `idempotency.keep_hours` (24 unless configured); then the key is new. An answer of more than 1 MB is not kept: such a request is done again
                 * @example 0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description SHA-256 of the body (RFC 9530), `sha-256=:<base64>:`; a body with another digest stores nothing (422)
                 * @example sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
                 */
                "Content-Digest"?: components["parameters"]["ContentDigest"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rows": [
                 *         {
                 *           "timestamp": 1732831200000,
                 *           "fold_number": 0,
                 *           "prediction": 0.00123
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["UploadRows"];
                /**
                 * @example timestamp,fold_number,prediction
                 *     1732831200000,0,0.00123
                 */
                "text/csv": string;
                "application/vnd.apache.arrow.stream": string;
                "application/vnd.apache.arrow.file": string;
                "application/vnd.apache.parquet": string;
            };
        };
        responses: {
            /** @description The upload waits */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    Location: components["headers"]["Location"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "upload_id": "3b6f1e0c-0d0e-4c55-9a53-0d7a1c2b3e4f",
                     *       "media_type": "text/csv",
                     *       "filename": "btc25_3_wf1.csv",
                     *       "bytes": 57,
                     *       "digest": "sha-256=:HjphmGBZ0nHQdDdRX+jR5YkPPyvhcx+szemyq7wbVfM=:",
                     *       "created_at": "2025-11-03T11:22:33.000Z",
                     *       "expires_at": "2025-11-04T11:22:33.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Upload"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["TooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMedia"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The upload's id
                 * @example 3b6f1e0c-0d0e-4c55-9a53-0d7a1c2b3e4f
                 */
                upload_id: components["parameters"]["UploadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "upload_id": "3b6f1e0c-0d0e-4c55-9a53-0d7a1c2b3e4f",
                     *       "media_type": "text/csv",
                     *       "filename": "btc25_3_wf1.csv",
                     *       "bytes": 57,
                     *       "digest": "sha-256=:HjphmGBZ0nHQdDdRX+jR5YkPPyvhcx+szemyq7wbVfM=:",
                     *       "created_at": "2025-11-03T11:22:33.000Z",
                     *       "expires_at": "2025-11-04T11:22:33.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Upload"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    deleteUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The upload's id
                 * @example 3b6f1e0c-0d0e-4c55-9a53-0d7a1c2b3e4f
                 */
                upload_id: components["parameters"]["UploadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload as it was; it is gone now */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "upload_id": "3b6f1e0c-0d0e-4c55-9a53-0d7a1c2b3e4f",
                     *       "media_type": "text/csv",
                     *       "filename": "btc25_3_wf1.csv",
                     *       "bytes": 57,
                     *       "digest": "sha-256=:HjphmGBZ0nHQdDdRX+jR5YkPPyvhcx+szemyq7wbVfM=:",
                     *       "created_at": "2025-11-03T11:22:33.000Z",
                     *       "expires_at": "2025-11-04T11:22:33.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Upload"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getQuestDbJob: {
        parameters: {
            query?: {
                /**
                 * @description Seconds to wait for a change
                 * @example 30
                 */
                wait?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The job's id
                 * @example 7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f
                 */
                job_id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    cancelQuestDbJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's id
                 * @example 7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f
                 */
                job_id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listJobs: {
        parameters: {
            query?: {
                /** @description The most items of a page */
                limit?: components["parameters"]["Limit"];
                /** @description How many items to skip */
                offset?: components["parameters"]["Offset"];
                /**
                 * @description Only jobs of this type
                 * @example import
                 */
                job_type?: string;
                /** @description Only jobs in this status */
                status?: "PENDING" | "RUNNING" | "COMPLETED" | "FAILED" | "CANCELLED";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of jobs */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobs": [
                     *         {
                     *           "job_id": "7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f",
                     *           "type": "import",
                     *           "job_type": "import",
                     *           "status": "COMPLETED",
                     *           "progress": 38,
                     *           "total": 38,
                     *           "unit": "bytes",
                     *           "phase": "done",
                     *           "progress_pct": 100,
                     *           "message": "1 rows read",
                     *           "error": "",
                     *           "error_code": "",
                     *           "payload": {
                     *             "measurement": "btc25_3_hm",
                     *             "filename": "btc25_3_hm.csv",
                     *             "bytes": 38,
                     *             "digest": "sha-256=:pKomNeTHFAdy952qMkDFCYu/nB38myUjCcb4F0dpV8U=:"
                     *           },
                     *           "result": {
                     *             "measurement": "btc25_3_hm",
                     *             "rows_received": 1,
                     *             "rows_written": 1,
                     *             "rows_deduplicated": 0,
                     *             "rows_rejected": 0,
                     *             "rejected": [],
                     *             "total_rows": 1,
                     *             "first_ts": "2024-11-28T22:00:00.000Z",
                     *             "last_ts": "2024-11-28T22:00:00.000Z",
                     *             "first_ts_ms": 1732831200000,
                     *             "last_ts_ms": 1732831200000,
                     *             "bytes": 38,
                     *             "digest": "sha-256=:pKomNeTHFAdy952qMkDFCYu/nB38myUjCcb4F0dpV8U=:",
                     *             "seconds": 1.2,
                     *             "readable_at": "2025-11-06T13:05:18.200Z",
                     *             "warnings": []
                     *           },
                     *           "attempts": 1,
                     *           "created_at": "2025-11-06T13:05:17.000Z",
                     *           "updated_at": "2025-11-06T13:05:18.210Z",
                     *           "started_at": "2025-11-06T13:05:17.020Z",
                     *           "completed_at": "2025-11-06T13:05:18.210Z"
                     *         }
                     *       ],
                     *       "count": 1,
                     *       "returned": 1,
                     *       "total": 1,
                     *       "limit": 100,
                     *       "offset": 0,
                     *       "has_more": false
                     *     }
                     */
                    "application/json": components["schemas"]["JobList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getJob: {
        parameters: {
            query?: {
                /**
                 * @description Seconds to wait for a change
                 * @example 30
                 */
                wait?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The job's id
                 * @example 7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f
                 */
                job_id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's id
                 * @example 7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f
                 */
                job_id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name for this request, made by the client and different for each one, such as a UUID. The request is then done once, however often it is sent: a repetition gets the first success again, byte for byte, with `Idempotency-Replayed: true`. It belongs to the token that it is sent with, and to method, path, query and body: with others it is refused (422 `IDEMPOTENCY_KEY_REUSED`). While the first request runs, a repetition waits up to 2 s for its answer and is then a 409 `IDEMPOTENCY_IN_PROGRESS` with `Retry-After`. A request that was refused (4xx) frees its key; after a 5xx, a lost connection or a crash the same request goes on with the work that was begun, or begins it anew when that had failed, and what it has created before a crash it calls created (201). Answers are kept for `idempotency.keep_hours` (24 unless configured); then the key is new. An answer of more than 1 MB is not kept: such a request is done again
                 * @example 0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description The job's id
                 * @example 7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f
                 */
                job_id: components["parameters"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job, queued again */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "job_id": "7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f",
                     *       "type": "import",
                     *       "job_type": "import",
                     *       "status": "PENDING",
                     *       "progress": 0,
                     *       "total": 4194304,
                     *       "unit": "bytes",
                     *       "phase": "queued",
                     *       "progress_pct": 0,
                     *       "created_at": "2025-11-06T13:05:17.000Z",
                     *       "updated_at": "2025-11-06T13:05:18.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                /**
                 * @description Only events of these topics, comma-separated
                 * @example [
                 *       "jobs",
                 *       "runs"
                 *     ]
                 */
                topics?: ("jobs" | "datasets" | "runs" | "simulations")[];
                /**
                 * @description Only events of this job
                 * @example 7f0a3f51-5f1e-4a57-9a1c-0a4c5d1b2e3f
                 */
                job_id?: string;
                /**
                 * @description Begin with the first event after this number; 0 begins with the oldest that is kept
                 * @example 1041
                 */
                since?: number;
            };
            header?: {
                /**
                 * @description Like `since`, and counts where both are sent
                 * @example 1041
                 */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events, without an end */
            200: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example : events follow
                     *     retry: 2000
                     *     id: 1041
                     *
                     *     id: 1042
                     *     event: run.saved
                     *     data: {"event_id":1042,"topic":"runs","type":"run.saved","subject":"8620f8da-8f74-4dd9-8ee2-d14d2c672873","job_id":null,"created_at":"2025-11-06T13:05:17.000Z","data":{"dataset_slug":"btc25_3","prediction_measurement":"btc25_3_wf1762434317","status":"COMPLETED","fold_count":312,"created":true}}
                     */
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    createStreamTicket: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Has no effect here, and is only looked at for its form: an operation that reads changes nothing when it is repeated, and a token or a ticket is shown but once and never kept, so each request for one issues another
                 * @example 9f1c2d3e-4b5a-4c6d-8e7f-0a1b2c3d4e5f
                 */
                "Idempotency-Key"?: components["parameters"]["UnusedIdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket; it is not shown again */
            201: {
                headers: {
                    "Access-Control-Allow-Origin": components["headers"]["AllowedOrigin"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    "X-Stage1-Version": components["headers"]["Version"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ticket": "stt_5Yp0W2mB7cQhV4nK8tRzXdJ6sLfGuE1a0b1c2d",
                     *       "expires_at": "2025-11-06T13:05:47.000Z",
                     *       "last_event_id": 1041
                     *     }
                     */
                    "application/json": components["schemas"]["StreamTicket"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["TimeLimit"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
}
