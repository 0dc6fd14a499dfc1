/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/run.h"

/* CPU time of all hosts of a run and of its guests there, once a period, in a thread of its own. */
typedef struct _MigSampler MigSampler;

/* mig_sampler_start: guests: of MigRunGuest; it must outlive the sampler, and what is in it. NULL
 * where the run samples nothing. */
MigSampler *mig_sampler_start (MigRun *run, const GPtrArray *guests);
void mig_sampler_stop (MigSampler *sampler);
