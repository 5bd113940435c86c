-- Made by `make generate`; do not edit.

-- ping
select 1;
