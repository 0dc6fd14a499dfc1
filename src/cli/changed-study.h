/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/migration-options.h"
#include "study/study.h"

/* mig_changed_study_load: a study as options change it. scale: of --scale; NULL: the study's.
 * Errors: USAGE for an option; those of mig_study_load_changed(). */
MigStudy *mig_changed_study_load (const char *file_or_name, const char *scale,
                                  const MigMigrationOptions *migration, GError **error);
