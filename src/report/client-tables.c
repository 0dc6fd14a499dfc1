/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/number.h"
#include "report/run-sections.h"

/* What clients noticed besides, where it was looked for: a table for each, of metrics that follow
 * each other. */

#define MAX_COLUMNS 12

typedef struct {
  const char *headings[MAX_COLUMNS]; /* the case's, "n", those of the metrics; NULL */
  MigMetric first, last;
  double factor;
  const char *note;
} ClientTable;

static const ClientTable tables[] = {
  { { "streams", "n", "to the guest", "before", "from the guest", "before", NULL },
    MIG_METRIC_STREAM_TO,
    MIG_METRIC_STREAM_FROM_FLOOR,
    1,
    "Streams: the longest that nothing of a TCP stream to a guest that moves was acknowledged, and "
    "nothing of one from it came. To the guest a client sends again by its own timer, after 0.2 s, "
    "0.4 s, 0.8 s and so on; the guest's timers stand still as it does." },
  { { "requests, ms", "n", "before: median", "99 %", "longest", "during: median", "99 %", "longest",
      "after: median", "99 %", "longest", NULL },
    MIG_METRIC_REQUEST_P50_BEFORE,
    MIG_METRIC_REQUEST_MAX_AFTER,
    1000,
    "Requests to the real server of a guest that moves, by clients that a load generator plays: "
    "how long half of them, 99 %, and the slowest one took that were under way before its "
    "migration, during it, and after. A client that waits asks nothing else, so few requests wait "
    "out a downtime: it is in the longest." },
  { { "announced after RESUMED, ms", "n", "RARP", "ARP", NULL },
    MIG_METRIC_RARP,
    MIG_METRIC_ARP,
    1000,
    "RARP, by the hypervisor, moves the entries of switches; ARP, by the guest's own kernel, "
    "neighbours' too. The first of each; negative: before the guest went on; of several migrations "
    "the latest." },
};

static gboolean
has_any (const MigCaseSummary *study_case, const ClientTable *table)
{
  for (guint metric = table->first; metric <= (guint) table->last; metric++)
    if (study_case->stats[metric].n > 0)
      return TRUE;
  return FALSE;
}

static void
add_row (MigGrid *grid, const MigCaseSummary *study_case, const ClientTable *table)
{
  mig_grid_text (grid, study_case->label);
  mig_grid_count (grid, study_case->n_sound);
  for (guint metric = table->first; metric <= (guint) table->last; metric++)
    mig_grid_stat (grid, &study_case->stats[metric], table->factor, study_case->n_sound);
}

static void
add_table (MigBlock *section, const MigSummary *summary, const ClientTable *table)
{
  g_autofree char *alignment = g_strnfill (g_strv_length ((char **) table->headings), 'r');
  MigGrid *grid = NULL;

  alignment[0] = 'l';
  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      if (!has_any (study_case, table))
        continue;
      if (!grid)
        grid = mig_grid_new (alignment, table->headings);
      add_row (grid, study_case, table);
    }
  if (!grid)
    return;
  mig_block_table (section, grid);
  mig_block_paragraph (section, MIG_ROLE_META, "%s", table->note);
}

char *
mig_client_cases (const MigSummary *summary, MigMetric metric)
{
  g_autoptr (GString) cases = g_string_new (NULL);

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      const MigStat *stat = &study_case->stats[metric];
      if (stat->n > 0 && stat->mean > 0)
        g_string_append_printf (cases, "%s%s", cases->len ? ", " : "", study_case->label);
    }
  return cases->len ? g_string_free (g_steal_pointer (&cases), FALSE) : NULL;
}

/* add_unanswered: the cases whose longest requests are lower bounds. */
static void
add_unanswered (MigBlock *section, const MigSummary *summary)
{
  g_autofree char *cases = mig_client_cases (summary, MIG_METRIC_REQUESTS_UNANSWERED);

  if (cases)
    mig_block_paragraph (section, MIG_ROLE_PLAIN,
                         "Requests to the server of %s were never answered: the longest, and "
                         "perhaps the 99 %%, are at least what the table says.",
                         cases);
}

void
mig_client_tables (MigBlock *section, const MigSummary *summary)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    add_table (section, summary, &tables[i]);
  add_unanswered (section, summary);
}
