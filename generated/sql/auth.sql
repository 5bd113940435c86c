-- Made by `make generate`; do not edit.

-- findLiveToken
select "token_id", "name" from "stage1_tokens" where "token_sha256" = $1 and "expires_at" > now();

-- insertToken
insert into "stage1_tokens" ("token_sha256", "name", "expires_at") values ($1, $2, now() + make_interval(secs => $3)) returning "token_id", "expires_at";
