/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Many durations: gint64, ns. */

/* mig_durations_compare: for g_array_sort() and qsort(): the shortest first. */
int mig_durations_compare (gconstpointer a, gconstpointer b);

/* mig_durations_quantile: of sorted ones, by nearest rank: the least of them that at least so many
 * thousandths of all do not exceed. Missing: there are none. */
gint64 mig_durations_quantile (const GArray *sorted, guint thousandths);
