/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/answer-text.h"
#include "report/guests-text.h"
#include "report/number.h"
#include "report/order-map.h"
#include "report/overview.h"
#include "report/run-sections.h"
#include "summary/power.h"

/* A value that would take more repetitions than these is unknown for good. */
#define MOST_NEEDED 100
/* Narrower bars say nothing; wider ones no more. */
#define NARROWEST_BAR 6
#define WIDEST_BAR 24
#define GAP 2 /* between the columns of a table */

/* unmapped: the answers that the map of orders does not give. */
static GPtrArray *
unmapped (const MigLoadedResult *result)
{
  GPtrArray *answers = g_ptr_array_new ();

  for (guint i = 0; i < result->answers->len; i++)
    {
      MigAnswer *answer = result->answers->pdata[i];
      if (!mig_order_map_has (result, answer->experiment))
        g_ptr_array_add (answers, answer);
    }
  return answers;
}

void
mig_overview_answers (MigBlock *parent, const MigLoadedResult *result,
                      const MigOverviewLimits *limits)
{
  guint most = limits->answers;
  g_autoptr (GPtrArray) answers = unmapped (result);
  if (answers->len == 0 && result->order_map->len > 0)
    return;
  g_autoptr (GPtrArray) texts = mig_answer_texts (result->summary, answers);
  gboolean several = answers->len > 0 && ((const MigAnswer *) answers->pdata[0])->experiment;
  MigBlock *text = NULL;

  if (several && !mig_block_is_page (parent))
    parent = mig_block_add (parent, MIG_BLOCK_APART);
  for (guint i = 0; i < MIN (most, texts->len); i++)
    if (mig_block_is_page (parent))
      mig_block_paragraph (parent, MIG_ROLE_ANSWER, "%s", (const char *) texts->pdata[i]);
    else if (several)
      mig_block_item (parent, "%s", (const char *) texts->pdata[i]);
    else if (text)
      mig_block_span (text, " %s", (const char *) texts->pdata[i]);
    else
      text = mig_block_paragraph (parent, MIG_ROLE_ANSWER, "%s", (const char *) texts->pdata[i]);
  if (texts->len > most)
    mig_block_item (parent, "%u more answer%s: --full", texts->len - most,
                    texts->len - most == 1 ? "" : "s");
}

/* stat_text: "8.90 ± 0.25"; "? (n=6)": so many repetitions would do. */
static char *
stat_text (const MigStat *stat, guint n_sound)
{
  if (!mig_number_is_vague (stat))
    return mig_number_stat (stat, 1, n_sound);
  gint64 needed = mig_power_runs_within (stat, fabs (stat->mean));
  return MIG_IS_MISSING (needed) || needed > MOST_NEEDED
             ? g_strdup_printf ("? (n>%d)", MOST_NEEDED)
             : g_strdup_printf ("? (n=%" G_GINT64_FORMAT ")", needed);
}

static double
longest_time (const MigSummary *summary)
{
  double longest = NAN;

  for (guint i = 0; i < summary->cases->len; i++)
    longest = fmax (
        longest, ((MigCaseSummary *) summary->cases->pdata[i])->stats[MIG_METRIC_TOTAL_TIME].mean);
  return longest;
}

/* bar: as long as the share of the width; eighths of a column where it may be more than ASCII. */
static char *
bar (double share, guint width, gboolean ascii)
{
  static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
  GString *text = g_string_new (NULL);

  if (isnan (share))
    return g_string_free (text, FALSE);
  guint n = (guint) lround (CLAMP (share, 0, 1) * width * 8);
  if (ascii)
    n = MAX (8, (n + 4) / 8 * 8);
  for (guint i = 0; i < n / 8; i++)
    g_string_append (text, ascii ? "#" : "█");
  if (!ascii)
    g_string_append (text, n == 0 ? eighths[1] : eighths[n % 8]);
  return g_string_free (text, FALSE);
}

typedef struct {
  MigMetric metric;
  const char *heading;
} Column;

