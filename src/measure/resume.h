/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"

/* mig_resume_write_identities: a resumed run must not take another domain for one of the guests
 * that were there: facts of guest's name -> UUID. */
gboolean mig_resume_write_identities (MigResultWriter *writer, GHashTable *identities,
                                      GError **error);

/* What a result directory that is continued was begun with, and how far it came. */
typedef struct {
  GHashTable *done;    /* repetitions that are sound already: a set of mig_run_key() */
  GHashTable *planned; /* all that were planned: the same */
  guint repetitions;   /* of each case */
  guint64 seed;
  gboolean complete;                /* it was finished */
  gboolean can_grow;                /* as mig_result_can_grow() */
  char *until;                      /* as MIG_FACT_UNTIL, the last one; NULL: not noted */
  gint64 time_ns;                   /* limit, the last one; 0: none */
  guint most_repetitions;           /* 0: the run has neither */
  gint64 used_ns;                   /* the repetitions so far, all together */
  gint64 heartbeat_ns, sampling_ns; /* MIG_MISSING_INT: not noted; sampling 0: none */
  GHashTable *identities;           /* guest's name -> UUID of those that were there */
  GHashTable *autostarts;           /* names of those that their hosts started when they moved */
  gboolean has_environment;         /* the environment was written down */
  GPtrArray *environment;           /* MigEnvironmentRecord: all that was */
  char **options;                   /* MIG_FACT_OPTION: NAME=VALUE */
  GPtrArray *begun; /* MigRunRecord, without status: repetitions that were begun and have no end */
} MigResume;

/* mig_run_key: "cm#3": a case and repetition, known by its name. The caller frees it. */
char *mig_run_key (const char *case_label, gint64 repetition);

/* mig_resume_load: reads it. Errors: INVALID. */
gboolean mig_resume_load (const char *path, MigResume *resume, GError **error);
void mig_resume_clear (MigResume *resume);
