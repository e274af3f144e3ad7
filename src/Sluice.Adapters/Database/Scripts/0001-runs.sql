create table jobs (
  name text primary key,
  url text not null,
  identity text not null,
  created_at text not null
);

create table runs (
  id text primary key,
  job text not null,
  commit_id text not null,
  status text not null,
  is_ended integer not null,
  body text not null
);

create index runs_by_job on runs (job, id);
create index runs_by_commit on runs (job, commit_id, id);
create index runs_unfinished on runs (is_ended) where is_ended = 0;

-- Only tasks that are not unchanged; the others are one row of run_unchanged.
create table tasks (
  run_id text not null,
  task_index integer not null,
  name text not null,
  state text not null,
  body text not null,
  primary key (run_id, task_index)
);

create index tasks_by_name on tasks (run_id, name);

create table run_unchanged (
  run_id text primary key,
  body blob not null
);

create table events (
  run_id text not null,
  id integer not null,
  kind text not null,
  body text not null,
  primary key (run_id, id)
);
