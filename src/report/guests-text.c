/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/guests-text.h"
#include "summary/sequences.h"

/* What a guest does, of one and of several; NULL at the end. */
static const struct {
  const char *workload, *one, *many;
} doings[] = {
  { "cpu", "computes", "compute" },
  { "memory", "updates memory", "update memory" },
  { "io", "writes to its disk", "write to their disks" },
  { "idle", "does nothing", "do nothing" },
  { NULL, NULL, NULL },
};

static const char *
workload_text (const MigClassInfo *info, gboolean many)
{
  for (guint i = 0; doings[i].workload; i++)
    if (strcmp (doings[i].workload, info->workload) == 0)
      return many ? doings[i].many : doings[i].one;
  return NULL;
}

/* doing: "computes"; NULL: guests of several classes of the case do that, or nothing is known. */
static const char *
doing (const MigCaseSummary *study_case, const MigClassInfo *info, gboolean many)
{
  guint same = 0;

  for (guint i = 0; i < study_case->classes->len; i++)
    same += strcmp (((MigClassSummary *) study_case->classes->pdata[i])->info->workload,
                    info->workload) == 0;
  return same == 1 ? workload_text (info, many) : NULL;
}

static char *
count_text (guint n)
{
  static const char *const words[] = { "none", "one", "two",   "three", "four",
                                       "five", "six", "seven", "eight", "nine" };
  return n < G_N_ELEMENTS (words) ? g_strdup (words[n]) : g_strdup_printf ("%u", n);
}

static guint
count_class (const GPtrArray *moved, const MigClassInfo *info)
{
  guint n = 0;

  for (guint i = 0; i < moved->len; i++)
    n += moved->pdata[i] == info;
  return n;
}

/* classes_of: those that a case moves, each once, in their order. */
static GPtrArray *
classes_of (const MigCaseSummary *study_case)
{
  GPtrArray *classes = g_ptr_array_new ();

  for (guint i = 0; i < study_case->classes_moved->len; i++)
    if (!g_ptr_array_find (classes, study_case->classes_moved->pdata[i], NULL))
      g_ptr_array_add (classes, study_case->classes_moved->pdata[i]);
  return classes;
}

char *
mig_guests_text (const MigCaseSummary *study_case)
{
  g_autoptr (GPtrArray) classes = classes_of (study_case);
  GString *text = g_string_new (NULL);

  g_ptr_array_sort (classes, mig_class_compare_names);
  for (guint i = 0; i < classes->len; i++)
    {
      const MigClassInfo *info = classes->pdata[i];
      guint n = count_class (study_case->classes_moved, info);
      const char *does = doing (study_case, info, n > 1);
      g_autofree char *count = count_text (n);
      g_string_append (text, i == 0 ? "" : i + 1 < classes->len ? ", " : " and ");
      if (does)
        g_string_append_printf (text, "%s that %s", count, does);
      else if (n == 1)
        g_string_append (text, info->name);
      else
        g_string_append_printf (text, "%s of %s", count, info->name);
    }
  if (classes->len == 0)
    g_string_append (text, study_case->name);
  return g_string_free (text, FALSE);
}

char *
mig_guests_first_text (const MigCaseSummary *study_case)
{
  g_autoptr (GPtrArray) classes = classes_of (study_case);
  gboolean many = study_case->classes_moved->len > 1;
  const char *does = classes->len == 1 ? doing (study_case, classes->pdata[0], many) : NULL;

  return does                ? g_strdup_printf ("the guest%s that %s", many ? "s" : "", does)
         : classes->len == 1 ? g_strdup_printf ("the guest%s of %s", many ? "s" : "",
                                                ((const MigClassInfo *) classes->pdata[0])->name)
                             : mig_guests_text (study_case);
}

char *
mig_guests_legend (const MigSummary *summary)
{
  GString *out = g_string_new (NULL);
  const MigCaseSummary *mixed = NULL;

  for (guint i = 0; i < summary->classes->len; i++)
    {
      const MigClassInfo *info = summary->classes->pdata[i];
      const char *does = workload_text (info, FALSE);
      if (does)
        g_string_append_printf (out, "%s%s %s", out->len > 0 ? ", " : "", info->name, does);
    }
  for (guint i = 0; i < summary->cases->len && !mixed; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      g_autoptr (GPtrArray) classes = classes_of (study_case);
      if (classes->len == 2 && study_case->classes_moved->len == 2 && !study_case->parallel)
        mixed = study_case;
    }
  if (mixed && out->len > 0)
    {
      g_autofree char *order = mig_sequence_order (mixed);
      g_string_append_printf (out, "; %s: first %s, then %s", order,
                              ((const MigClassInfo *) mixed->classes_moved->pdata[0])->name,
                              ((const MigClassInfo *) mixed->classes_moved->pdata[1])->name);
    }
  if (out->len > 0)
    g_string_append_c (out, '.');
  return g_string_free (out, out->len == 0);
}
