-- The unchanged tasks of a run in pieces by their places, so that a page is read without all the others.
create table unchanged_tasks (
  run_id text not null,
  first_index integer not null,
  body blob not null,
  primary key (run_id, first_index)
);

insert into unchanged_tasks (run_id, first_index, body) select run_id, 0, body from run_unchanged;

drop table run_unchanged;
