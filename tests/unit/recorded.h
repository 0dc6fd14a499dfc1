/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/loaded-result.h"

/* recorded_load: a result of tests/data, by the name of its folder. */
MigLoadedResult *recorded_load (const char *name);

/* recorded_renew: the same result as it would be written now, in a new directory: without rows of
 * runs behind last_run. */
void recorded_renew (const char *name, gint64 last_run, const char *directory);
