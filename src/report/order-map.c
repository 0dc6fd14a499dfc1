/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/guests-text.h"
#include "report/number.h"
#include "report/order-map.h"
#include "report/run-sections.h"
#include "summary/order-factors.h"
#include "summary/sequences.h"

/* Where which order of the same guests is cheaper: a row for each combination of what is swept. */

/* expected_time: of a case, before it was run; NaN: nothing was predicted. */
static double
expected_time (const MigAccuracy *accuracy, const MigCaseSummary *study_case)
{
  for (guint i = 0; accuracy && i < accuracy->cases->len; i++)
    {
      const MigPredictionCase *of = accuracy->cases->pdata[i];
      const MigPredictionCheck *check = strcmp (of->label, study_case->label) == 0
                                            ? mig_prediction_check_find (of, NULL,
                                                                         MIG_QUANTITY_TOTAL_TIME)
                                            : NULL;
      if (check)
        return check->predicted.value;
    }
  return NAN;
}

double
mig_order_map_expected (const MigAccuracy *accuracy, const MigOrderField *field)
{
  return expected_time (accuracy, field->first) - expected_time (accuracy, field->second);
}

char *
mig_order_map_verdict (const MigOrderField *field)
{
  const MigCaseSummary *cheaper = field->verdict == MIG_FIELD_FIRST ? field->first : field->second;
  g_autofree char *order = mig_sequence_order (cheaper);
  g_autofree char *bound = mig_number (field->bound_s, mig_number_decimals (field->bound_s));

  switch (field->verdict)
    {
    case MIG_FIELD_FIRST:
    case MIG_FIELD_SECOND:
      return g_strdup_printf ("%s cheaper", order);
    case MIG_FIELD_EQUAL:
      return g_strdup_printf ("no difference of more than %s s", bound);
    case MIG_FIELD_UNKNOWN:
    default:
      return g_strdup ("not known");
    }
}

static void
append_count (GString *out, guint n, const char *format, const char *order)
{
  if (n == 0)
    return;
  g_string_append (out, out->len > 0 ? ", " : "");
  g_string_append_printf (out, "%s%s in %u", order ? order : "", format, n);
}

char *
mig_order_map_counts (MigOrderField *const *fields, guint n, const char *parameter,
                      const char *value)
{
  guint counts[MIG_FIELD_UNKNOWN + 1] = { 0 };
  g_autofree char *first = mig_sequence_order (fields[0]->first);
  g_autofree char *second = mig_sequence_order (fields[0]->second);
  GString *found = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    counts[fields[i]->verdict] += !parameter ||
                                  g_strcmp0 (mig_sequence_value (fields[i]->first, parameter),
                                             value) == 0;
  append_count (found, counts[MIG_FIELD_FIRST], " is cheaper", first);
  append_count (found, counts[MIG_FIELD_SECOND], " is cheaper", second);
  append_count (found, counts[MIG_FIELD_EQUAL], "no difference of more than a tenth", NULL);
  append_count (found, counts[MIG_FIELD_UNKNOWN], "not known", NULL);
  return g_string_free (found, FALSE);
}

/* --- tables: fields of the same two orders --- */

/* conditions_grid: begun with the columns of what is swept and the difference; more: the alignment
 * of the columns after those. */
static MigGrid *
conditions_grid (const MigConditions *conditions, const MigOrderField *field, const char *more)
{
  const GPtrArray *parameters = field->first->parameters;
  g_autofree char *first = mig_sequence_order (field->first);
  g_autofree char *second = mig_sequence_order (field->second);
  g_autoptr (GString) alignment = g_string_new (NULL);

  for (guint i = 0; i < parameters->len; i++)
    if (mig_conditions_is (parameters->pdata[i]))
      g_string_append_c (alignment, 'l');
  g_string_append_printf (alignment, "r%s", more);
  MigGrid *grid = mig_grid_new (alignment->str, NULL);
  for (guint i = 0; i < parameters->len; i++)
    {
      const MigParameterRecord *parameter = parameters->pdata[i];
      g_autofree char *name = mig_conditions_is (parameter)
                                  ? mig_conditions_name (conditions, parameter->parameter)
                                  : NULL;
      if (name)
        mig_grid_text (grid, name);
    }
  mig_grid_format (grid, "%s less %s, s", first, second);
  return grid;
}

static MigGrid *
begin_grid (const MigConditions *conditions, const MigOrderField *field, gboolean expected)
{
  MigGrid *grid = conditions_grid (conditions, field, expected ? "rrrl" : "rrl");

  mig_grid_text (grid, "interval");
  mig_grid_text (grid, "n");
  if (expected)
    mig_grid_text (grid, "expected, s");
  mig_grid_text (grid, "verdict");
  return grid;
}

