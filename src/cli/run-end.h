/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/run-job.h"

/* What ends a run, --until, --time and --repeat, and how that is kept and given anew. --time is the
 * time of all repetitions, --repeat their number, whichever process measured them. */

/* mig_run_end_take: of a resumed run (job->resume): as it was, or was given last; --time, --until
 * and --repeat of now win. A run of a fixed number stays one, whatever its study says. Errors:
 * USAGE: it has no such end, asks something else, has used that time, or had that number; INVALID:
 * it is complete, and nothing else is given. */
gboolean mig_run_end_take (MigRunJob *job, GError **error);

/* mig_run_end_write: facts, for the next --resume; of a resumed run, what was given now. */
gboolean mig_run_end_write (const MigRunJob *job, GError **error);

/* mig_run_end_text: what will be run, and what ends it: "8 repetitions to run"; "4 repetitions,
 * then more until ..., at most 6 of each case, in at most 300 s"; resumed: "8 repetitions, of which
 * 4 are done", "..., of which 120 s are over"; complete: "14 repetitions are done, then more
 * ...". The caller frees it. */
char *mig_run_end_text (const MigRunJob *job);
