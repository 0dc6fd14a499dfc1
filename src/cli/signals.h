/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/run-handle.h"

/* mig_signals_reach: from now on the first interrupt cancels what the handle reaches, and Ctrl-Z
 * waits until its direct migrations have ended. stopping: the line that says what an interrupt
 * does. handle: NULL: they do at once what they do. */
void mig_signals_reach (MigRunHandle *handle, const char *stopping);
