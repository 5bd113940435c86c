-- Made by `make generate`; do not edit.

-- deleteDownload
delete from "stage1_downloads" where "download_id" = $1;

-- deleteDownloadsOf
delete from "stage1_downloads" where "job_id" = $1 and "download_id" <> $2 returning "download_id";

-- deleteExpiredDownloads
delete from "stage1_downloads" where "expires_at" <= now() returning "download_id";

-- findDownload
select * from "stage1_downloads" where "download_id" = $1 and "expires_at" > now();

-- insertDownload
insert into "stage1_downloads" ("download_id", "job_id", "filename", "media_type", "bytes", "digest", "row_count", "expires_at") values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(hours => $8)) returning *;

-- listDownloads
select "download_id" from "stage1_downloads";
