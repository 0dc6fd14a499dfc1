/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/document.h"
#include "report/figure.h"
#include "report/loaded-result.h"

/* The sections of the report on a result: each adds its own to a block; without content nothing. */

/* A row per case. */
void mig_section_costs (MigBlock *parent, const MigSummary *summary);
void mig_section_work (MigBlock *parent, const MigSummary *summary);

/* mig_section_tls_cost: where a study sweeps tls: CPU time of both hosts' management, and total
 * time, by TLS beside without. */
void mig_section_tls_cost (MigBlock *parent, const MigSummary *summary);

/* mig_section_dirty_rates: of MigDirtyRate: before and during migrations, a row per case and guest.
 */
void mig_section_dirty_rates (MigBlock *parent, const GPtrArray *rates);

/* mig_client_tables: of those: streams, requests to real servers, announcements. */
void mig_client_tables (MigBlock *section, const MigSummary *summary);

/* mig_client_cases: the labels of those where a count is not 0; NULL: there are none. The caller
 * frees it. */
char *mig_client_cases (const MigSummary *summary, MigMetric metric);

/* mig_section_clients: what clients of guests with a network noticed. mig_clients_items: the same
 * at first sight: of the case whose clients waited longest. */
void mig_section_clients (MigBlock *parent, const MigSummary *summary);
void mig_clients_items (MigBlock *parent, const MigSummary *summary);

/* mig_has_clients: whether guests that moved were asked from the network. */
gboolean mig_has_clients (const MigSummary *summary);

/* mig_section_full_size: what the cases of a scaled study are expected to cost at full size.
 * mig_full_size_line: the same in one line; NULL: the study is not scaled. The caller frees it. */
void mig_section_full_size (MigBlock *parent, const MigLoadedResult *result);
char *mig_full_size_line (const MigLoadedResult *result);

/* mig_section_answers: which order of the same guests, or which case is the cheapest. */
void mig_section_answers (MigBlock *parent, const MigSummary *summary);
/* mig_section_order_map: under which conditions which order is cheaper. number: of a result among
 * several on one page; 0: the only one. */
void mig_section_order_map (MigBlock *parent, const MigLoadedResult *result, guint number);
void mig_section_conclusions (MigBlock *parent, const MigLoadedResult *result);
/* mig_section_verdicts: one item per conclusion that was tested, and what holds of the figures. */
void mig_section_verdicts (MigBlock *parent, const MigLoadedResult *result);
MigMark mig_verdict_mark (MigVerdict verdict);

/* mig_section_paper: the paper's figures beside these. mig_section_paper_figure: below one of
 * them ("6"), with the verdicts that rest on it. mig_paper_counts: how many claims hold, in a
 * sentence; NULL: the study tests none. The caller frees it. */
void mig_section_paper (MigBlock *parent, const MigLoadedResult *result);
void mig_section_paper_figure (MigBlock *figure, const MigLoadedResult *result, const char *paper);
char *mig_paper_counts (const MigLoadedResult *result);

/* How sure; what was disturbed, what failed, what is missing. */
void mig_section_quality (MigBlock *parent, const MigLoadedResult *result);
void mig_section_destinations (MigBlock *parent, const MigSummary *summary);
void mig_section_noise (MigBlock *parent, const MigSummary *summary);
void mig_section_outliers (MigBlock *parent, const MigSummary *summary);
void mig_section_failures (MigBlock *parent, const MigSummary *summary);
void mig_section_impossible (MigBlock *parent, const MigSummary *summary);
void mig_section_missing (MigBlock *parent, const MigLoadedResult *result);

void mig_section_environment (MigBlock *parent, const MigLoadedResult *result);

/* mig_section_leading_figures: total time and downtime, of the experiment that is answered first;
 * mig_section_figures() leaves them out. */
void mig_section_leading_figures (MigBlock *parent, const MigLoadedResult *result,
                                  const GPtrArray *figures);
/* Only on a page; figures: of MigFigure; why_not: they are not drawn; NULL: they are. */
void mig_section_figures (MigBlock *parent, const MigLoadedResult *result, const GPtrArray *figures,
                          const char *why_not);
void mig_section_timelines (MigBlock *parent, const GPtrArray *figures, const char *why_not);
/* mig_section_figures_of_plan: predictions beside measurements. */
void mig_section_figures_of_plan (MigBlock *parent, const GPtrArray *figures);
void mig_section_migrations (MigBlock *parent, const MigSummary *summary);
void mig_section_metrics (MigBlock *parent);