/* downtime_text: whose figure it is. */
static const char *
downtime_text (MigMetric metric)
{
  return metric == MIG_METRIC_DOWNTIME_GUEST    ? "as the guests saw it"
         : metric == MIG_METRIC_DOWNTIME_EVENTS ? "by libvirt's events"
                                                : "as the hypervisor reports it";
}

/* has_values: whether any case knows the metric. */
static gboolean
has_values (const MigSummary *summary, MigMetric metric)
{
  for (guint i = 0; i < summary->cases->len; i++)
    if (((MigCaseSummary *) summary->cases->pdata[i])->stats[metric].n > 0)
      return TRUE;
  return FALSE;
}

/* lost_text: the legend's word for work lost; a guest that has moved may work faster than before.
 */
static const char *
lost_text (const MigSummary *summary)
{
  for (guint i = 0; i < summary->cases->len; i++)
    if (((MigCaseSummary *) summary->cases->pdata[i])->stats[MIG_METRIC_LOST_ALL].mean < 0)
      return ", work lost (negative: gained)";
  return ", work lost";
}

static guint
choose_columns (const MigSummary *summary, Column columns[3])
{
  guint n = 0;

  columns[n++] = (Column){ MIG_METRIC_TOTAL_TIME, "total time, s" };
  columns[n++] = (Column){ summary->downtime_metric, "downtime, s" };
  if (has_values (summary, MIG_METRIC_LOST_ALL))
    columns[n++] = (Column){ MIG_METRIC_LOST_ALL, "work lost by all, s" };
  return n;
}

/* width_of: of a table without its last column. */
static guint
width_of (char **texts, guint n_rows, guint n_columns)
{
  guint width = 0;

  for (guint c = 0; c < n_columns; c++)
    {
      guint widest = 0;
      for (guint r = 0; r < n_rows; r++)
        widest = MAX (widest, mig_text_width (texts[r * n_columns + c]));
      width += widest + GAP;
    }
  return width;
}

/* fill: the texts of the heading and of n_rows - 1 cases. */
static void
fill (char **texts, const MigSummary *summary, const Column *columns, guint n, guint n_rows)
{
  guint at = 0;

  texts[at++] = g_strdup ("case");
  texts[at++] = g_strdup ("n");
  for (guint c = 0; c < n; c++)
    texts[at++] = g_strdup (columns[c].heading);
  for (guint i = 0; i + 1 < n_rows; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      texts[at++] = mig_text_clean (study_case->label);
      texts[at++] = g_strdup_printf ("%u", study_case->n_sound);
      for (guint c = 0; c < n; c++)
        texts[at++] = stat_text (&study_case->stats[columns[c].metric], study_case->n_sound);
    }
}

/* bar_width: 0: no bars. */
static guint
bar_width (const MigOverviewTable *how, guint used)
{
  guint width = how->bars && how->width > used ? MIN (WIDEST_BAR, how->width - used) : 0;
  return width >= NARROWEST_BAR ? width : 0;
}

/* are_distinct: whether labels that are shortened to so many columns can still be told apart. */
static gboolean
are_distinct (char **texts, guint n_rows, guint n_columns, guint columns)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint r = 1; r < n_rows; r++)
    if (!g_hash_table_add (seen, mig_text_shorten (texts[r * n_columns], columns)))
      return FALSE;
  return TRUE;
}

/* fits: whether a table has room for its labels, shortened or not. */
static gboolean
fits (char **texts, guint n_rows, guint n_columns, guint width)
{
  guint used = width_of (texts, n_rows, n_columns) - GAP, labels = 0;

  if (width == 0 || used <= width)
    return TRUE;
  for (guint r = 0; r < n_rows; r++)
    labels = MAX (labels, mig_text_width (texts[r * n_columns]));
  return labels > used - width && are_distinct (texts, n_rows, n_columns, labels - (used - width));
}

