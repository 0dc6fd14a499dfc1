/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"
#include "watch/internal.h"

/* A watch of hosts of libvirt's test driver, which sends no events of migrations: tests do. */
typedef struct {
  char *top; /* a directory of its own */
  char *path, *metrics;
  MigWatchOptions options;
  MigWatch *watch;
} WatchWorld;

/* watch_world_set_up: of two hosts; full_bytes: of a result. */
void watch_world_set_up (WatchWorld *world, guint64 full_bytes, guint keep);
void watch_world_set_up_one (WatchWorld *world);
void watch_world_tear_down (WatchWorld *world);

/* watch_world_queue: an event that came so long ago waits; watch_world_send: it is taken, too. */
void watch_world_queue (WatchWorld *world, guint host, const char *guest, MigEventKind kind,
                        gint64 age_ns);
void watch_world_send (WatchWorld *world, guint host, const char *guest, MigEventKind kind);

/* watch_world_job: the source says that the job is complete. */
void watch_world_job (WatchWorld *world, guint host, const char *guest,
                      const MigJobStatistics *job);

/* watch_world_move: a guest goes from the first host to the second. */
void watch_world_move (WatchWorld *world, const char *guest);

/* watch_world_rows: of the first result, which is on the disk; the caller frees it. */
GPtrArray *watch_world_rows (const WatchWorld *world, MigTable table);
