-- Digests as bytes, and manifests numbered as they come, so that the oldest can go first. What was remembered is read anew from git.
drop table blobs;
drop table manifests;

create table blobs (
  blob_id text primary key,
  digest blob not null,
  size integer not null
) without rowid;

create table manifests (
  blob_id text primary key,
  number integer not null unique,
  version integer not null,
  body blob not null
);
