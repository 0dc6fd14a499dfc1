/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "hosts/migration-row.h"

static gint64
time_of (gint64 ns)
{
  return ns ? ns : MIG_MISSING_INT;
}

/* fill_disks: by the job's last words on its source, which alone knows of them. */
static void
fill_disks (MigMigrationRecord *row, const MigMigrationOutcome *outcome)
{
  const MigJobStatistics *words[] = { outcome->completed, outcome->sent };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i] && !MIG_IS_MISSING (words[i]->disk_total_bytes) && words[i]->disk_total_bytes > 0)
      {
        row->disk_total_bytes = words[i]->disk_total_bytes;
        row->disk_sent_bytes = words[i]->disk_sent_bytes;
        row->disk_ns = time_of (outcome->disk_ns);
        return;
      }
}

void
mig_migration_row_fill (MigMigrationRecord *row, const MigMigrationOutcome *outcome)
{
  mig_record_init (MIG_TABLE_MIGRATIONS, row);
  row->run = outcome->run;
  row->step = outcome->step;
  row->guest = (char *) outcome->guest;
  row->source = (char *) outcome->source;
  row->destination = (char *) outcome->destination;
  row->status = (char *) outcome->status;
  row->reason = (char *) outcome->reason;
  row->start_ns = time_of (outcome->start_ns);
  row->end_ns = time_of (outcome->end_ns);
  row->suspended_ns = time_of (outcome->suspended_ns);
  row->resumed_ns = time_of (outcome->resumed_ns);
  if (outcome->completed)
    {
      row->transfer_ns = outcome->completed->elapsed_ns;
      row->setup_ns = outcome->completed->setup_ns;
      row->downtime_reported_ns = outcome->completed->downtime_ns;
    }
  fill_disks (row, outcome);
  const MigJobStatistics *sent = outcome->completed ? outcome->completed : outcome->sent;
  if (!sent)
    return;
  row->sent_bytes = sent->sent_bytes;
  row->ram_bytes = sent->ram_bytes;
  row->normal_pages = sent->normal_pages;
  row->constant_pages = sent->constant_pages;
  row->rounds = sent->rounds;
  row->post_copy_requests = sent->post_copy_requests;
}

void
mig_round_row_fill (MigRoundRecord *row, gint64 run, const char *guest, gint64 round,
                    gint64 start_ns, const MigJobStatistics *job)
{
  mig_record_init (MIG_TABLE_ROUNDS, row);
  row->run = run;
  row->guest = (char *) guest;
  row->round = round;
  row->start_ns = start_ns;
  if (!job)
    return;
  row->sent_bytes = job->sent_bytes;
  if (!MIG_IS_MISSING (job->normal_pages) && !MIG_IS_MISSING (job->constant_pages))
    row->sent_pages = job->normal_pages + job->constant_pages;
  row->remaining_bytes = job->remaining_bytes;
  row->dirty_pages_per_s = job->dirty_pages_per_s;
  row->send_bytes_per_s = job->send_bytes_per_s;
}