static void
add_rows (MigGrid *grid, char **texts, guint n_columns, guint n_rows, const MigSummary *summary,
          guint width, gboolean ascii)
{
  double longest = longest_time (summary);

  for (guint r = 0; r < n_rows; r++)
    {
      for (guint c = 0; c < n_columns; c++)
        mig_grid_text (grid, texts[r * n_columns + c]);
      if (width == 0)
        continue;
      double mean = r == 0 ? NAN
                           : ((MigCaseSummary *) summary->cases->pdata[r - 1])
                                 ->stats[MIG_METRIC_TOTAL_TIME]
                                 .mean;
      g_autofree char *picture = bar (mean / longest, width, ascii);
      mig_grid_text (grid, r == 0 ? "total time" : picture);
    }
}

/* add_legend: what the signs in the table mean, for readers who know no statistics. */
static void
add_legend (MigBlock *parent, const MigSummary *summary, const char *lost, gboolean around,
            gboolean vague)
{
  g_autofree char *letters = mig_guests_legend (summary);
  gboolean page = mig_block_is_page (parent);

  if (letters)
    mig_block_item (parent, "%s", letters);
  MigBlock *item = mig_block_item (parent,
                                   "Downtime (%s)%s: of all guests together. n: repetitions%s (",
                                   downtime_text (summary->downtime_metric), lost,
                                   around ? ". ±: the true mean is this near, 19 times in 20" : "");
  mig_block_link (item, "metrics", page ? "how" : "migcost-results(5), METRICS");
  mig_block_span (item, ").%s", vague ? " ?: not known yet; so many repetitions would do." : "");
}

/* texts_of: of a table with the last column, or, where it does not fit, without that one, which is
 * told by the number. The caller frees them. */
static GStrv
texts_of (const MigSummary *summary, guint n_rows, guint width, guint *n_columns)
{
  Column columns[3];
  guint n = choose_columns (summary, columns);

  for (;; n--)
    {
      g_auto (GStrv) texts = g_new0 (char *, n_rows *(2 + n) + 1);
      fill (texts, summary, columns, n, n_rows);
      *n_columns = 2 + n;
      if (n <= 2 || fits (texts, n_rows, *n_columns, width))
        return g_steal_pointer (&texts);
    }
}

void
mig_overview_table (MigBlock *parent, const MigLoadedResult *result,
                    const MigOverviewLimits *limits, const MigOverviewTable *how)
{
  const MigSummary *summary = result->summary;
  guint n_cases = summary->cases->len, n_rows = 1 + MIN (limits->rows, n_cases), n_columns;
  gboolean around = FALSE, vague = FALSE;

  if (n_cases == 0)
    return;
  g_auto (GStrv) texts = texts_of (summary, n_rows, how->width, &n_columns);
  for (guint i = n_columns; i < n_rows * n_columns; i++)
    {
      around |= i % n_columns >= 2 && strstr (texts[i], "±");
      vague |= i % n_columns >= 2 && texts[i][0] == '?';
    }
  guint width = bar_width (how, width_of (texts, n_rows, n_columns));
  g_autoptr (GString) alignment = g_string_new ("lr");
  for (guint c = 2; c < n_columns; c++)
    g_string_append_c (alignment, 'r');
  if (width > 0)
    g_string_append_c (alignment, 'l');
  MigGrid *grid = mig_grid_new (alignment->str, NULL);
  add_rows (grid, texts, n_columns, n_rows, summary, width, how->ascii);
  mig_block_table (parent, grid);
  if (n_cases + 1 > n_rows)
    mig_block_item (parent, "... and %u more case%s: --full", n_cases + 1 - n_rows,
                    n_cases == n_rows ? "" : "s");
  if (limits->legend)
    add_legend (parent, summary, n_columns > 4 ? lost_text (summary) : "", around, vague);
}

/* first_failure: why the first run is not counted that is not. */
static const char *
first_failure (const MigSummary *summary)
{
  for (guint i = 0; i < summary->runs->len; i++)
    {
      const MigRunSummary *run = summary->runs->pdata[i];
      if (!run->sound)
        return run->reason;
    }
  return "";
}

/* first_noise: what disturbed the first run that was. */
static const MigRunSummary *
first_noisy (const MigSummary *summary)
{
  for (guint i = 0; i < summary->runs->len; i++)
    if (((MigRunSummary *) summary->runs->pdata[i])->noise)
      return summary->runs->pdata[i];
  return NULL;
}

