-- Made by `make generate`; do not edit.

-- insertEntry
insert into "stage1_audit" ("token_id", "token_name", "operation", "request_id", "address") values ($1, $2, $3, $4, $5) returning "audit_id";

-- listEntries
select * from "stage1_audit" where "audit_id" < $1 and "token_id" = $2 and "operation" = $3 and "subject" = $4 order by "audit_id" desc limit $5;

-- removeOldEntries
delete from "stage1_audit" where "audit_id" in (select "audit_id" from "stage1_audit" where "at" < now() - make_interval(days => $1) limit $2);

-- setOutcome
update "stage1_audit" set "status" = $1, "error_code" = $2, "subject" = $3 where "audit_id" = $4;
