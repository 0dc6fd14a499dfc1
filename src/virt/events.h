/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/migrate.h"

typedef enum {
  MIG_EVENT_STARTED, /* the guest appeared (on a destination: its hypervisor process is up) */
  MIG_EVENT_SUSPENDED,
  MIG_EVENT_RESUMED,
  MIG_EVENT_STOPPED,
  MIG_EVENT_OTHER,     /* another lifecycle event */
  MIG_EVENT_ITERATION, /* number: the round that begins */
  MIG_EVENT_JOB,       /* a job is complete; only who asked for jobs is told */
  MIG_EVENT_CLOSED,    /* the connection is lost; guest NULL */
} MigEventKind;

typedef struct {
  MigHost *host;
  const char *guest; /* domain name */
  const char *uuid;  /* of the domain: another one may come to have its name; NULL with guest */
  gint64 arrival_ns;
  MigEventKind kind;
  gboolean by_migration; /* the event's detail says "migrated" */
  int number;
  const MigJobStatistics *job; /* of MIG_EVENT_JOB; NULL */
  const char *name;            /* "lifecycle", "iteration", "job", "connection" */
  const char *detail;          /* for people: "suspended migrated" */
} MigEvent;

/* name of MIG_EVENT_ITERATION */
#define MIG_EVENT_ROUND "iteration"

/* detail where post-copy failed: the guest stands still until the migration is recovered. */
#define MIG_EVENT_POST_COPY_FAILED "suspended post-copy failed"

/* mig_event_is_post_copy: whether a detail says that the guest goes on at the destination before
 * its memory is there. */
gboolean mig_event_is_post_copy (const char *detail);

/* mig_event_is_orderly_end: whether a detail says that the guest ended by itself, or by its owner.
 */
gboolean mig_event_is_orderly_end (const char *detail);

/* Called in the event loop's thread. */
typedef void (*MigEventFunc) (const MigEvent *event, gpointer user);

/* mig_host_watch_jobs: from now on its watcher is told of completed jobs too, with their
 * statistics; where the driver tells of them. */
void mig_host_watch_jobs (MigHost *host);

/* mig_host_watch: one watcher per host; NULL func ends it. */
gboolean mig_host_watch (MigHost *host, MigEventFunc func, gpointer user, GError **error);
