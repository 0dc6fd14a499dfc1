/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/columns.h"
#include "virt/migrate.h"

/* What is known of a migration when it is over, whoever began it. */
typedef struct {
  gint64 run;
  guint step;
  const char *guest, *source, *destination; /* NULL: not known */
  const char *status, *reason;
  gint64 start_ns, end_ns, suspended_ns, resumed_ns; /* missing, or 0: not known */
  gint64 disk_ns;                                    /* of copying disks; the same */
  const MigJobStatistics *sent;      /* the source's last word on what was sent; NULL: none */
  const MigJobStatistics *completed; /* its word on the whole; NULL: none */
} MigMigrationOutcome;

/* mig_migration_row_fill: the row's texts are the outcome's own: mig_record_copy() keeps them. */
void mig_migration_row_fill (MigMigrationRecord *row, const MigMigrationOutcome *outcome);

/* mig_round_row_fill: of a round that begins; job: the hypervisor's word then; NULL: none. */
void mig_round_row_fill (MigRoundRecord *row, gint64 run, const char *guest, gint64 round,
                         gint64 start_ns, const MigJobStatistics *job);
