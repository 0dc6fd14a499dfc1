/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "paper/table-shape.h"

/* The facts of the paper's text, one row each, and how each is formed of a result's metrics. */

/* What is claimed of a fact: nothing; that it lies between two bounds; that it is not 0. */
typedef enum { MIG_CLAIM_NONE, MIG_CLAIM_WITHIN, MIG_CLAIM_DIFFERS } MigFigureClaimKind;

typedef struct {
  MigFigureClaimKind kind;
  double low, high;
  const char *text;
} MigFigureClaim;

/* A metric of a case; MIG_METRIC_DOWNTIME_GUEST and MIG_METRIC_GUEST_DOWNTIME stand for the
 * downtime that the summary's conclusions take. */
typedef struct {
  MigPaperCase role;
  MigMetric metric;
  const char *class_name;
} MigFigureQuantity;

typedef struct {
  const char *figure, *subject, *unit;
  double paper;
  const char *says;
  MigFigureClaim claim;
  MigPaperShape shape; /* of the parts that have it */
  MigFigureQuantity a, b;
  double (*combine) (double a, double b); /* in each repetition */
} MigFigureFact;

extern const MigFigureFact mig_figure_facts[];
extern const guint mig_n_figure_facts;

/* mig_figure_fact_is_difference: of two times or downtimes, in seconds. */
gboolean mig_figure_fact_is_difference (const MigFigureFact *fact);
