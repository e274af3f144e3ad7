-- What git's ids stand for. Lost without harm.
create table blobs (
  blob_id text primary key,
  digest text not null,
  size integer not null
) without rowid;

create table manifests (
  blob_id text primary key,
  version integer not null,
  body blob not null
);
