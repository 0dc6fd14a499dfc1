/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What VMs and hosts are called in a study, which has shorter names of fewer letters. */

/* mig_study_labels: of names, in their order; no two are alike, and those that can stand as they
 * are do. prefix: before a name that does not begin with a letter. Freed by g_strfreev(). */
char **mig_study_labels (const GPtrArray *names, const char *prefix);
