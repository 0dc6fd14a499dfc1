/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/simulation-state.h"

/* What a migration goes through: setup, rounds, the stopped phase, the switch, the end. */

void mig_migration_phases_begin (MigSimulation *self, MigSimMigration *m);

/* mig_migration_phases_step: its phase has ended. TRUE: so has the migration. */
gboolean mig_migration_phases_step (MigSimulation *self, MigSimMigration *m);
