/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/run.h"

/* mig_run_tell_definitions: at the end of a run: which guests that were there have left a
 * definition on a host, or lost their autostart, and the command that puts it right. */
void mig_run_tell_definitions (MigRun *run);
