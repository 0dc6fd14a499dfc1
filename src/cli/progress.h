/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/runner.h"

/* What is shown while a study runs: one changing line on a terminal, a line per step elsewhere, and a
 * line that stays for each repetition that is over. data of the observer: unused. */
MigRunObserver mig_progress_observer (void);
