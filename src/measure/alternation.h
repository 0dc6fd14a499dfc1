/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/run.h"

/* What observing costs, made visible: a repetition's guests are observed and left alone in turn,
 * for MigRunOptions.alternation_ns each, from the baseline on. Left alone they send no heartbeats,
 * and nothing is sampled. Each guest's heartbeat in answer to the change tells its work up to
 * there; summary/observing-cost.h makes figures of them. */
typedef struct _MigAlternation MigAlternation;

/* mig_alternation_start: guests: of MigRunGuest; it must outlive the alternation. NULL where the
 * run does not alternate. */
MigAlternation *mig_alternation_start (MigRun *run, const GPtrArray *guests);
/* mig_alternation_stop: all are observed again. NULL is fine. */
void mig_alternation_stop (MigAlternation *alternation);