static void
add_conditions (MigGrid *grid, const MigConditions *conditions, const MigOrderField *head,
                const MigOrderField *field)
{
  const GPtrArray *parameters = head->first->parameters;

  for (guint i = 0; i < parameters->len; i++)
    {
      const MigParameterRecord *parameter = parameters->pdata[i];
      if (!mig_conditions_is (parameter))
        continue;
      g_autofree char *value = mig_conditions_value (conditions, field->first,
                                                     parameter->parameter);
      mig_grid_text (grid, value);
    }
}

/* add_verdict: brief: without the bound, which the interval tells. */
static void
add_verdict (MigGrid *grid, const MigOrderField *field, gboolean brief)
{
  static const MigMark marks[] = { [MIG_FIELD_FIRST] = MIG_MARK_GOOD,
                                   [MIG_FIELD_SECOND] = MIG_MARK_GOOD,
                                   [MIG_FIELD_EQUAL] = MIG_MARK_NONE,
                                   [MIG_FIELD_UNKNOWN] = MIG_MARK_OPEN };
  g_autofree char *verdict = brief && field->verdict == MIG_FIELD_EQUAL
                                 ? g_strdup ("no difference")
                                 : mig_order_map_verdict (field);

  mig_grid_mark (grid, marks[field->verdict], verdict);
}

static void
add_row (MigGrid *grid, const MigConditions *conditions, const MigOrderField *head,
         const MigOrderField *field, const MigAccuracy *accuracy, gboolean expected)
{
  guint digits = mig_number_decimals (field->difference.mean_s);

  add_conditions (grid, conditions, head, field);
  mig_grid_number (grid, field->difference.mean_s, digits);
  mig_grid_interval (grid, field->difference.low_s, field->difference.high_s, digits);
  mig_grid_count (grid, field->difference.n);
  if (expected)
    mig_grid_number (grid, mig_order_map_expected (accuracy, field), digits);
  add_verdict (grid, field, FALSE);
}

/* add_knowledge: how many of the decided fields the model knew before. */
static void
add_knowledge (MigBlock *section, const MigLoadedResult *result)
{
  guint decided = 0, known = 0;

  for (guint i = 0; i < result->order_map->len; i++)
    {
      const MigOrderField *field = result->order_map->pdata[i];
      double expected = mig_order_map_expected (result->accuracy, field);
      if (field->verdict > MIG_FIELD_SECOND || isnan (expected))
        continue;
      decided++;
      known += field->verdict == MIG_FIELD_FIRST ? expected < 0 : expected > 0;
    }
  if (decided > 0)
    mig_block_paragraph (section, MIG_ROLE_PLAIN,
                         "Of the %u field%s in which one order is shown to be cheaper, the model "
                         "expected that one in %u.",
                         decided, decided == 1 ? "" : "s", known);
}

/* begin_section: size and number tell it apart from others on one page. */
static MigBlock *
begin_section (MigBlock *parent, const MigLoadedResult *result, guint number)
{
  const char *scale = result->manifest.scale;
  g_autofree char *id = number > 0 ? g_strdup_printf ("order-map-%u", number)
                                   : g_strdup ("order-map");

  return mig_block_section (parent, id, "Where which order is cheaper%s%s",
                            scale        ? ", at scale "
                            : number > 0 ? ", at full size"
                                         : "",
                            scale ? scale : "");
}

/* add_group: fields of the same two orders: a table, and what its verdicts depend on. */
static void
add_group (MigBlock *section, const MigConditions *conditions, MigOrderField *const *fields,
           guint n, const MigAccuracy *accuracy, gboolean expected)
{
  MigGrid *grid = begin_grid (conditions, fields[0], expected);
  g_autofree char *factors = mig_order_factors_text (conditions, fields, n, TRUE);

  for (guint i = 0; i < n; i++)
    add_row (grid, conditions, fields[0], fields[i], accuracy, expected);
  mig_block_table (section, grid);
  if (factors)
    mig_block_paragraph (section, MIG_ROLE_PLAIN, "%s", factors);
}

void
mig_section_order_map (MigBlock *parent, const MigLoadedResult *result, guint number)
{
  MigOrderField **fields = (MigOrderField **) result->order_map->pdata;
  guint n_fields = result->order_map->len;
  gboolean expected = FALSE;

  if (n_fields == 0)
    return;
  g_autoptr (MigConditions) conditions = mig_conditions_new (result);
  for (guint i = 0; i < n_fields; i++)
    expected |= !isnan (mig_order_map_expected (result->accuracy, fields[i]));
  MigBlock *section = begin_section (parent, result, number);
  for (guint begin = 0, n; begin < n_fields; begin += n)
    {
      n = mig_order_group (fields + begin, n_fields - begin);
      add_group (section, conditions, fields + begin, n, result->accuracy, expected);
    }
  add_knowledge (section, result);
  mig_block_paragraph (section, MIG_ROLE_META,
                       "Total time, within the repetitions that have both orders. The intervals "
                       "hold together for all %u rows with 95 %%. No difference: of no more than a "
                       "tenth of the cheaper order's time.%s%s",
                       n_fields, expected ? " Expected: by the model, before the run." : "",
                       mig_conditions_lend (conditions)
                           ? " On other's CPU: on that of the other host, beside its guests."
                           : "");
}

