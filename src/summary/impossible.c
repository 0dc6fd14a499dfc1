/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/columns.h"
#include "summary/impossible.h"

/* One thing that holds of every row: a value is not below 0, or not before another moment, or, of
 * one of its run, not after that. */
typedef struct {
  MigTable table;
  const char *column, *limit; /* limit: NULL: not negative */
  gsize offset, limit_offset;
  gboolean of_run, later; /* the limit is the run's; what is later than that is impossible */
} Rule;

#define NOT_BEFORE(table, Record, column, after)                                                   \
  {                                                                                                \
    table, #column, #after, G_STRUCT_OFFSET (Record, column), G_STRUCT_OFFSET (Record, after)      \
  }
#define NOT_NEGATIVE(table, Record, column)                                                        \
  {                                                                                                \
    table, #column, NULL, G_STRUCT_OFFSET (Record, column), 0                                      \
  }
#define IN_RUN(column, limit, later)                                                               \
  {                                                                                                \
    MIG_TABLE_MIGRATIONS, #column, #limit, G_STRUCT_OFFSET (MigMigrationRecord, column),           \
        G_STRUCT_OFFSET (MigRunRecord, limit), TRUE, later                                         \
  }
#define RUN_ORDER(column, after) NOT_BEFORE (MIG_TABLE_RUNS, MigRunRecord, column, after)
#define RUN(column) NOT_NEGATIVE (MIG_TABLE_RUNS, MigRunRecord, column)
#define ORDER(column, after) NOT_BEFORE (MIG_TABLE_MIGRATIONS, MigMigrationRecord, column, after)
#define MIGRATION(column) NOT_NEGATIVE (MIG_TABLE_MIGRATIONS, MigMigrationRecord, column)

static const Rule rules[] = {
  RUN_ORDER (ready_ns, started_ns),
  RUN_ORDER (migrations_start_ns, window_start_ns),
  RUN_ORDER (migrations_end_ns, migrations_start_ns),
  RUN_ORDER (window_end_ns, window_start_ns),
  RUN_ORDER (ended_ns, started_ns),
  RUN (own_wait_ns),
  RUN (observing_before_ns),
  RUN (observing_during_ns),
  RUN (observing_after_ns),
  IN_RUN (start_ns, started_ns, FALSE),
  IN_RUN (end_ns, ended_ns, TRUE),
  IN_RUN (resumed_ns, ended_ns, TRUE),
  ORDER (end_ns, start_ns),
  ORDER (suspended_ns, start_ns),
  ORDER (resumed_ns, suspended_ns),
  MIGRATION (transfer_ns),
  MIGRATION (setup_ns),
  MIGRATION (downtime_reported_ns),
  MIGRATION (sent_bytes),
  MIGRATION (ram_bytes),
  MIGRATION (normal_pages),
  MIGRATION (constant_pages),
  MIGRATION (rounds),
  MIGRATION (post_copy_requests),
  MIGRATION (disk_total_bytes),
  MIGRATION (disk_sent_bytes),
  MIGRATION (disk_ns),
};

static gint64 *
member (gpointer record, gsize offset)
{
  return G_STRUCT_MEMBER_P (record, offset);
}

/* describe: whose value it is. */
static MigImpossible
describe (const Rule *rule, gconstpointer record)
{
  if (rule->table == MIG_TABLE_RUNS)
    {
      const MigRunRecord *run = record;
      return (MigImpossible){ .line = run->line, .run = run->run };
    }
  const MigMigrationRecord *migration = record;
  return (
      MigImpossible){ .line = migration->line, .run = migration->run, .guest = migration->guest };
}

/* is_possible: so far as it is known. */
static gboolean
is_possible (const Rule *rule, gint64 value, gint64 limit)
{
  return MIG_IS_MISSING (value) || MIG_IS_MISSING (limit) ||
         (rule->later ? value <= limit : value >= limit);
}

/* apply: run: the record's; NULL: there is none. */
static void
apply (const Rule *rule, gpointer record, gpointer run, GArray *found)
{
  gpointer limited_by = rule->of_run ? run : record;
  gint64 *value = member (record, rule->offset);

  if (!limited_by)
    return;
  gint64 limit = rule->limit ? *member (limited_by, rule->limit_offset) : 0;
  if (is_possible (rule, *value, limit))
    return;
  MigImpossible impossible = describe (rule, record);
  impossible.table = rule->table;
  impossible.column = rule->column;
  impossible.limited_by = rule->limit;
  impossible.of_run = rule->of_run;
  impossible.later = rule->later;
  impossible.value = *value;
  impossible.limit = limit;
  g_array_append_val (found, impossible);
  *value = MIG_MISSING_INT;
}

/* take_out: by_run: the rows of runs, of whose moments the impossible ones are out already. */
static void
take_out (MigTable table, GPtrArray *records, GHashTable *by_run, GArray *found)
{
  for (guint i = 0; i < records->len; i++)
    {
      const MigMigrationRecord *migration = records->pdata[i];
      gpointer run = by_run ? g_hash_table_lookup (by_run, &migration->run) : NULL;
      for (guint k = 0; k < G_N_ELEMENTS (rules); k++)
        if (rules[k].table == table)
          apply (&rules[k], records->pdata[i], run, found);
    }
}

GArray *
mig_impossible_take_out (GPtrArray *runs, GPtrArray *migrations)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (MigImpossible));
  g_autoptr (GHashTable) by_run = g_hash_table_new (g_int64_hash, g_int64_equal);

  take_out (MIG_TABLE_RUNS, runs, NULL, found);
  for (guint i = 0; i < runs->len; i++)
    g_hash_table_insert (by_run, &((MigRunRecord *) runs->pdata[i])->run, runs->pdata[i]);
  take_out (MIG_TABLE_MIGRATIONS, migrations, by_run, found);
  return found;
}

char *
mig_impossible_text (const MigImpossible *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s.csv:", mig_table_info (self->table)->name);
  if (self->line > 0)
    g_string_append_printf (text, "%u:", self->line);
  g_string_append_printf (text, " %s ", self->column);
  if (self->limited_by)
    {
      guint64 earlier = (guint64) MIN (self->value, self->limit);
      /* both are of files: their distance may not fit */
      g_autofree char *distance = mig_units_format_duration (
          (gint64) MIN ((guint64) MAX (self->value, self->limit) - earlier, (guint64) G_MAXINT64));
      g_string_append_printf (text, "is %s %s %s%s", distance, self->later ? "after" : "before",
                              self->of_run ? "its run's " : "", self->limited_by);
    }
  else
    g_string_append_printf (text, "is negative: %" G_GINT64_FORMAT, self->value);
  g_string_append_printf (text, " (run %" G_GINT64_FORMAT, self->run);
  if (self->guest)
    g_string_append_printf (text, ", guest '%s'", self->guest);
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}
