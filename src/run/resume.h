/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* mig_resume_done: which repetitions of an interrupted result directory are sound already: a set of
 * mig_run_key(). seed: the one the directory was begun with. Errors: INVALID. */
GHashTable *mig_resume_done (const char *path, guint64 *seed, GError **error);
