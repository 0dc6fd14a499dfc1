/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/order-map.h"
#include "summary/order-factors.h"
#include "summary/sequences.h"

/* What a map of orders explains: with which of the conditions its verdicts change. */

typedef enum { FACTOR_CHANGES, FACTOR_SAME, FACTOR_UNKNOWN, N_FACTOR_KINDS } FactorKind;

static FactorKind
kind_of (const MigOrderFactor *factor)
{
  return factor->n_changed > 0 ? FACTOR_CHANGES : factor->n_same > 0 ? FACTOR_SAME : FACTOR_UNKNOWN;
}

static guint
count_kind (const GArray *factors, FactorKind kind)
{
  guint n = 0;

  for (guint i = 0; i < factors->len; i++)
    n += kind_of (&g_array_index (factors, MigOrderFactor, i)) == kind;
  return n;
}

/* append_pairs: " (in 3 of 4, 1 not known)": of the first that is told of with what these are. */
static void
append_pairs (GString *out, const MigOrderFactor *factor, gboolean *told)
{
  guint n = factor->n_changed + factor->n_same + factor->n_unknown;

  g_string_append_printf (out, " (in %u of %u%s", factor->n_changed, n,
                          *told ? "" : " pairs of conditions that differ in nothing else");
  if (factor->n_unknown > 0)
    g_string_append_printf (out, ", %u not known", factor->n_unknown);
  g_string_append_c (out, ')');
  *told = TRUE;
}

/* append_list: "the link (in 4 of 4), the sender (in 2 of 4) or the receiver (in 1 of 4)". */
static void
append_list (GString *out, const MigConditions *conditions, const GArray *factors, FactorKind kind,
             const char *last, gboolean *told)
{
  guint n = count_kind (factors, kind), k = 0;

  for (guint i = 0; i < factors->len; i++)
    {
      const MigOrderFactor *factor = &g_array_index (factors, MigOrderFactor, i);
      if (kind_of (factor) != kind)
        continue;
      g_autofree char *name = mig_conditions_name (conditions, factor->parameter);
      g_string_append_printf (out, "%sthe %s", k == 0 ? "" : k + 1 == n ? last : ", ", name);
      if (kind != FACTOR_UNKNOWN)
        append_pairs (out, factor, told);
      k++;
    }
}

/* append_values: " Sender beside guests: cm is cheaper in 4; apart: not known in 4." */
static void
append_values (GString *out, const MigConditions *conditions, MigOrderField *const *fields, guint n,
               const char *parameter)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new ();
  g_autofree char *name = mig_conditions_name (conditions, parameter);

  for (guint i = 0; i < n; i++)
    {
      char *value = (char *) mig_sequence_value (fields[i]->first, parameter);
      if (!value || g_ptr_array_find_with_equal_func (values, value, g_str_equal, NULL))
        continue;
      g_autofree char *word = mig_conditions_value (conditions, fields[i]->first, parameter);
      g_autofree char *counts = mig_order_map_counts (fields, n, parameter, value);
      if (values->len == 0)
        g_string_append_printf (out, " %c%s ", g_ascii_toupper (*name), name + 1);
      g_string_append_printf (out, "%s%s: %s", values->len > 0 ? "; " : "", word, counts);
      g_ptr_array_add (values, value);
    }
  g_string_append_c (out, '.');
}

char *
mig_order_factors_text (const MigConditions *conditions, MigOrderField *const *fields, guint n,
                        gboolean values)
{
  g_autoptr (GArray) factors = mig_order_factors (fields, n);
  gboolean changes = count_kind (factors, FACTOR_CHANGES) > 0,
           same = count_kind (factors, FACTOR_SAME) > 0, told = FALSE;
  GString *out = g_string_new (NULL);

  if (factors->len < 2)
    return g_string_free (out, TRUE);
  if (changes || same)
    g_string_append (out,
                     changes ? "The verdict changes with " : "The verdict does not change with ");
  append_list (out, conditions, factors, FACTOR_CHANGES, " and ", &told);
  g_string_append (out, changes && same ? ", not with " : "");
  append_list (out, conditions, factors, FACTOR_SAME, " or ", &told);
  g_string_append (out, changes || same ? "." : "");
  if (count_kind (factors, FACTOR_UNKNOWN) > 0)
    {
      g_string_append (out, changes || same ? " Whether it changes with "
                                            : "Whether the verdict changes with ");
      append_list (out, conditions, factors, FACTOR_UNKNOWN, " or ", &told);
      g_string_append (out, " is not known.");
    }
  for (guint i = 0; values && i < factors->len; i++)
    if (kind_of (&g_array_index (factors, MigOrderFactor, i)) == FACTOR_CHANGES)
      append_values (out, conditions, fields, n,
                     g_array_index (factors, MigOrderFactor, i).parameter);
  return g_string_free (out, FALSE);
}
