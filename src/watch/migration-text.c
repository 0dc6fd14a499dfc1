/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/units.h"
#include "watch/migration-text.h"

#define ELSEWHERE "elsewhere"

static char *
standstill_of (const MigTrackedMigration *migration)
{
  gboolean both = !MIG_IS_MISSING (migration->suspended_ns) &&
                  !MIG_IS_MISSING (migration->resumed_ns);

  return both ? mig_units_format_duration (migration->resumed_ns - migration->suspended_ns) : NULL;
}

static void
append_post_copy (GString *text, const MigTrackedMigration *migration)
{
  if (MIG_IS_MISSING (migration->post_copy_ns))
    return;
  g_string_append (text, ", by post-copy");
  if (migration->recoveries > 0)
    g_string_append_printf (text, ", which failed and was recovered %u time%s",
                            migration->recoveries, migration->recoveries == 1 ? "" : "s");
}

static void
append_moved (GString *text, const MigTrackedMigration *migration, const char *from, const char *to)
{
  g_autofree char *total = mig_units_format_duration (migration->end_ns - migration->start_ns);
  g_autofree char *down = standstill_of (migration);

  g_string_append_printf (text, "moved from %s to %s", from, to);
  if (!migration->late)
    g_string_append_printf (text, " in %s", total);
  if (down)
    g_string_append_printf (text, ", downtime %s by events", down);
  if (migration->owner_suspended)
    g_string_append (text, ", suspended by its owner while copying");
  append_post_copy (text, migration);
}

static void
append_stayed (GString *text, const MigTrackedMigration *migration, const char *from,
               const char *to)
{
  g_autofree char *total = mig_units_format_duration (migration->end_ns - migration->start_ns);
  g_autofree char *down = standstill_of (migration);

  if (migration->unseen)
    g_string_append_printf (text, "moving from %s to %s, the end not seen", from, to);
  else
    g_string_append_printf (text, "did not move from %s", from);
  if (!migration->late)
    g_string_append_printf (text, " after %s", total);
  g_string_append_printf (text, ": %s", migration->failure);
  if (down)
    g_string_append_printf (text, "; it stood still for %s", down);
}

char *
mig_migration_text (const MigTrackedMigration *migration, const char *from, const char *to,
                    const char *clients)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s: ", migration->guest);
  if (migration->failure)
    append_stayed (text, migration, from ? from : ELSEWHERE, to ? to : ELSEWHERE);
  else
    append_moved (text, migration, from ? from : ELSEWHERE, to ? to : ELSEWHERE);
  if (clients)
    g_string_append_printf (text, "; clients: %s", clients);
  return g_string_free (text, FALSE);
}
