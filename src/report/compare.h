/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/compare.h"
#include "report/loaded-result.h"

/* A comparison of two results, rendered. The same input gives the same bytes; the caller frees
 * them.
 */

/* mig_compare_text: for a terminal, at most about 110 columns: conditions that differ first. */
char *mig_compare_text (const MigLoadedResult *base, const MigLoadedResult *now,
                        const MigComparison *comparison);

/* mig_compare_html: a page that needs nothing else: conditions that differ first, each change with
 * a picture of its interval. */
char *mig_compare_html (const MigLoadedResult *base, const MigLoadedResult *now,
                        const MigComparison *comparison);

/* mig_compare_json: everything, as described in migcost-results(5). */
char *mig_compare_json (const MigLoadedResult *base, const MigLoadedResult *now,
                        const MigComparison *comparison);
