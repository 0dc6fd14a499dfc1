/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "report/guests-text.h"
#include "report/number.h"
#include "report/order-map.h"
#include "report/run-sections.h"
#include "summary/experiments.h"
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

/* --- tables: fields of the same two orders --- */

static gboolean
same_orders (const MigOrderField *a, const MigOrderField *b)
{
  g_autofree char *a_first = mig_sequence_order (a->first),
                  *a_second = mig_sequence_order (a->second);
  g_autofree char *b_first = mig_sequence_order (b->first),
                  *b_second = mig_sequence_order (b->second);

  return strcmp (a_first, b_first) == 0 && strcmp (a_second, b_second) == 0 &&
         g_strcmp0 (a->first->experiment, b->first->experiment) == 0;
}

/* column_of: what is swept, without the kind of object: "source.management-cpu". */
static const char *
column_of (const MigParameterRecord *parameter)
{
  const char *first = strchr (parameter->parameter, '.');
  return first ? first + 1 : parameter->parameter;
}

static gboolean
is_condition (const MigParameterRecord *parameter)
{
  return parameter->parameter && !mig_parameter_is_experiment (parameter);
}

/* conditions_grid: begun with the columns of what is swept and the difference; more: the alignment
 * of the columns after those. */
static MigGrid *
conditions_grid (const MigOrderField *field, const char *more)
{
  const GPtrArray *parameters = field->first->parameters;
  g_autofree char *first = mig_sequence_order (field->first);
  g_autofree char *second = mig_sequence_order (field->second);
  g_autoptr (GString) alignment = g_string_new (NULL);

  for (guint i = 0; i < parameters->len; i++)
    if (is_condition (parameters->pdata[i]))
      g_string_append_c (alignment, 'l');
  g_string_append_printf (alignment, "r%s", more);
  MigGrid *grid = mig_grid_new (alignment->str, NULL);
  for (guint i = 0; i < parameters->len; i++)
    if (is_condition (parameters->pdata[i]))
      mig_grid_text (grid, column_of (parameters->pdata[i]));
  mig_grid_format (grid, "%s less %s, s", first, second);
  return grid;
}

static MigGrid *
begin_grid (const MigOrderField *field, gboolean expected)
{
  MigGrid *grid = conditions_grid (field, expected ? "rrrl" : "rrl");

  mig_grid_text (grid, "interval");
  mig_grid_text (grid, "n");
  if (expected)
    mig_grid_text (grid, "expected, s");
  mig_grid_text (grid, "verdict");
  return grid;
}

static void
add_conditions (MigGrid *grid, const MigOrderField *head, const MigOrderField *field)
{
  const GPtrArray *parameters = head->first->parameters;

  for (guint i = 0; i < parameters->len; i++)
    {
      const MigParameterRecord *parameter = parameters->pdata[i];
      if (is_condition (parameter))
        mig_grid_text (grid, mig_sequence_value (field->first, parameter->parameter));
    }
}

static void
add_verdict (MigGrid *grid, const MigOrderField *field)
{
  static const MigMark marks[] = { [MIG_FIELD_FIRST] = MIG_MARK_GOOD,
                                   [MIG_FIELD_SECOND] = MIG_MARK_GOOD,
                                   [MIG_FIELD_EQUAL] = MIG_MARK_NONE,
                                   [MIG_FIELD_UNKNOWN] = MIG_MARK_OPEN };
  g_autofree char *verdict = mig_order_map_verdict (field);

  mig_grid_mark (grid, marks[field->verdict], verdict);
}

