/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "plan/fleet-column.h"

/* What a column holds; all others hold names. */
static const struct {
  const char *name;
  MigKind kind;
} kinds[] = {
  { "memory", MIG_KIND_AMOUNT },
  { "used", MIG_KIND_AMOUNT },
  { "wss", MIG_KIND_AMOUNT },
  { "link", MIG_KIND_RATE },
  { "max_downtime", MIG_KIND_DURATION },
  { "cpu", MIG_KIND_CPU },
  { "local_disk", MIG_KIND_AMOUNT },
};

static MigKind
kind_of (const MigColumn *column)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].name, column->name) == 0)
      return kinds[i].kind;
  return column->type == MIG_TYPE_STRING ? MIG_KIND_NAME : MIG_KIND_NUMBER;
}

/* plain_name: "Memory (MiB)" as "memory_mib". */
static char *
plain_name (const char *name)
{
  g_autofree char *clean = mig_quantity_clean (name);
  g_autofree char *lower = g_utf8_strdown (clean, -1);
  GString *plain = g_string_new (NULL);

  for (const char *p = lower; *p; p++)
    if (strchr (" -._([", *p) && plain->len > 0 && plain->str[plain->len - 1] != '_')
      g_string_append_c (plain, '_');
    else if (!strchr (" -._()[]", *p))
      g_string_append_c (plain, *p);
  return g_string_free (plain, FALSE);
}

MigFleetColumn
mig_fleet_column_find (const char *name)
{
  const MigTableInfo *info = mig_table_info (MIG_TABLE_FLEET);
  g_autofree char *plain = plain_name (name);

  for (guint i = 0; i < info->n_columns; i++)
    {
      const MigColumn *column = &info->columns[i];
      gsize length = strlen (column->name);
      if (strcmp (plain, column->name) == 0)
        return (MigFleetColumn){ column, kind_of (column), NULL, 0 };
      if (strncmp (plain, column->name, length) != 0 || plain[length] != '_')
        continue;
      const char *unit = mig_quantity_unit (kind_of (column), plain + length + 1);
      if (unit)
        return (MigFleetColumn){ column, kind_of (column), unit, 0 };
    }
  return (MigFleetColumn){ 0 };
}

char *
mig_fleet_column_unit (guint index)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint j = 0; mig_quantity_unit_at (kinds[i].kind, j); j++)
      if (index-- == 0)
        return g_strdup_printf ("%s=%s", kinds[i].name, mig_quantity_unit_at (kinds[i].kind, j));
  return NULL;
}

gboolean
mig_fleet_column_known (const char *name)
{
  return mig_fleet_column_find (name).column != NULL;
}
