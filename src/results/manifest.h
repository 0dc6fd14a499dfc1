/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/dir.h"
#include "results/result.h"

/* Version of the result directory's format, in MANIFEST; raised when an older reader would
 * misunderstand a new directory (a new column is no such case). */
#define MIG_RESULT_FORMAT 1

/* mig_manifest_save: MANIFEST, with this tool's version and format. */
gboolean mig_manifest_save (const MigManifest *manifest, const MigDir *dir, GError **error);

/* mig_manifest_load: *manifest is filled on success. Errors: INVALID with the file and the key;
 * UNSUPPORTED for a newer format. */
gboolean mig_manifest_load (MigManifest *manifest, const MigDir *dir, GError **error);
