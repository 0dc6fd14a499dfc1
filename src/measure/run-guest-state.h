/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/heartbeat-pace.h"
#include "measure/run-guest.h"

/* For run-guest.c and existing.c only. */

#define MIG_RATE_BINS 3

struct _MigRunGuest {
  MigRun *run;
  const MigStudyGuest *guest;
  char *uuid;
  const MigRunHost *home;
  const MigRunHost *where; /* (L) */
  gboolean lost;           /* (L) */
  gboolean migrates;
  GPtrArray *handles;         /* (L) MigGuest */
  GPtrArray *consoles;        /* (L) MigConsoleReader */
  GHashTable *departures;     /* (L) MigRunHost -> gint64 *: when it first left there */
  MigConsoleReader *speaking; /* (L) through which its last heartbeat came; NULL: none yet */
  MigHeartbeatPace pace;      /* (L) */
  GThread *starter;
  GError *start_error;           /* of the starter */
  gboolean ready;                /* (L) */
  char *fatal;                   /* (L) */
  char *alarm;                   /* (L) */
  const char *ended;             /* (L) */
  gint64 dirty_bytes_per_s;      /* of one that was there */
  guint64 memory_bytes;          /* the study's, or what one that was there has */
  gint64 bin_start_ns, bin_work; /* (L) throughput of the last whole seconds */
  double rates[MIG_RATE_BINS];   /* (L) */
  guint n_rates;                 /* (L) */
  GArray *undo;                  /* ids of its domains in the undo stack */
};
