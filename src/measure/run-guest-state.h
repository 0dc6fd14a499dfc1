/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/guest-disk.h"
#include "measure/run-guest.h"

/* For run-guest.c, guest-start.c, existing.c and dirty-rate.c only. */

struct _MigRunGuest {
  MigRun *run;
  const MigStudyGuest *guest;
  char *uuid;
  const MigRunHost *home;
  const MigRunHost *where; /* (L) */
  gboolean lost;           /* (L) */
  gboolean migrates;
  char *definition; /* by which it is saved; NULL: it never is */
  gboolean restored;
  gboolean awaits_start; /* (L) restored, and its host has not said yet that it is there */
  MigGuestConsole *console;
  GPtrArray *handles;       /* (L) MigGuest */
  GHashTable *departures;   /* (L) MigRunHost -> gint64 *: when it first left there */
  gboolean saving;          /* (L) */
  GThread *worker;          /* that starts, saves or destroys it */
  GError *failure;          /* of the worker */
  const char *ended;        /* (L) */
  gint64 dirty_bytes_per_s; /* before it moved */
  const char *dirty_method; /* MIG_DIRTY_...; NULL: it was not measured */
  GPtrArray *disks;         /* of MigGuestDisk: none, one, or where it is copied one per host */
  guint64 memory_bytes;     /* the study's, or what one that was there has */
  guint64 vcpus;            /* the same; 0: the template's */
  GArray *undo;             /* ids of its domains in the undo stack */
};
