/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Records the migrations that others start on hosts. The connections are read-only: nothing can be
 * changed on them. */
typedef struct {
  const char *const *uris; /* NULL-ended, at least one */
  const char *path;        /* results: PATH/0001, ... */
  guint64 full_bytes;      /* of one result directory */
  guint keep;              /* how many of them */
  gint64 sampling_ns;      /* period of the CPU samples */
  gint64 duration_ns;      /* 0: until mig_watch_stop() */
  const char *metrics;     /* a file for Prometheus, written anew whenever it changes; NULL: none */
  GHashTable *probes;      /* guest -> how its clients ask it (probe-spec.h); NULL: none */
} MigWatchOptions;

typedef struct _MigWatch MigWatch;

/* mig_watch_new: connects to all hosts and opens the result. The event loop must run. Errors: a
 * host that cannot be reached; the directory. */
MigWatch *mig_watch_new (const MigWatchOptions *options, GError **error);

typedef struct {
  guint seen;   /* migrations recorded */
  guint failed; /* those of them that did not move their guest */
  guint unseen; /* those of them of which the end was not seen */
  guint others; /* saves, dumps and snapshots, which are none */
} MigWatchCounts;

/* mig_watch_run: until it is stopped or the time is over. A host that is lost is looked for again
 * and again. Migrations that go on when it begins are seen too. Errors: the result cannot be
 * written.
 */
gboolean mig_watch_run (MigWatch *watch, MigWatchCounts *counts, GError **error);

/* mig_watch_stop: from any thread. What goes on is recorded as far as it was seen. */
void mig_watch_stop (MigWatch *watch);
void mig_watch_free (MigWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigWatch, mig_watch_free)