static void
add_row (MigGrid *grid, const MigOrderField *head, const MigOrderField *field,
         const MigAccuracy *accuracy, gboolean expected)
{
  guint digits = mig_number_decimals (field->difference.mean_s);

  add_conditions (grid, head, field);
  mig_grid_number (grid, field->difference.mean_s, digits);
  mig_grid_interval (grid, field->difference.low_s, field->difference.high_s, digits);
  mig_grid_count (grid, field->difference.n);
  if (expected)
    mig_grid_number (grid, mig_order_map_expected (accuracy, field), digits);
  add_verdict (grid, field);
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

void
mig_section_order_map (MigBlock *parent, const MigLoadedResult *result)
{
  const GPtrArray *fields = result->order_map;
  gboolean expected = FALSE;
  MigGrid *grid = NULL;
  const MigOrderField *head = NULL;

  if (fields->len == 0)
    return;
  for (guint i = 0; i < fields->len; i++)
    expected |= !isnan (mig_order_map_expected (result->accuracy, fields->pdata[i]));
  MigBlock *section = mig_block_section (parent, "order-map", "Where which order is cheaper");
  for (guint i = 0; i < fields->len; i++)
    {
      const MigOrderField *field = fields->pdata[i];
      if (!head || !same_orders (head, field))
        {
          mig_block_table (section, grid);
          head = field;
          grid = begin_grid (head, expected);
        }
      add_row (grid, head, field, result->accuracy, expected);
    }
  mig_block_table (section, grid);
  add_knowledge (section, result);
  mig_block_paragraph (section, MIG_ROLE_META,
                       "Total time, within the repetitions that have both orders. The intervals "
                       "hold together for all %u rows with 95 %%. No difference: of no more than a "
                       "tenth of the cheaper order's time.%s",
                       fields->len, expected ? " Expected: by the model, before the run." : "");
}

/* --- at first sight --- */

/* add_brief_row: the interval as the mean and half of it. */
static void
add_brief_row (MigGrid *grid, const MigOrderField *head, const MigOrderField *field)
{
  guint digits = mig_number_decimals (field->difference.mean_s);
  g_autofree char *mean = mig_number (field->difference.mean_s, digits);
  g_autofree char *half = mig_number ((field->difference.high_s - field->difference.low_s) / 2,
                                      digits);

  add_conditions (grid, head, field);
  if (isnan (field->difference.low_s))
    mig_grid_text (grid, mean);
  else
    mig_grid_format (grid, "%s ± %s", mean, half);
  mig_grid_count (grid, field->difference.n);
  add_verdict (grid, field);
}

static void
append_count (GString *out, guint n, const char *format, const char *order)
{
  if (n == 0)
    return;
  g_string_append (out, out->len > 0 ? ", " : "");
  g_string_append_printf (out, "%s%s in %u", order ? order : "", format, n);
}

/* add_sentence: how many of n fields say what. */
static void
add_sentence (MigBlock *parent, MigOrderField **fields, guint n)
{
  guint counts[MIG_FIELD_UNKNOWN + 1] = { 0 };
  g_autofree char *first = mig_sequence_order (fields[0]->first);
  g_autofree char *second = mig_sequence_order (fields[0]->second);
  const char *experiment = fields[0]->first->experiment;
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    counts[fields[i]->verdict]++;
  append_count (found, counts[MIG_FIELD_FIRST], " is cheaper", first);
  append_count (found, counts[MIG_FIELD_SECOND], " is cheaper", second);
  append_count (found, counts[MIG_FIELD_EQUAL], "no difference that matters", NULL);
  append_count (found, counts[MIG_FIELD_UNKNOWN], "not known", NULL);
  mig_block_paragraph (parent, MIG_ROLE_ANSWER, "%s%s%s or %s, under %u conditions: %s.",
                       experiment ? experiment : "", experiment ? ": " : "", first, second, n,
                       found->str);
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
add_brief_table (MigBlock *parent, MigOrderField **fields, guint n)
{
  MigBlock *block = mig_block_add (parent, MIG_BLOCK_APART);
  MigGrid *grid = conditions_grid (fields[0], "rl");

  mig_grid_text (grid, "n");
  mig_grid_text (grid, "verdict");
  for (guint i = 0; i < n; i++)
    add_brief_row (grid, fields[0], fields[i]);
  mig_block_table (block, grid);
  return block;
}

/* any_interval: whether one of n rows has an interval. */
static gboolean
any_interval (MigOrderField **fields, guint n)
{
  for (guint i = 0; i < n; i++)
    if (!isnan (fields[i]->difference.low_s))
      return TRUE;
  return FALSE;
}

static void
add_brief_legend (MigBlock *block, const MigSummary *summary, gboolean around)
{
  g_autofree char *letters = mig_guests_legend (summary);

  if (letters)
    mig_block_item (block, "%s", letters);
  if (around)
    mig_block_item (block, "±: the true difference in total time is this near, in all rows at "
                           "once, 19 times in 20.");
}

void
mig_order_map_brief (MigBlock *parent, const MigLoadedResult *result,
                     const MigOverviewLimits *limits)
{
  MigOrderField **fields = (MigOrderField **) result->order_map->pdata;
  guint n_fields = result->order_map->len, n_rows = 0, n_groups = 0;
  MigBlock *block = NULL;

  for (guint begin = 0, n; begin < n_fields && n_groups < limits->answers; begin += n)
    {
      for (n = 1; begin + n < n_fields && same_orders (fields[begin], fields[begin + n]);)
        n++;
      n_groups++;
      add_sentence (parent, fields + begin, n);
      if (n_rows >= limits->rows)
        continue;
      guint shown = MIN (n, limits->rows - n_rows);
      block = add_brief_table (parent, fields + begin, shown);
      n_rows += shown;
    }
  if (!block)
    return;
  if (n_fields > n_rows)
    mig_block_item (block, "... and %u more condition%s: --full", n_fields - n_rows,
                    n_fields - n_rows == 1 ? "" : "s");
  if (limits->legend)
    add_brief_legend (block, result->summary, any_interval (fields, n_rows));
}
