-- Made by `make generate`; do not edit.

-- findEvents
select * from "stage1_events" where "event_id" > $1 and "event_id" <= $2 and "topic" in ($3) and "job_id" = $4 order by "event_id" limit $5;

-- findWriters
select virtualtransaction as writer from pg_locks
    where locktype = 'relation' and relation = 'stage1_events'::regclass and mode = 'RowExclusiveLock' and granted
      and database = (select oid from pg_database where datname = current_database());

-- insertEvents
insert into "stage1_events" ("topic", "type", "subject", "job_id", "data") values ($1, $2, $3, $4, $5);
select pg_notify($1, $2);

-- lastNumber
select case when is_called then last_value else 0 end as last from stage1_events_event_id_seq;

-- removeEvents
delete from "stage1_events" where "event_id" in (select "event_id" from "stage1_events" where "created_at" < now() - make_interval(days => $1) order by "event_id" limit $2) returning "event_id";

-- removedUpTo
select "up_to" from "stage1_events_removed";
