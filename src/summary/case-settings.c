/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "summary/case-settings.h"
#include "summary/runs.h"
#include "summary/sequences.h"

/* More cases than these are counted instead of named. */
#define MOST_NAMED 6

/* ---- how each case migrates ---- */

static void
set_value (MigCaseSummary *study_case, MigSetting setting, const char *value)
{
  if (!value)
    return;
  g_free (study_case->settings[setting]);
  study_case->settings[setting] = g_strdup (value);
}

static void
set_of_run (MigCaseSummary *study_case, const MigRunState *run)
{
  for (guint i = 0; i < run->migrations->len; i++)
    {
      const MigMigrationRecord *m = run->migrations->pdata[i];
      set_value (study_case, MIG_SETTING_TECHNIQUE, m->technique);
      set_value (study_case, MIG_SETTING_STOP_RULE, m->stop_rule);
      set_value (study_case, MIG_SETTING_CONTROL, m->control);
    }
}

void
mig_case_settings_set (MigSummary *summary, const MigSettings *settings, const GPtrArray *runs)
{
  for (guint i = 0; i < summary->cases->len; i++)
    {
      MigCaseSummary *study_case = summary->cases->pdata[i];
      for (guint k = 0; k < MIG_N_SETTINGS; k++)
        set_value (study_case, k, mig_settings_find (settings, study_case->label, k));
    }
  for (guint i = 0; i < runs->len; i++)
    {
      const MigRunState *run = runs->pdata[i];
      const char *label = run->record->case_label;
      MigCaseSummary *of = label ? g_hash_table_lookup (summary->case_labelled, label) : NULL;
      if (of)
        set_of_run (of, run);
    }
}

/* ---- what differs ---- */

static void
free_change (gpointer data)
{
  MigSettingChange *change = data;

  g_free (change->scope);
  g_free (change);
}

static gboolean
is_swept (const MigCaseSummary *study_case, MigSetting setting)
{
  return mig_sequence_value (study_case, mig_setting_info (setting)->attribute) != NULL;
}

static const char *
base_of (const GPtrArray *bases, guint index, MigSetting setting)
{
  return bases ? ((const MigCaseSummary *) bases->pdata[index])->settings[setting]
               : mig_setting_info (setting)->by_default;
}

/* find: of the changes from first on; NULL: there is none yet. */
static MigSettingChange *
find (const GPtrArray *changes, guint first, const char *base, const char *now)
{
  for (guint i = first; i < changes->len; i++)
    {
      MigSettingChange *change = changes->pdata[i];
      if (g_strcmp0 (change->base, base) == 0 && g_strcmp0 (change->now, now) == 0)
        return change;
    }
  return NULL;
}

/* scope_of: the cases that have that change. */
static char *
scope_of (const GPtrArray *bases, const GPtrArray *cases, const MigSettingChange *change)
{
  g_autoptr (GString) labels = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < cases->len; i++)
    {
      const MigCaseSummary *study_case = cases->pdata[i];
      if (is_swept (study_case, change->setting) ||
          g_strcmp0 (base_of (bases, i, change->setting), change->base) != 0 ||
          g_strcmp0 (study_case->settings[change->setting], change->now) != 0)
        continue;
      if (n++ < MOST_NAMED)
        g_string_append_printf (labels, "%s%s", n > 1 ? ", " : "", study_case->label);
    }
  return n == cases->len  ? g_strdup ("migrations")
         : n > MOST_NAMED ? g_strdup_printf ("migrations of %u of %u cases", n, cases->len)
                          : g_strdup_printf ("migrations of %s", labels->str);
}

static void
add_changes (GPtrArray *changes, const GPtrArray *bases, const GPtrArray *cases, MigSetting setting)
{
  guint first = changes->len;

  for (guint i = 0; i < cases->len; i++)
    {
      const MigCaseSummary *study_case = cases->pdata[i];
      MigSettingChange change = { NULL, setting, base_of (bases, i, setting),
                                  study_case->settings[setting] };
      if (!change.base || !change.now || g_strcmp0 (change.base, change.now) == 0 ||
          is_swept (study_case, setting) || find (changes, first, change.base, change.now))
        continue;
      change.scope = scope_of (bases, cases, &change);
      g_ptr_array_add (changes, g_memdup2 (&change, sizeof change));
    }
}

GPtrArray *
mig_case_settings_differ (const GPtrArray *bases, const GPtrArray *cases)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func (free_change);

  for (guint i = 0; i < MIG_N_SETTINGS; i++)
    add_changes (changes, bases, cases, i);
  return changes;
}
