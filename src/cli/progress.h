/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/progress.h"

/* What is shown while a study runs: one changing line on a terminal, a line per step elsewhere, and
 * a line that stays for each repetition that is over. period_ns: of the heartbeats. */
MigRunObserver mig_progress_observer (gint64 period_ns);

/* mig_progress_add_migration: appends one that goes on: "  m1 -> b 3.20 s round 2 45.0 MB". */
void mig_progress_add_migration (GString *text, const MigProgressMigration *migration);
