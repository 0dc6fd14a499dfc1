/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/dir.h"

/* Version of the result directory's format, in MANIFEST; raised when an older reader would
 * misunderstand a new directory (a new column is no such case). */
#define MIG_RESULT_FORMAT 1

/* What stands for the study's name and title in the result of a plan that was executed. */
#define MIG_EXECUTION_NAME "execute"
#define MIG_EXECUTION_ELEMENT "execution" /* what is in the place of a study begins with it */
#define MIG_EXECUTION_TITLE "A plan executed on existing guests"
/* and of migrations that were watched */
#define MIG_WATCH_NAME "watch"
#define MIG_WATCH_TITLE "Migrations that others started"

/* What a result directory is. */
typedef struct {
  char *study_name;
  char *study_title;
  char *claims; /* whose claims the study tests: MIG_CLAIMS_PAPER; NULL: nobody's, or not known */
  char *scale;  /* of the study, "1/4": base/scale.h; NULL: full size */
  gint64 seed;
  gint64 started_utc_ns;   /* the run's one UTC anchor ... */
  gint64 started_clock_ns; /* ... and the same moment on CLOCK_MONOTONIC */
  char *tool_version;      /* filled in by the writer */
  gint64 format;           /* filled in by the writer */
} MigManifest;

void mig_manifest_clear (MigManifest *manifest);

/* mig_manifest_is_execution: of a plan. mig_manifest_is_watch: of migrations that others started.
 * Else it is of a study's run. */
gboolean mig_manifest_is_execution (const MigManifest *manifest);
gboolean mig_manifest_is_watch (const MigManifest *manifest);

/* mig_manifest_study: its name, with its scale where it has one: "load-balancing at scale 1/4". The
 * caller frees it. */
char *mig_manifest_study (const MigManifest *manifest);

/* mig_manifest_scale: 0.25; 1: full size. */
double mig_manifest_scale (const MigManifest *manifest);

/* mig_manifest_save: MANIFEST, with this tool's version and format. */
gboolean mig_manifest_save (const MigManifest *manifest, const MigDir *dir, GError **error);

/* mig_manifest_load: *manifest is filled on success. Errors: INVALID with the file and the key;
 * UNSUPPORTED for a newer format. */
gboolean mig_manifest_load (MigManifest *manifest, const MigDir *dir, GError **error);