/* add_remark: to those on the runs. */
static void G_GNUC_PRINTF (2, 3) add_remark (GPtrArray *remarks, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (remarks, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static void
add_noise (GPtrArray *remarks, const MigSummary *summary, guint counted)
{
  const MigRunSummary *noisy = first_noisy (summary);

  if (noisy)
    add_remark (remarks,
                "Disturbed from outside, but counted: %u of %u runs; run %" G_GINT64_FORMAT
                " (%s): %s.",
                summary->n_noisy, counted, noisy->run, noisy->case_label, noisy->noise);
  if (summary->link_is_slow)
    add_remark (remarks, "The link was slower than configured.");
  if (counted > summary->n_noise_known)
    add_remark (remarks, "Whether others used the hosts' CPUs is not known (%u of %u runs).",
                counted - summary->n_noise_known, counted);
  else if (!noisy && !summary->link_is_slow && counted > 0)
    add_remark (remarks, "Nothing disturbed the runs, as far as the records tell.");
}

char *
mig_overview_why_incomplete (const MigLoadedResult *result)
{
  gboolean execution = mig_manifest_is_execution (&result->manifest);
  const MigExtent *extent = &result->extent;

  if (result->complete)
    return extent->n_absent == 0
               ? NULL
               : g_strdup_printf ("This result is marked complete, but of its %u repetitions %u %s "
                                  "no row in runs.csv.",
                                  extent->n_planned, extent->n_absent,
                                  extent->n_absent == 1 ? "has" : "have");
  if (!execution && extent->ended && extent->n_failed > 0)
    return g_strdup_printf ("This run has ended, and %u of its %u repetitions failed (migcost run "
                            "--resume %s runs %s again).",
                            extent->n_failed, extent->n_planned, result->path,
                            extent->n_failed == 1 ? "it" : "them");
  return g_strdup_printf (
      "This result is not complete: %s or was interrupted (%s %s does the rest).",
      execution ? "the plan is still being executed" : "the run is still going on",
      execution ? "migcost plan --execute --yes --resume" : "migcost run --resume", result->path);
}

/* remarks_of: on the runs, the gravest first. */
static GPtrArray *
remarks_of (const MigLoadedResult *result)
{
  const MigSummary *summary = result->summary;
  GPtrArray *remarks = g_ptr_array_new_with_free_func (g_free);
  char *why = mig_overview_why_incomplete (result);
  guint counted = 0;

  for (guint i = 0; i < summary->runs->len; i++)
    counted += ((MigRunSummary *) summary->runs->pdata[i])->sound;
  if (why)
    g_ptr_array_add (remarks, why);
  if (summary->damaged->len > 0)
    add_remark (remarks,
                "%u guest%s came out damaged: do not trust these hypervisors with migrations.",
                summary->damaged->len, summary->damaged->len == 1 ? "" : "s");
  if (summary->impossible->len > 0)
    add_remark (remarks,
                summary->impossible->len == 1
                    ? "%u impossible value is not counted: %s."
                    : "%u impossible values are not counted; the first: %s.",
                summary->impossible->len, (const char *) summary->impossible->pdata[0]);
  if (counted < summary->runs->len)
    add_remark (remarks, "Not counted: %u of %u runs; the first: %s.", summary->runs->len - counted,
                summary->runs->len, first_failure (summary));
  add_noise (remarks, summary, counted);
  return remarks;
}

void
mig_overview_state (MigBlock *parent, const MigLoadedResult *result,
                    const MigOverviewLimits *limits)
{
  g_autoptr (GPtrArray) remarks = remarks_of (result);

  for (guint i = 0; i < MIN (limits->remarks, remarks->len); i++)
    {
      g_autofree char *remark = mig_text_printable (remarks->pdata[i], limits->remark_chars);
      mig_block_item (parent, "%s", remark);
    }
  if (remarks->len > limits->remarks)
    mig_block_item (parent, "%u more remark%s on the runs: --full", remarks->len - limits->remarks,
                    remarks->len - limits->remarks == 1 ? "" : "s");
}
