/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/study.h"

/* What was found before anything is started: one finding, and the list of them. */
typedef enum {
  MIG_CHECK_PASS,
  MIG_CHECK_NOTE, /* what cannot be known from here: nobody can do anything about it here */
  MIG_CHECK_WARN,
  MIG_CHECK_FAIL
} MigCheckLevel;

/* subject of what is about no host; of what is about the machine that runs migcost */
#define MIG_CHECK_STUDY "study"
#define MIG_CHECK_MACHINE "this machine"

typedef struct {
  MigCheckLevel level;
  char *subject;       /* a host's name, "study", MIG_CHECK_MACHINE */
  char *topic;         /* "memory" */
  char *finding;       /* "2.1 GB free, 2.0 GB needed" */
  char *hint;          /* what to do; NULL for PASS */
  GPtrArray *variants; /* const MigStudy: those of the study's variants that it is about; NULL: the
                          hosts alone */
  gboolean skips; /* other variants can be run: the cases of these are skipped, and the level is
                     WARN */
  gboolean trust; /* the failure is about trusting the hypervisor: a user may insist on going on */
  char *guest, *uuid; /* of a guest that is there: its name in the study, and which domain it is */
} MigCheck;

/* mig_check_add: one more in an array whose elements mig_check_free() frees; finding and hint are
 * taken. */
MigCheck *mig_check_add (GPtrArray *checks, MigCheckLevel level, const char *subject,
                         const char *topic, char *finding, char *hint);
void mig_check_free (gpointer check);

/* mig_check_message: a warning or a failure in one line; the caller frees it. */
char *mig_check_message (const MigCheck *check);

/* mig_check_gather: moves what was found of a variant to the checks; the same finding of another
 * variant is one check. mig_check_let_skip: a failure that leaves other variants to be run skips
 * the cases of its own, and is a warning from then on. */
void mig_check_gather (GPtrArray *checks, GPtrArray *found, const MigStudy *variant);
void mig_check_let_skip (GPtrArray *checks, const MigStudy *study);

/* mig_check_error: the first failure as an error, with its hint; FALSE where there is one.
 * insist: failures of trust count as warnings. */
gboolean mig_check_error (const GPtrArray *checks, gboolean insist, GError **error);

/* mig_check_identities: name -> UUID of the guests that were there, MigRunOptions.identities;
 * the caller frees it with g_hash_table_unref(). */
GHashTable *mig_check_identities (const GPtrArray *checks);

/* mig_check_skipped: label -> why, of the study's cases that are to be skipped; the caller frees it
 * with g_hash_table_unref(). */
GHashTable *mig_check_skipped (const GPtrArray *checks, const MigStudy *study);
