/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "execute/outcome.h"

/* mig_execution_text: what became of a plan, for a terminal. The caller frees it. */
char *mig_execution_text (const MigPlanOutcome *outcome);
