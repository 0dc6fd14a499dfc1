/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "report/number.h"
#include "report/run-sections.h"

/* What clients of the guests noticed, where guests have a network. */

/* An outage that is longer than the downtime by so much has another cause than the hypervisor. */
#define FOREIGN_S 3

static const MigStat *
stat_of (const MigCaseSummary *study_case, MigMetric metric)
{
  return &study_case->stats[metric];
}

static gboolean
is_probed (const MigCaseSummary *study_case)
{
  return stat_of (study_case, MIG_METRIC_OUTAGE)->n > 0 ||
         stat_of (study_case, MIG_METRIC_STALL)->n > 0;
}

/* waited_longest: for an answer, or, where no connection was asked, for the end of the outage. */
static double
waited_longest (const MigCaseSummary *study_case)
{
  const MigStat *stall = stat_of (study_case, MIG_METRIC_STALL);
  const MigStat *outage = stat_of (study_case, MIG_METRIC_OUTAGE);

  return stall->n > 0 ? stall->mean : outage->n > 0 ? outage->mean : 0;
}

gboolean
mig_has_clients (const MigSummary *summary)
{
  for (guint i = 0; i < summary->migrations->len; i++)
    if (((const MigMigrationSummary *) summary->migrations->pdata[i])->probed)
      return TRUE;
  return FALSE;
}

/* worst: the case whose clients waited longest; NULL: none has any. */
static const MigCaseSummary *
worst (const MigSummary *summary)
{
  const MigCaseSummary *found = NULL;
  double longest = -1;

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      double waited = waited_longest (study_case);
      if (!is_probed (study_case) || waited <= longest)
        continue;
      found = study_case;
      longest = waited;
    }
  return found;
}

static gboolean
has_staying (const MigCaseSummary *study_case)
{
  return stat_of (study_case, MIG_METRIC_VMCO_SILENCE)->n > 0 ||
         stat_of (study_case, MIG_METRIC_VMCO_STALL)->n > 0;
}

static gboolean
any_staying (const MigSummary *summary)
{
  for (guint i = 0; i < summary->cases->len; i++)
    if (has_staying (summary->cases->pdata[i]))
      return TRUE;
  return FALSE;
}

/* sum_downtimes: by events, of the guests that have clients: a run's others may stand still, too,
 * which tells nothing of the outage. The caller clears it. */
static void
sum_downtimes (const MigSummary *summary, const MigCaseSummary *study_case, MigStat *stat)
{
  const MigRunSummary *run = NULL;
  double sum_s = 0;

  mig_stat_init (stat);
  for (guint i = 0; i < summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = summary->migrations->pdata[i];
      if (!m->probed || !m->run->sound || strcmp (m->run->case_label, study_case->label) != 0)
        continue;
      if (run && run != m->run)
        {
          mig_stat_add (stat, run->run, run->repetition, sum_s);
          sum_s = 0;
        }
      run = m->run;
      sum_s += m->downtime_events_s;
    }
  if (run)
    mig_stat_add (stat, run->run, run->repetition, sum_s);
  mig_stat_compute (stat);
}

/* moves_several: whether several migrations of a run have clients, so that an outage is a sum. */
static gboolean
moves_several (const MigSummary *summary, const MigCaseSummary *study_case)
{
  const MigRunSummary *run = NULL;

  for (guint i = 0; i < summary->migrations->len; i++)
    {
      const MigMigrationSummary *m = summary->migrations->pdata[i];
      if (!m->probed || !m->run->sound || strcmp (m->run->case_label, study_case->label) != 0)
        continue;
      if (m->run == run)
        return TRUE;
      run = m->run;
    }
  return FALSE;
}

/* outlasts: whether something beside the migration kept clients from the guest. */
static gboolean
outlasts (const MigSummary *summary, const MigCaseSummary *study_case)
{
  const MigStat *outage = stat_of (study_case, MIG_METRIC_OUTAGE);
  MigStat downtime;

  if (outage->n == 0)
    return FALSE;
  sum_downtimes (summary, study_case, &downtime);
  gboolean longer = downtime.n > 0 && outage->mean > downtime.mean + FOREIGN_S;
  mig_stat_clear (&downtime);
  return longer;
}

static gboolean
any_outlasts (const MigSummary *summary)
{
  for (guint i = 0; i < summary->cases->len; i++)
    if (outlasts (summary, summary->cases->pdata[i]))
      return TRUE;
  return FALSE;
}

#define ADVICE                                                                                     \
  "The outage lasts far longer than the downtime: a bridge or switch on the way may wait before "  \
  "it forwards (spanning tree, forward delay); turn that off on the ports of guests."

/* is_open: requests of some run were still not answered in the end, so that its TCP stall is at
 * least what it says. */
static gboolean
is_open (const MigCaseSummary *study_case)
{
  const MigStat *open = stat_of (study_case, MIG_METRIC_OPEN_REQUESTS);

  return open->n > 0 && open->mean > 0;
}

/* requests_text: how long they waited; of guests that are asked otherwise, silence. The caller
 * frees it. */
