/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/run-job.h"

/* mig_run_study_load: job->study, as the request's options change it, and what else they say of how
 * it is run. name: the study's name or path; NULL: the default. Errors: MIG_ERROR_USAGE for an
 * option; those of reading a study. */
gboolean mig_run_study_load (MigRunJob *job, const char *name, GError **error);
