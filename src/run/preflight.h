/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/runner.h"

/* What is looked at before anything is started. */
typedef enum { MIG_CHECK_PASS, MIG_CHECK_WARN, MIG_CHECK_FAIL } MigCheckLevel;

typedef struct {
  MigCheckLevel level;
  char *subject; /* a host's name, "study" */
  char *what;    /* "memory" */
  char *finding; /* "2.1 GB free, 2.0 GB needed" */
  char *hint;    /* what to do; NULL for PASS */
  GPtrArray *variants; /* const MigStudy: those of the study's variants that it is about; NULL: the hosts alone */
  gboolean skips; /* other variants can be run: the cases of these are skipped, and the level is WARN */
  gboolean trust; /* the failure is about trusting the hypervisor: a user may insist on going on */
} MigCheck;

/* mig_preflight: all checks of the hosts against what the study needs: GPtrArray of MigCheck. A study that
 * names techniques has them tried (run/offers.h). */
GPtrArray *mig_preflight (const MigStudy *study, const GPtrArray *hosts);

/* mig_preflight_error: the first failure as an error, with its hint; FALSE where there is one.
 * insist: failures of trust count as warnings. */
gboolean mig_preflight_error (const GPtrArray *checks, gboolean insist, GError **error);

/* mig_preflight_skipped: label -> why, of the study's cases that are to be skipped; the caller frees it with
 * g_hash_table_unref(). */
GHashTable *mig_preflight_skipped (const GPtrArray *checks, const MigStudy *study);
