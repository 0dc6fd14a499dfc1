/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/loaded-result.h"

/* recorded_load: a result of tests/data, by the name of its folder. */
MigLoadedResult *recorded_load (const char *name);
