/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "summary/sequences.h"

GArray *
mig_dirtiness_new (const GPtrArray *guest_records)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (MigDirtiness));

  for (guint i = 0; i < guest_records->len; i++)
    {
      const MigGuestRecord *guest = guest_records->pdata[i];
      MigDirtiness added = { guest->class_name, 0, 0 };
      gboolean known = guest->class_name == NULL;
      for (guint j = 0; j < list->len && !known; j++)
        known = strcmp (g_array_index (list, MigDirtiness, j).class_name, guest->class_name) == 0;
      if (known)
        continue;
      if (g_strcmp0 (guest->workload, "memory") == 0)
        {
          added.pages_per_s = MIG_IS_MISSING (guest->rate_pages_per_s)
                                  ? HUGE_VAL
                                  : (double) guest->rate_pages_per_s;
          added.wss_bytes = MIG_IS_MISSING (guest->wss_bytes) ? 0 : (double) guest->wss_bytes;
        }
      g_array_append_val (list, added);
    }
  return list;
}

static MigDirtiness
find (const GArray *dirtiness, const char *class_name)
{
  for (guint i = 0; i < dirtiness->len; i++)
    if (g_strcmp0 (g_array_index (dirtiness, MigDirtiness, i).class_name, class_name) == 0)
      return g_array_index (dirtiness, MigDirtiness, i);
  return (MigDirtiness){ class_name, 0, 0 };
}

static gboolean
is_dirtier (MigDirtiness a, MigDirtiness b, gboolean coarse)
{
  if (coarse)
    return a.pages_per_s > 0 && !(b.pages_per_s > 0);
  return a.pages_per_s > b.pages_per_s ||
         (a.pages_per_s == b.pages_per_s && a.wss_bytes > b.wss_bytes);
}

guint
mig_sequence_count_dirty (const MigCaseSummary *study_case, const GArray *dirtiness)
{
  guint n = 0;

  for (guint i = 0; i < study_case->classes_moved->len; i++)
    n += find (dirtiness, study_case->classes_moved->pdata[i]).pages_per_s > 0;
  return n;
}

gboolean
mig_sequence_is_ascending (const MigCaseSummary *study_case, const GArray *dirtiness,
                           gboolean coarse)
{
  const GPtrArray *moved = study_case->classes_moved;

  for (guint i = 1; i < moved->len; i++)
    if (is_dirtier (find (dirtiness, moved->pdata[i - 1]), find (dirtiness, moved->pdata[i]),
                    coarse))
      return FALSE;
  return TRUE;
}

static guint
count (const GPtrArray *moved, const char *class_name)
{
  guint n = 0;

  for (guint i = 0; i < moved->len; i++)
    n += strcmp (moved->pdata[i], class_name) == 0;
  return n;
}

gboolean
mig_sequence_same_guests (const MigCaseSummary *a, const MigCaseSummary *b)
{
  if (a->parallel || b->parallel || a->classes_moved->len != b->classes_moved->len ||
      a->classes_moved->len == 0)
    return FALSE;
  for (guint i = 0; i < a->classes_moved->len; i++)
    if (count (a->classes_moved, a->classes_moved->pdata[i]) !=
        count (b->classes_moved, a->classes_moved->pdata[i]))
      return FALSE;
  return TRUE;
}

static const char *
value_of (const MigCaseSummary *study_case, const char *parameter)
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
      if (g_strcmp0 (record->value, value_of (b, record->parameter)) != 0)
        return FALSE;
    }
  return TRUE;
}
