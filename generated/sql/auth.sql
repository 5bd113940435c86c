-- Made by `make generate`; do not edit.

-- countTokens
select count(*) as "total" from "stage1_tokens";

-- findLiveToken
select "token_id", "name", "scopes", coalesce(last_used_at < now() - interval '1 minute', true) as "is_stale" from "stage1_tokens" where "token_sha256" = $1 and "expires_at" > now() and "revoked_at" is null;

-- findToken
select "token_id", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at", "rotated_from", case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'live' end as "status" from "stage1_tokens" where "token_id" = $1;

-- insertTicket
delete from "stage1_stream_tickets" where "expires_at" <= now();
insert into "stage1_stream_tickets" ("ticket_sha256", "token_id", "expires_at") values ($1, $2, now() + make_interval(secs => $3)) returning "expires_at";

-- insertToken
insert into "stage1_tokens" ("token_sha256", "name", "scopes", "expires_at", "rotated_from") values ($1, $2, $3, now() + make_interval(secs => $4), $5) returning "token_id", "expires_at";

-- listTokens
select "token_id", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at", "rotated_from", case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'live' end as "status" from "stage1_tokens" order by "created_at" desc, "token_id" limit $1 offset $2;

-- liveTokens
select "token_id" from "stage1_tokens" where "token_id" = any($1::uuid[]) and "expires_at" > now() and "revoked_at" is null;

-- noteUse
update "stage1_tokens" set "last_used_at" = now() where "token_id" = $1;

-- removeEndedTokens
delete from "stage1_tokens" where ("expires_at" < now() - make_interval(days => $1) or "revoked_at" < now() - make_interval(days => $2));

-- revokeToken
with recursive "successors" as (select "token_id" from "stage1_tokens" where "token_id" = $1 union select "token"."token_id" from "stage1_tokens" as "token" inner join "successors" on "successors"."token_id" = "token"."rotated_from") update "stage1_tokens" set "revoked_at" = coalesce(revoked_at, now()) where "token_id" in (select "token_id" from "successors") returning "token_id", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at", "rotated_from", case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'live' end as "status";

-- shortenToken
update "stage1_tokens" set "expires_at" = least(expires_at, now() + make_interval(secs => $1)) where "token_id" = $2;

-- spendTicket
delete from "stage1_stream_tickets" as "ticket" using "stage1_tokens" as "token" where "token"."token_id" = "ticket"."token_id" and "ticket"."ticket_sha256" = $1 and "ticket"."expires_at" > now() and "token"."expires_at" > now() and "token"."revoked_at" is null returning "token"."token_id", "token"."name", "token"."scopes";
