/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "watch/migration-log.h"

typedef struct {
  MigTable table;
  gint64 time_ns;
  gpointer record;
} Row;

struct _MigMigrationLog {
  MigJobStatistics *job, *completed; /* NULL: none */
  GArray *rows;                      /* Row */
};

static void
clear_row (gpointer data)
{
  g_free (((Row *) data)->record);
}

MigMigrationLog *
mig_migration_log_new (void)
{
  MigMigrationLog *self = g_new0 (MigMigrationLog, 1);

  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_array_set_clear_func (self->rows, clear_row);
  return self;
}

void
mig_migration_log_free (MigMigrationLog *self)
{
  g_array_unref (self->rows);
  g_free (self->job);
  g_free (self->completed);
  g_free (self);
}

static void
keep (MigJobStatistics **kept, const MigJobStatistics *job)
{
  g_free (*kept);
  *kept = g_memdup2 (job, sizeof *job);
}

void
mig_migration_log_job (MigMigrationLog *self, const MigJobStatistics *job)
{
  keep (&self->job, job);
}

void
mig_migration_log_completed (MigMigrationLog *self, const MigJobStatistics *job)
{
  keep (&self->completed, job);
}

const MigJobStatistics *
mig_migration_log_last (const MigMigrationLog *self)
{
  return self->job;
}

const MigJobStatistics *
mig_migration_log_whole (const MigMigrationLog *self)
{
  return self->completed;
}

void
mig_migration_log_row (MigMigrationLog *self, MigTable table, gint64 time_ns, gconstpointer record)
{
  const Row row = { table, time_ns, mig_record_copy (table, record) };

  g_array_append_val (self->rows, row);
}

/* by_time: rows of one moment in the order in which they came. */
static int
by_time (gconstpointer a, gconstpointer b)
{
  const Row *x = a, *y = b;

  return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

static void
set_run (const Row *row, gint64 run)
{
  if (row->table == MIG_TABLE_EVENTS)
    ((MigEventRecord *) row->record)->run = run;
  else
    ((MigRoundRecord *) row->record)->run = run;
}

void
mig_migration_logs_write (const GPtrArray *logs, gint64 run, MigMigrationLogFunc write,
                          gpointer data)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));

  for (guint i = 0; i < logs->len; i++)
    {
      const GArray *own = ((const MigMigrationLog *) logs->pdata[i])->rows;
      g_array_append_vals (rows, own->data, own->len);
    }
  g_array_sort (rows, by_time); /* which is stable in GLib */
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      set_run (row, run);
      write (row->table, row->record, data);
    }
}
