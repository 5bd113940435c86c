-- Made by `make generate`; do not edit.

-- findLiveToken
select "token_id", "name" from "stage1_tokens" where "token_sha256" = $1 and "expires_at" > now();

-- insertTicket
delete from "stage1_stream_tickets" where "expires_at" <= now();
insert into "stage1_stream_tickets" ("ticket_sha256", "token_id", "expires_at") values ($1, $2, now() + make_interval(secs => $3)) returning "expires_at";

-- insertToken
insert into "stage1_tokens" ("token_sha256", "name", "expires_at") values ($1, $2, now() + make_interval(secs => $3)) returning "token_id", "expires_at";

-- spendTicket
delete from "stage1_stream_tickets" as "ticket" using "stage1_tokens" as "token" where "token"."token_id" = "ticket"."token_id" and "ticket"."ticket_sha256" = $1 and "ticket"."expires_at" > now() and "token"."expires_at" > now() returning "token"."token_id", "token"."name";
