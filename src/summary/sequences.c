/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "summary/sequences.h"

gboolean
mig_class_is_dirtier (const MigClassInfo *a, const MigClassInfo *b, gboolean coarse)
{
  if (coarse)
    return a->dirty_pages_per_s > 0 && !(b->dirty_pages_per_s > 0);
  return a->dirty_pages_per_s > b->dirty_pages_per_s ||
         (a->dirty_pages_per_s == b->dirty_pages_per_s && a->wss_bytes > b->wss_bytes);
}

guint
mig_sequence_count_dirty (const MigCaseSummary *study_case)
{
  guint n = 0;

  for (guint i = 0; i < study_case->classes_moved->len; i++)
    n += ((const MigClassInfo *) study_case->classes_moved->pdata[i])->dirty_pages_per_s > 0;
  return n;
}

gboolean
mig_sequence_is_ascending (const MigCaseSummary *study_case, gboolean coarse)
{
  const GPtrArray *moved = study_case->classes_moved;

  for (guint i = 1; i < moved->len; i++)
    if (mig_class_is_dirtier (moved->pdata[i - 1], moved->pdata[i], coarse))
      return FALSE;
  return TRUE;
}

/* count_class: classes are the summary's, one record each. */
static guint
count_class (const GPtrArray *moved, const MigClassInfo *info)
{
  guint n = 0;

  for (guint i = 0; i < moved->len; i++)
    n += moved->pdata[i] == info;
  return n;
}

gboolean
mig_sequence_as_many (const MigCaseSummary *a, const MigCaseSummary *b)
{
  return !a->parallel && !b->parallel && a->classes_moved->len == b->classes_moved->len;
}

gboolean
mig_sequence_same_guests (const MigCaseSummary *a, const MigCaseSummary *b)
{
  if (!mig_sequence_as_many (a, b) || a->classes_moved->len == 0)
    return FALSE;
  for (guint i = 0; i < a->classes_moved->len; i++)
    if (count_class (a->classes_moved, a->classes_moved->pdata[i]) !=
        count_class (b->classes_moved, a->classes_moved->pdata[i]))
      return FALSE;
  return TRUE;
}

char *
mig_sequence_order (const MigCaseSummary *study_case)
{
  return g_strndup (study_case->name, strcspn (study_case->name, " "));
}

const char *
mig_sequence_conditions (const MigCaseSummary *study_case)
{
  const char *space = strchr (study_case->name, ' ');
  return space ? space + 1 : NULL;
}

const char *
mig_sequence_value (const MigCaseSummary *study_case, const char *parameter)
{
  for (guint i = 0; i < study_case->parameters->len; i++)
    {
      const MigParameterRecord *record = study_case->parameters->pdata[i];
      if (g_strcmp0 (record->parameter, parameter) == 0)
        return record->value;
    }
  return NULL;
}

gboolean
mig_sequence_same_conditions (const MigCaseSummary *a, const MigCaseSummary *b)
{
  if (a->parameters->len != b->parameters->len)
    return FALSE;
  for (guint i = 0; i < a->parameters->len; i++)
    {
      const MigParameterRecord *record = a->parameters->pdata[i];
      if (g_strcmp0 (record->value, mig_sequence_value (b, record->parameter)) != 0)
        return FALSE;
    }
  return TRUE;
}

static int
compare_parameters (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 ((*(const MigParameterRecord *const *) a)->parameter,
                    (*(const MigParameterRecord *const *) b)->parameter);
}

char *
mig_sequence_key (const MigCaseSummary *study_case)
{
  if (study_case->parallel || study_case->classes_moved->len == 0)
    return NULL;
  g_autoptr (GPtrArray) classes = g_ptr_array_copy (study_case->classes_moved, NULL, NULL);
  g_autoptr (GPtrArray) parameters = g_ptr_array_copy (study_case->parameters, NULL, NULL);
  GString *key = g_string_new (NULL);

  g_ptr_array_sort (classes, mig_class_compare_names);
  g_ptr_array_sort (parameters, compare_parameters);
  for (guint i = 0; i < classes->len; i++)
    g_string_append_printf (key, "%s\x1f", ((const MigClassInfo *) classes->pdata[i])->name);
  for (guint i = 0; i < parameters->len; i++)
    {
      const MigParameterRecord *record = parameters->pdata[i];
      g_string_append_printf (key, "\x1e%s\x1f%s", record->parameter ? record->parameter : "",
                              record->value ? record->value : "");
    }
  return g_string_free (key, FALSE);
}
