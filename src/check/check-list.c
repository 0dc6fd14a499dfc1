/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "check/check-list.h"

void
mig_check_free (gpointer data)
{
  MigCheck *check = data;

  g_free (check->subject);
  g_free (check->topic);
  g_free (check->finding);
  g_free (check->hint);
  g_free (check->guest);
  g_free (check->uuid);
  g_clear_pointer (&check->variants, g_ptr_array_unref);
  g_free (check);
}

MigCheck *
mig_check_add (GPtrArray *checks, MigCheckLevel level, const char *subject, const char *topic,
               char *finding, char *hint)
{
  MigCheck *check = g_new0 (MigCheck, 1);
  *check = (MigCheck){ .level = level,
                       .subject = g_strdup (subject),
                       .topic = g_strdup (topic),
                       .finding = finding,
                       .hint = hint };
  g_ptr_array_add (checks, check);
  return check;
}

char *
mig_check_message (const MigCheck *check)
{
  if (strcmp (check->subject, MIG_CHECK_STUDY) == 0)
    return g_strdup_printf ("%s; %s", check->finding, check->hint);
  if (strcmp (check->subject, MIG_CHECK_MACHINE) == 0)
    return g_strdup_printf ("%s: %s; %s", check->subject, check->finding, check->hint);
  return g_strdup_printf ("host '%s': %s; %s", check->subject, check->finding, check->hint);
}

/* ---- the variants of a study ---- */

static MigCheck *
find_same (const GPtrArray *checks, const MigCheck *wanted)
{
  for (guint i = 0; i < checks->len; i++)
    {
      MigCheck *check = checks->pdata[i];
      if (check->level == wanted->level && strcmp (check->subject, wanted->subject) == 0 &&
          strcmp (check->topic, wanted->topic) == 0 &&
          strcmp (check->finding, wanted->finding) == 0)
        return check;
    }
  return NULL;
}

void
mig_check_gather (GPtrArray *checks, GPtrArray *found, const MigStudy *variant)
{
  while (found->len)
    {
      MigCheck *check = g_ptr_array_steal_index (found, 0), *same = find_same (checks, check);
      if (same)
        mig_check_free (check);
      else
        g_ptr_array_add (checks, same = check);
      if (!same->variants)
        same->variants = g_ptr_array_new ();
      if (!g_ptr_array_find (same->variants, variant, NULL))
        g_ptr_array_add (same->variants, (gpointer) variant);
    }
}

static gboolean
is_about (const MigCheck *check, const MigStudy *variant)
{
  return check->variants && g_ptr_array_find (check->variants, variant, NULL);
}

void
mig_check_let_skip (GPtrArray *checks, const MigStudy *study)
{
  guint n = mig_study_n_variants (study), sound = 0;

  for (guint v = 0; v < n; v++)
    {
      gboolean fails = FALSE;
      for (guint i = 0; i < checks->len; i++)
        {
          const MigCheck *check = checks->pdata[i];
          fails |= check->level == MIG_CHECK_FAIL && is_about (check, mig_study_variant (study, v));
        }
      sound += !fails;
    }
  for (guint i = 0; sound && i < checks->len; i++)
    {
      MigCheck *check = checks->pdata[i];
      if (check->level != MIG_CHECK_FAIL || !check->variants || check->variants->len == n)
        continue;
      check->level = MIG_CHECK_WARN;
      check->skips = TRUE;
      g_free (check->hint);
      check->hint = g_strdup_printf ("%u of the study's %u variants are skipped",
                                     check->variants->len, n);
    }
}

/* ---- what follows from them ---- */

GHashTable *
mig_check_identities (const GPtrArray *checks)
{
  GHashTable *identities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < checks->len; i++)
    {
      const MigCheck *check = checks->pdata[i];
      if (check->uuid)
        g_hash_table_insert (identities, g_strdup (check->guest), g_strdup (check->uuid));
    }
  return identities;
}

GHashTable *
mig_check_skipped (const GPtrArray *checks, const MigStudy *study)
{
  GHashTable *skipped = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint c = 0; c < study->cases->len; c++)
    for (guint i = 0; i < checks->len; i++)
      {
        const MigStudyCase *study_case = study->cases->pdata[c];
        const MigCheck *check = checks->pdata[i];
        if (check->skips && is_about (check, study_case->study) &&
            !g_hash_table_contains (skipped, study_case->label))
          g_hash_table_insert (skipped, g_strdup (study_case->label), g_strdup (check->finding));
      }
  return skipped;
}

gboolean
mig_check_error (const GPtrArray *checks, gboolean insist, GError **error)
{
  for (guint i = 0; i < checks->len; i++)
    {
      const MigCheck *check = g_ptr_array_index ((GPtrArray *) checks, i);
      if (check->level != MIG_CHECK_FAIL || (insist && check->trust))
        continue;
      g_autofree char *message = mig_check_message (check);
      g_set_error_literal (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED, message);
      return FALSE;
    }
  return TRUE;
}
