/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "summary/experiments.h"
#include "summary/order-factors.h"
#include "summary/sequences.h"

gboolean
mig_order_same_orders (const MigOrderField *a, const MigOrderField *b)
{
  g_autofree char *a_first = mig_sequence_order (a->first),
                  *a_second = mig_sequence_order (a->second);
  g_autofree char *b_first = mig_sequence_order (b->first),
                  *b_second = mig_sequence_order (b->second);

  return strcmp (a_first, b_first) == 0 && strcmp (a_second, b_second) == 0 &&
         g_strcmp0 (a->first->experiment, b->first->experiment) == 0;
}

guint
mig_order_group (MigOrderField *const *fields, guint n)
{
  guint end = MIN (1, n);

  while (end < n && mig_order_same_orders (fields[0], fields[end]))
    end++;
  return end;
}

/* differ_in_it_alone: two fields, in a parameter. */
static gboolean
differ_in_it_alone (const MigOrderField *a, const MigOrderField *b, const char *parameter)
{
  const GPtrArray *parameters = a->first->parameters;
  gboolean differ = FALSE;

  for (guint i = 0; i < parameters->len; i++)
    {
      const MigParameterRecord *record = parameters->pdata[i];
      if (g_strcmp0 (record->value, mig_sequence_value (b->first, record->parameter)) == 0)
        continue;
      if (g_strcmp0 (record->parameter, parameter) != 0)
        return FALSE;
      differ = TRUE;
    }
  return differ;
}

static void
count_pair (MigOrderFactor *factor, const MigOrderField *a, const MigOrderField *b)
{
  if (a->verdict == MIG_FIELD_UNKNOWN || b->verdict == MIG_FIELD_UNKNOWN)
    factor->n_unknown++;
  else if (a->verdict == b->verdict)
    factor->n_same++;
  else
    factor->n_changed++;
}

GArray *
mig_order_factors (MigOrderField *const *fields, guint n)
{
  GArray *factors = g_array_new (FALSE, FALSE, sizeof (MigOrderFactor));
  const GPtrArray *parameters = n > 0 ? fields[0]->first->parameters : NULL;

  for (guint p = 0; parameters && p < parameters->len; p++)
    {
      const MigParameterRecord *record = parameters->pdata[p];
      MigOrderFactor factor = { .parameter = record->parameter };
      if (!record->parameter || mig_parameter_is_experiment (record))
        continue;
      for (guint i = 0; i < n; i++)
        for (guint k = i + 1; k < n; k++)
          if (differ_in_it_alone (fields[i], fields[k], factor.parameter))
            count_pair (&factor, fields[i], fields[k]);
      if (factor.n_changed + factor.n_same + factor.n_unknown > 0)
        g_array_append_val (factors, factor);
    }
  return factors;
}
