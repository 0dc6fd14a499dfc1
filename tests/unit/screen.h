/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/run.h"

/* screen_lines: of the first screen, which has 24 of 80 columns at most, and an empty one at its
 * end. The caller frees them. */
GStrv screen_lines (const MigLoadedResult *report, const MigScreen *screen);