static char *
requests_text (const MigCaseSummary *study_case)
{
  guint n = study_case->n_sound;
  gboolean requests = stat_of (study_case, MIG_METRIC_STALL)->n > 0;
  g_autofree char *longest = mig_number_stat (
      stat_of (study_case, requests ? MIG_METRIC_STALL : MIG_METRIC_SILENCE), 1, n);

  return requests ? g_strdup_printf ("TCP requests waited %s %s s",
                                     is_open (study_case) ? "at least" : "up to", longest)
                  : g_strdup_printf ("no answer came for up to %s s", longest);
}

void
mig_clients_items (MigBlock *parent, const MigSummary *summary)
{
  const MigCaseSummary *study_case = worst (summary);

  if (!study_case)
    return;
  guint n = study_case->n_sound;
  gboolean several = moves_several (summary, study_case);
  g_autofree char *outage = mig_number_stat (stat_of (study_case, MIG_METRIC_OUTAGE), 1, n);
  g_autofree char *requests = requests_text (study_case);
  mig_block_item (parent, "Clients noticed (%s): %s of %s s%s; %s.", study_case->label,
                  several ? "outages" : "an outage", outage, several ? " in all" : "", requests);
  if (any_outlasts (summary))
    mig_block_item (parent, "%s", ADVICE);
}

static void
add_case (MigGrid *grid, const MigCaseSummary *study_case)
{
  mig_grid_text (grid, study_case->label);
  mig_grid_count (grid, study_case->n_sound);
}

static void
add_stats (MigGrid *grid, const MigCaseSummary *study_case, const MigMetric *columns,
           guint n_columns)
{
  for (guint i = 0; i < n_columns; i++)
    mig_grid_stat (grid, stat_of (study_case, columns[i]), 1, study_case->n_sound);
}

/* add_open: the cases whose TCP stall is a lower bound. */
static void
add_open (MigBlock *section, const MigSummary *summary)
{
  g_autofree char *cases = mig_client_cases (summary, MIG_METRIC_OPEN_REQUESTS);

  if (cases)
    mig_block_paragraph (section, MIG_ROLE_PLAIN,
                         "Requests of %s were still not answered at the window's end: the TCP "
                         "stall there is at least what it says.",
                         cases);
}

static void
add_moving (MigBlock *section, const MigSummary *summary)
{
  static const MigMetric columns[] = { MIG_METRIC_OUTAGE,        MIG_METRIC_SILENCE,
                                       MIG_METRIC_SILENCE_FLOOR, MIG_METRIC_STALL,
                                       MIG_METRIC_STALL_MEDIAN,  MIG_METRIC_STALL_FLOOR,
                                       MIG_METRIC_CONNECT };
  MigGrid *grid = mig_grid_new (
      "lrrrrrrrrr", (const char *const[]){ "case", "n", "downtime", "outage", "silence", "before",
                                           "TCP stall", "median", "before", "connect", NULL });

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      MigStat downtime;
      sum_downtimes (summary, study_case, &downtime);
      add_case (grid, study_case);
      mig_grid_stat (grid, &downtime, 1, study_case->n_sound);
      add_stats (grid, study_case, columns, G_N_ELEMENTS (columns));
      mig_stat_clear (&downtime);
    }
  mig_block_table (section, grid);
  add_open (section, summary);
}

/* add_staying: the same of guests that stay, where they have a network. */
static void
add_staying (MigBlock *section, const MigSummary *summary)
{
  static const MigMetric columns[] = { MIG_METRIC_VMCO_OUTAGE, MIG_METRIC_VMCO_SILENCE,
                                       MIG_METRIC_VMCO_SILENCE_FLOOR, MIG_METRIC_VMCO_STALL,
                                       MIG_METRIC_VMCO_STALL_FLOOR };
  MigGrid *grid = mig_grid_new ("lrrrrrr",
                                (const char *const[]){ "guests that stay", "n", "outage", "silence",
                                                       "before", "TCP stall", "before", NULL });

  for (guint i = 0; i < summary->cases->len; i++)
    {
      const MigCaseSummary *study_case = summary->cases->pdata[i];
      if (!has_staying (study_case))
        continue;
      add_case (grid, study_case);
      add_stats (grid, study_case, columns, G_N_ELEMENTS (columns));
    }
  mig_block_table (section, grid);
}

void
mig_section_clients (MigBlock *parent, const MigSummary *summary)
{
  gboolean moving = mig_has_clients (summary), staying = any_staying (summary);

  if (!moving && !staying)
    return;
  MigBlock *section = mig_block_section (parent, "clients", "What clients noticed, in seconds");
  if (moving)
    add_moving (section, summary);
  if (staying)
    add_staying (section, summary);
  mig_block_paragraph (
      section, MIG_ROLE_META,
      "Downtime, by events, and outage, the time that unanswered packets cover, each 10 ms (new "
      "connections to existing guests 50 ms, HTTP requests 100 ms): of the guests that have "
      "clients, "
      "summed over the migrations. The others: the longest of any. "
      "Silence: time between two answers; it contains what the guest needs to catch up. TCP stall: "
      "wait for an answer, of the worst and of the median of eight connections: who sends into an "
      "outage waits for his own retransmission, after 0.2 s, 0.4 s, 0.8 s and so on. Connect: time "
      "that a new connection took, one a second: who connects into an outage tries again after 1 "
      "s. Before: the same before the migration.");
  mig_client_tables (section, summary);
  if (any_outlasts (summary))
    mig_block_paragraph (section, MIG_ROLE_PLAIN, "%s", ADVICE);
}