/* --- at first sight --- */

/* add_brief_row: the interval as the mean and half of it. */
static void
add_brief_row (MigGrid *grid, const MigConditions *conditions, const MigOrderField *head,
               const MigOrderField *field)
{
  guint digits = mig_number_decimals (field->difference.mean_s);
  g_autofree char *mean = mig_number (field->difference.mean_s, digits);
  g_autofree char *half = mig_number ((field->difference.high_s - field->difference.low_s) / 2,
                                      digits);

  add_conditions (grid, conditions, head, field);
  if (isnan (field->difference.low_s))
    mig_grid_text (grid, mean);
  else
    mig_grid_format (grid, "%s ± %s", mean, half);
  mig_grid_count (grid, field->difference.n);
  add_verdict (grid, field, TRUE);
}

/* add_sentences: how many of n fields say what, and what that depends on. */
static void
add_sentences (MigBlock *parent, const MigConditions *conditions, MigOrderField *const *fields,
               guint n)
{
  g_autofree char *first = mig_sequence_order (fields[0]->first);
  g_autofree char *second = mig_sequence_order (fields[0]->second);
  g_autofree char *counts = mig_order_map_counts (fields, n, NULL, NULL);
  g_autofree char *factors = mig_order_factors_text (conditions, fields, n, FALSE);
  const char *experiment = fields[0]->first->experiment;

  mig_block_paragraph (parent, MIG_ROLE_ANSWER, "%s%s%s or %s, under %u conditions: %s.%s%s",
                       experiment ? experiment : "", experiment ? ": " : "", first, second, n,
                       counts, factors ? " " : "", factors ? factors : "");
}

gboolean
mig_order_map_has (const MigLoadedResult *result, const char *experiment)
{
  for (guint i = 0; i < result->order_map->len; i++)
    if (g_strcmp0 (((MigOrderField *) result->order_map->pdata[i])->first->experiment,
                   experiment) == 0)
      return TRUE;
  return FALSE;
}

/* add_brief_table: of n rows; the block that it is in. */
static MigBlock *
add_brief_table (MigBlock *parent, const MigConditions *conditions, MigOrderField *const *fields,
                 guint n)
{
  MigBlock *block = mig_block_add (parent, MIG_BLOCK_APART);
  MigGrid *grid = conditions_grid (conditions, fields[0], "rl");

  mig_grid_text (grid, "n");
  mig_grid_text (grid, "verdict");
  for (guint i = 0; i < n; i++)
    add_brief_row (grid, conditions, fields[0], fields[i]);
  mig_block_table (block, grid);
  return block;
}

/* any_interval: whether one of n rows has an interval. */
static gboolean
any_interval (MigOrderField *const *fields, guint n)
{
  for (guint i = 0; i < n; i++)
    if (!isnan (fields[i]->difference.low_s))
      return TRUE;
  return FALSE;
}

static void
add_brief_legend (MigBlock *block, const MigLoadedResult *result, const MigConditions *conditions,
                  gboolean around)
{
  g_autofree char *letters = mig_guests_legend (result->summary);

  if (letters)
    mig_block_item (block, "%s", letters);
  if (around)
    mig_block_item (block, "±: the true difference in total time is this near, in all rows at "
                           "once, 19 times in 20.");
  if (mig_conditions_lend (conditions))
    mig_block_item (block, "On other's CPU: on that of the other host, beside its guests.");
}

void
mig_order_map_brief (MigBlock *parent, const MigLoadedResult *result,
                     const MigOverviewLimits *limits)
{
  MigOrderField **fields = (MigOrderField **) result->order_map->pdata;
  guint n_fields = result->order_map->len, n_rows = 0, n_groups = 0;
  MigBlock *block = NULL;

  if (n_fields == 0)
    return;
  g_autoptr (MigConditions) conditions = mig_conditions_new (result);
  for (guint begin = 0, n; begin < n_fields && n_groups < limits->answers; begin += n)
    {
      n = mig_order_group (fields + begin, n_fields - begin);
      n_groups++;
      add_sentences (parent, conditions, fields + begin, n);
      if (n_rows >= limits->rows)
        continue;
      guint shown = MIN (n, limits->rows - n_rows);
      block = add_brief_table (parent, conditions, fields + begin, shown);
      n_rows += shown;
    }
  if (!block)
    return;
  if (n_fields > n_rows)
    mig_block_item (block, "... and %u more condition%s: --full", n_fields - n_rows,
                    n_fields - n_rows == 1 ? "" : "s");
  if (limits->legend)
    add_brief_legend (block, result, conditions, any_interval (fields, n_rows));
}
