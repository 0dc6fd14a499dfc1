/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What was found out once, at some cost, and holds until something that it depends on changes: kept
 * in the user's cache, one file per name, under a key that names all that it depends on. */

/* mig_cached_verdict_recall: TRUE where the verdict of that name was kept under that very key.
 * *verdict: as it was kept; the caller frees it. key NULL: FALSE. */
gboolean mig_cached_verdict_recall (const char *name, const char *key, char **verdict);

/* mig_cached_verdict_keep: in the place of an earlier one. verdict NULL is one too; key NULL: it is
 * not kept. Where the cache cannot be written to, it has to be found out again. */
void mig_cached_verdict_keep (const char *name, const char *key, const char *verdict);
