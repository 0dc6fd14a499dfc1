/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "paper/claim-table.h"
#include "report/document.h"
#include "report/loaded-result.h"

/* The paper, claim by claim: several results, each a replication of a part of it, side by side. */

typedef struct {
  char *platform;
  MigLoadedResult *result;
  GArray *rows;                /* of mig_paper_rows(); NULL: none */
  gboolean beats_often, noisy; /* heartbeats, or others, took much of its guests' CPU time */
} MigReplicationSet;

typedef struct {
  GPtrArray *sets;      /* of MigReplicationSet: those that test claims of the paper first */
  guint n_testing;      /* of these */
  MigClaimTable *table; /* its sets are the first n_testing */
} MigReplication;

MigReplication *mig_replication_new (void);

/* mig_replication_add: takes the result. platform: NULL: as its hosts say: "Xen", "KVM", "QEMU", of
 * the lab "QEMU (lab)". */
void mig_replication_add (MigReplication *self, const char *platform, MigLoadedResult *result);

/* mig_replication_rates_disturbed: see MigClaimSet. */
gboolean mig_replication_rates_disturbed (const MigReplicationSet *set);

/* mig_replication_is_virtual: its hosts, or the lab's machine, are known to be virtual machines. */
gboolean mig_replication_is_virtual (const MigReplicationSet *set);

/* mig_replication_start: how its guests came to be, MIG_START_BOOTED, _RESTORED or
 * _MIXED; NULL: not known, or they were there. */
const char *mig_replication_start (const MigReplicationSet *set);

/* mig_replication_source: what a set says, for claims of the paper. */
MigClaimSource mig_replication_source (const MigReplicationSet *set);

/* mig_replication_compare: once, when all are added. */
void mig_replication_compare (MigReplication *self);

/* mig_replication_set_text: what was measured in a set, and what of it is usable. The caller frees
 * it. */
char *mig_replication_set_text (const MigReplicationSet *set);

/* mig_replication_render: as a text, Markdown or a page. figures: of mig_replication_figures(),
 * drawn; NULL: none. directory: where they lie, of Markdown. why_not (may be NULL): why they are
 * not drawn. The caller frees it. */
char *mig_replication_render (const MigReplication *self, MigMedium medium,
                              const GPtrArray *figures, const char *directory, const char *why_not);

/* mig_replication_add_finding: what came out, in a few sentences. mig_replication_add_words: what
 * the words of all that follows mean. */
void mig_replication_add_finding (MigBlock *parent, const MigReplication *self);
void mig_replication_add_words (MigBlock *body, const MigReplication *self);

/* mig_replication_case_name: a case's, by its label, without its experiment. */
const char *mig_replication_case_name (const MigReplicationSet *set, const char *label);

/* mig_replication_grid: the conclusions or the figures' facts: on a terminal below each other, else
 * a column for each platform. */
MigGrid *mig_replication_grid (const MigReplication *self, const MigBlock *block,
                               gboolean conclusions);

/* mig_replication_verdict: of a claim on a platform: "refuted * (undecided in [2] and [3])".
 * mig_replication_value_text: of a cell: "mc against cm 12.92 % (5.64 to 20.21), n=8"; NULL: none.
 * mig_replication_result_text: a result's number, with its size where that is not full:
 * "[2], at 1/4". The caller frees them. */
char *mig_replication_verdict (const MigReplication *self, guint claim, guint column);
char *mig_replication_value_text (const MigReplication *self, const MigClaim *claim,
                                  const MigClaimCell *cell);
char *mig_replication_result_text (const MigReplication *self, guint set);
MigMark mig_replication_mark (const MigClaimCell *cell);

/* mig_replication_others_text: which other results of the platform come to another verdict than the
 * one that is shown: "undecided in [2] and [3]"; pairs: with how many pairs of orders each
 * compares, and where it leans against the claim; NULL: none does. The caller frees it. */
char *mig_replication_others_text (const MigReplication *self, guint claim, guint column,
                                   gboolean pairs);

/* mig_replication_add_others: of the conclusions on which results of a platform differ, all of
 * them.
 */
void mig_replication_add_others (MigBlock *section, const MigReplication *self);

/* mig_replication_add_shapes: whether results at another scale have the same shape, within a
 * margin, or how many more repetitions would tell; nothing where fewer than two results have one.
 */
void mig_replication_add_shapes (MigBlock *body, const MigReplication *self);

/* mig_replication_add_scatter: how much repetitions of a case differ; nothing where no case of two
 * guests has two. */
void mig_replication_add_scatter (MigBlock *body, const MigReplication *self);

/* mig_replication_json: the same for programs: doc/paper.schema.json. The caller frees it. */
char *mig_replication_json (const MigReplication *self);

/* mig_replication_figures: GPtrArray of MigFigure that frees them. */
GPtrArray *mig_replication_figures (const MigReplication *self);

void mig_replication_free (MigReplication *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigReplication, mig_replication_free)
