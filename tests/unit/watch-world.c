/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/files.h"
#include "tests/unit/watch-world.h"

static const char *const details[] = {
  [MIG_EVENT_STARTED] = "started migrated", [MIG_EVENT_SUSPENDED] = "suspended migrated",
  [MIG_EVENT_RESUMED] = "resumed migrated", [MIG_EVENT_STOPPED] = "stopped migrated",
  [MIG_EVENT_OTHER] = "shutdown",           [MIG_EVENT_ITERATION] = "1",
  [MIG_EVENT_JOB] = "outgoing migration",   [MIG_EVENT_CLOSED] = "end of file",
};

static void
set_up (WatchWorld *world, const char *const *uris, guint64 full_bytes, guint keep)
{
  g_autoptr (GError) error = NULL;

  world->top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  world->path = g_build_filename (world->top, "r", NULL);
  world->metrics = g_build_filename (world->top, "metrics", "m.prom", NULL);
  world->options = (MigWatchOptions){ .uris = uris,
                                      .path = world->path,
                                      .full_bytes = full_bytes,
                                      .keep = keep,
                                      .sampling_ns = MIG_NS_PER_S,
                                      .metrics = world->metrics };
  world->watch = mig_watch_new (&world->options, &error);
  g_assert_no_error (error);
}

void
watch_world_set_up (WatchWorld *world, guint64 full_bytes, guint keep)
{
  static const char *const uris[] = { "test:///default", "test:///default", NULL };

  set_up (world, uris, full_bytes, keep);
}

void
watch_world_set_up_one (WatchWorld *world)
{
  static const char *const uris[] = { "test:///default", NULL };

  set_up (world, uris, 100 * 1000 * 1000, 2);
}

void
watch_world_tear_down (WatchWorld *world)
{
  mig_watch_free (world->watch);
  g_assert_true (mig_files_remove_tree (world->top, NULL));
  g_free (world->top);
  g_free (world->path);
  g_free (world->metrics);
}

static void
send (WatchWorld *world, guint host, const char *guest, MigEvent *event)
{
  MigWatched *watched = world->watch->hosts->pdata[host];
  g_autofree char *uuid = g_strdup_printf ("%08x-0000-4000-8000-000000000000", g_str_hash (guest));

  event->host = watched->host->host;
  event->guest = guest;
  event->uuid = uuid;
  event->detail = details[event->kind];
  mig_watch_on_event (event, watched);
}

void
watch_world_queue (WatchWorld *world, guint host, const char *guest, MigEventKind kind,
                   gint64 age_ns)
{
  MigEvent event = { .arrival_ns = mig_clock_now () - age_ns,
                     .kind = kind,
                     .number = kind == MIG_EVENT_ITERATION,
                     .name = kind == MIG_EVENT_ITERATION ? "iteration" : "lifecycle",
                     .by_migration = kind != MIG_EVENT_ITERATION && kind != MIG_EVENT_OTHER };

  send (world, host, guest, &event);
}

void
watch_world_send (WatchWorld *world, guint host, const char *guest, MigEventKind kind)
{
  watch_world_queue (world, host, guest, kind, 0);
  mig_watch_take_one (world->watch, mig_clock_now ());
}

void
watch_world_job (WatchWorld *world, guint host, const char *guest, const MigJobStatistics *job)
{
  MigEvent event = {
    .arrival_ns = mig_clock_now (), .kind = MIG_EVENT_JOB, .name = "job", .job = job
  };

  send (world, host, guest, &event);
  mig_watch_take_one (world->watch, mig_clock_now ());
}

void
watch_world_move (WatchWorld *world, const char *guest)
{
  watch_world_send (world, 1, guest, MIG_EVENT_STARTED);
  watch_world_send (world, 0, guest, MIG_EVENT_SUSPENDED);
  watch_world_send (world, 1, guest, MIG_EVENT_RESUMED);
  watch_world_send (world, 0, guest, MIG_EVENT_STOPPED);
}

GPtrArray *
watch_world_rows (const WatchWorld *world, MigTable table)
{
  g_autofree char *path = g_build_filename (world->path, "0001", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MigResult) result = mig_result_open (path, &error);

  g_assert_no_error (error);
  GPtrArray *rows = mig_result_load (result, table, &error);
  g_assert_no_error (error);
  return rows;
}
