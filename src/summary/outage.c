/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "base/durations.h"
#include "base/units.h"
#include "summary/connect-times.h"
#include "summary/outage.h"

#define MAX_CONNECTIONS 64
#define LATEST_NS (G_MAXINT64 / 4) /* 73 years after a start */
/* TCP sends the first packet of a connection again after a second (RFC 6298), which the kernel's
 * timers count in ticks of up to 10 ms, the first of them begun: one that took that long to be made
 * has lost it, or the answer */
#define SENT_AGAIN_NS (980 * MIG_NS_PER_MS)
/* a migration that nobody saw begin: so long before its end */
#define UNSEEN_NS (10 * MIG_NS_PER_S)

typedef struct {
  gint64 asked_ns; /* since when an answer is waited for; missing: for none */
  gint64 longest_ns, floor_ns;
  gboolean any, answered;
} Connection;

/* What is asked once a period, whatever became of those before, by one kind of probe: the first
 * kind of which there are any tells of outage and silence. */
typedef enum {
  PACKETS,
  PINGS,
  CONNECTS,
  REQUESTS,
  N_MAIN_KINDS,
  /* of streams: they tell of their own silence alone */
  STREAM_TO = N_MAIN_KINDS,
  STREAM_FROM,
  N_KINDS
} Kind;

/* a stream of which nothing came for so long at the end has not gone on */
#define STREAM_PATIENCE_NS (MIG_NS_PER_S / 2)

static const struct {
  const char *name;
  gboolean new_connection; /* TCP sends its first packet again */
} kinds[N_KINDS] = {
  [PACKETS] = { MIG_PROBE_OF_PACKETS, FALSE },
  [PINGS] = { MIG_PROBE_OF_PINGS, FALSE },
  [CONNECTS] = { MIG_PROBE_OF_CONNECTS, TRUE },
  [REQUESTS] = { MIG_PROBE_OF_HTTP, TRUE },
  [STREAM_TO] = { MIG_PROBE_OF_STREAM_TO, FALSE },
  [STREAM_FROM] = { MIG_PROBE_OF_STREAM_FROM, FALSE },
};

typedef struct {
  gboolean any, before, open;  /* there are any; one was answered before; the last one was not */
  gint64 outage_ns, period_ns; /* the least that one covers; 0: none does */
  gint64 last_sequence;        /* missing: none */
  gint64 last_answer_ns;       /* 0: none */
  GArray *answers; /* gint64: of those without a gap in their numbers; they may overtake */
  gint64 silence_ns, silence_from_ns, floor_ns;
  GArray *attempts; /* MigConnectAttempt: of new connections */
} Echo;

struct _MigProbeSeries {
  MigProbeSpan span;
  gint64 last_ns; /* the latest that is known of: sent or answered; 0: nothing is */
  Echo echoes[N_KINDS];
  Connection connections[MAX_CONNECTIONS];
};

MigProbeSeries *
mig_probe_series_new (const MigProbeSpan *span)
{
  MigProbeSeries *series = g_new0 (MigProbeSeries, 1);

  series->span = *span;
  for (guint i = 0; i < N_KINDS; i++)
    {
      Echo *echo = &series->echoes[i];
      echo->answers = g_array_new (FALSE, FALSE, sizeof (gint64));
      echo->attempts = g_array_new (FALSE, FALSE, sizeof (MigConnectAttempt));
      echo->last_sequence = MIG_MISSING_INT;
      echo->silence_ns = echo->silence_from_ns = echo->floor_ns = MIG_MISSING_INT;
    }
  for (guint i = 0; i < MAX_CONNECTIONS; i++)
    {
      Connection *connection = &series->connections[i];
      connection->asked_ns = connection->longest_ns = connection->floor_ns = MIG_MISSING_INT;
    }
  return series;
}

void
mig_probe_series_free (MigProbeSeries *series)
{
  if (!series)
    return;
  for (guint i = 0; i < N_KINDS; i++)
    {
      g_array_unref (series->echoes[i].answers);
      g_array_unref (series->echoes[i].attempts);
    }
  g_free (series);
}

/* missing is below all that is known */
static void
keep_longest (gint64 *longest_ns, gint64 ns)
{
  *longest_ns = MAX (*longest_ns, ns);
}

/* keep_floor: what began in the time of an earlier migration tells of that. */
static void
keep_floor (const MigProbeSeries *series, gint64 *floor_ns, gint64 from_ns, gint64 to_ns)
{
  if (from_ns >= series->span.from_ns) /* missing is before all that is possible */
    keep_longest (floor_ns, to_ns - from_ns);
}

/* end_part: the times between its answers. */
static void
end_part (const MigProbeSeries *series, Echo *echo)
{
  GArray *answers = echo->answers;

  g_array_sort (answers, mig_durations_compare);
  for (guint i = 1; i < answers->len; i++)
    {
      gint64 before_ns = g_array_index (answers, gint64, i - 1);
      gint64 answered_ns = g_array_index (answers, gint64, i);
      if (answered_ns <= series->span.start_ns)
        keep_floor (series, &echo->floor_ns, before_ns, answered_ns);
      else if (answered_ns - before_ns > echo->silence_ns)
        {
          echo->silence_ns = answered_ns - before_ns;
          echo->silence_from_ns = before_ns;
        }
    }
  g_array_set_size (answers, 0);
}

/* was_lost: it, or what came back. */
static gboolean
was_lost (Kind kind, const MigProbeRecord *probe)
{
  return MIG_IS_MISSING (probe->answered_ns) ||
         (kinds[kind].new_connection && probe->answered_ns - probe->sent_ns >= SENT_AGAIN_NS);
}

static void
add_echo (MigProbeSeries *series, Kind kind, const MigProbeRecord *probe)
{
  Echo *echo = &series->echoes[kind];
  gint64 covers_ns = probe->covers_ns;

  if (kinds[kind].new_connection && MIG_IS_MISSING (covers_ns))
    return; /* too seldom to tell of an outage */
  if (MIG_IS_MISSING (echo->last_sequence) || probe->sequence != echo->last_sequence + 1)
    end_part (series, echo);
  echo->last_sequence = probe->sequence;
  echo->any = TRUE;
  echo->open = MIG_IS_MISSING (probe->answered_ns);
  if (!echo->open)
    {
      echo->before |= probe->answered_ns <= series->span.start_ns;
      echo->last_answer_ns = MAX (echo->last_answer_ns, probe->answered_ns);
      g_array_append_val (echo->answers, probe->answered_ns);
    }
  if (covers_ns > 0 && (echo->period_ns == 0 || covers_ns < echo->period_ns))
    echo->period_ns = covers_ns;
  if (was_lost (kind, probe) && !MIG_IS_MISSING (covers_ns) &&
      probe->due_ns + covers_ns > series->span.start_ns && echo->outage_ns <= LATEST_NS)
    echo->outage_ns += covers_ns;
}

/* A request that was never answered went down with its connection: its client goes on waiting. */
static void
add_request (MigProbeSeries *series, const MigProbeRecord *probe)
{
  if (MIG_IS_MISSING (probe->connection) || probe->connection < 1 ||
      probe->connection > MAX_CONNECTIONS)
    return;
  Connection *connection = &series->connections[probe->connection - 1];
  connection->any = TRUE;
  if (MIG_IS_MISSING (connection->asked_ns))
    connection->asked_ns = probe->sent_ns;
  if (MIG_IS_MISSING (probe->answered_ns))
    return;
  if (probe->answered_ns > series->span.start_ns)
    keep_longest (&connection->longest_ns, probe->answered_ns - connection->asked_ns);
  else
    keep_floor (series, &connection->floor_ns, connection->asked_ns, probe->answered_ns);
  connection->answered = TRUE;
  connection->asked_ns = MIG_MISSING_INT;
}

/* is_possible: a moment, or a number, that sums and differences can be made of. */
static gboolean
is_possible (gint64 value)
{
  return value >= 0 && value <= LATEST_NS;
}

static gboolean
is_possible_or_missing (gint64 value)
{
  return MIG_IS_MISSING (value) || is_possible (value);
}

void
mig_probe_series_add (MigProbeSeries *series, const MigProbeRecord *probe)
{
  if (!is_possible (series->span.start_ns) || !is_possible (probe->sequence) ||
      !is_possible (probe->due_ns) || !is_possible (probe->sent_ns) ||
      !is_possible_or_missing (probe->answered_ns) || !is_possible_or_missing (probe->covers_ns) ||
      (!MIG_IS_MISSING (series->span.next_ns) && probe->due_ns >= series->span.next_ns))
    return;
  series->last_ns = MAX (series->last_ns, MAX (probe->sent_ns, probe->answered_ns));
  if (g_strcmp0 (probe->probe, MIG_PROBE_OF_CONNECTIONS) == 0)
    add_request (series, probe);
  for (guint kind = 0; kind < N_KINDS; kind++)
    if (g_strcmp0 (probe->probe, kinds[kind].name) == 0)
      {
        const MigConnectAttempt attempt = { probe->sent_ns, probe->answered_ns };
        add_echo (series, kind, probe);
        if (kinds[kind].new_connection)
          g_array_append_val (series->echoes[kind].attempts, attempt);
      }
}

/* end_of: until when a request that was not answered is known to have waited. */
static gint64
end_of (const MigProbeSeries *series)
{
  const MigProbeSpan *span = &series->span;
  gint64 end_ns = MIG_IS_MISSING (span->next_ns) ? span->end_ns : span->next_ns;

  return is_possible (end_ns) ? end_ns : series->last_ns;
}

static void
set_stalls (const MigProbeSeries *series, MigOutage *outage)
{
  gint64 waits[MAX_CONNECTIONS], end_ns = end_of (series);
  gboolean answered = FALSE;
  guint n = 0;

  outage->stall_ns = outage->stall_median_ns = outage->stall_floor_ns = MIG_MISSING_INT;
  for (guint i = 0; i < MAX_CONNECTIONS; i++)
    {
      const Connection *connection = &series->connections[i];
      gboolean open = !MIG_IS_MISSING (connection->asked_ns) && connection->asked_ns < end_ns;
      gint64 wait_ns = connection->longest_ns;
      if (!connection->any)
        continue;
      answered |= connection->answered;
      keep_longest (&outage->stall_floor_ns, connection->floor_ns);
      if (open)
        keep_longest (&wait_ns, end_ns - connection->asked_ns);
      outage->open_requests += open;
      if (!MIG_IS_MISSING (wait_ns))
        waits[n++] = wait_ns;
    }
  if (!answered || n == 0)
    {
      outage->stall_why = "no connection to the guest was answered";
      outage->open_requests = 0;
      return;
    }
  qsort (waits, n, sizeof waits[0], mig_durations_compare);
  outage->stall_ns = waits[n - 1];
  outage->stall_median_ns = n % 2 ? waits[n / 2] : (waits[n / 2 - 1] + waits[n / 2]) / 2;
}

static void
set_connects (const MigProbeSeries *series, MigOutage *outage)
{
  outage->connect_ns = outage->connect_floor_ns = MIG_MISSING_INT;
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      MigConnectTimes times = mig_connect_times (series->echoes[kind].attempts, &series->span,
                                                 end_of (series));
      keep_longest (&outage->connect_ns, times.longest_ns);
      keep_longest (&outage->connect_floor_ns, times.floor_ns);
    }
}

/* main_echo: the first kind of which there are any. */
static const Echo *
main_echo (const MigProbeSeries *series)
{
  guint kind = 0;

  while (kind + 1 < N_MAIN_KINDS && !series->echoes[kind].any)
    kind++;
  return &series->echoes[kind];
}

/* stream_silence: missing: it did not go on by the end of what is known. Its last parts are on
 * their way then, and not answered. */
static gint64
stream_silence (const MigProbeSeries *series, Kind kind)
{
  const Echo *echo = &series->echoes[kind];
  gint64 end_ns = MIN (end_of (series), series->last_ns);
  gboolean goes_on = end_ns - echo->last_answer_ns <= MAX (echo->silence_ns, STREAM_PATIENCE_NS);

  return goes_on ? echo->silence_ns : MIG_MISSING_INT;
}

MigOutage
mig_probe_series_outage (MigProbeSeries *series)
{
  const Echo *echo = main_echo (series), *pings = &series->echoes[PINGS];
  MigOutage outage = { 0 };

  for (guint kind = 0; kind < N_KINDS; kind++)
    end_part (series, &series->echoes[kind]);
  outage.silence_floor_ns = echo->floor_ns;
  outage.period_ns = echo->period_ns ? echo->period_ns : MIG_MISSING_INT;
  set_stalls (series, &outage);
  set_connects (series, &outage);
  outage.stream_to_ns = stream_silence (series, STREAM_TO);
  outage.stream_to_floor_ns = series->echoes[STREAM_TO].floor_ns;
  outage.stream_from_ns = stream_silence (series, STREAM_FROM);
  outage.stream_from_floor_ns = series->echoes[STREAM_FROM].floor_ns;
  outage.outage_icmp_ns = pings->before && !pings->open ? pings->outage_ns : MIG_MISSING_INT;
  if (!echo->before)
    outage.why = "the guest answered no packet before the migration";
  else if (echo->open || MIG_IS_MISSING (echo->silence_ns))
    outage.why = MIG_IS_MISSING (series->span.next_ns)
                     ? "the guest answered no packet any more at the window's end"
                     : "the guest answered no packet any more before its next migration";
  outage.outage_ns = outage.why ? MIG_MISSING_INT : echo->outage_ns;
  outage.silence_ns = outage.why ? MIG_MISSING_INT : echo->silence_ns;
  outage.silence_from_ns = outage.why ? MIG_MISSING_INT : echo->silence_from_ns;
  return outage;
}

MigOutage
mig_outage_of (const GArray *rows, const MigProbeSpan *span)
{
  MigProbeSeries *series = mig_probe_series_new (span);

  for (guint i = 0; i < rows->len; i++)
    mig_probe_series_add (series, &g_array_index (rows, MigProbeRecord, i));
  const MigOutage outage = mig_probe_series_outage (series);
  mig_probe_series_free (series);
  return outage;
}

gint64
mig_outage_start_ns (gint64 start_ns, gint64 end_ns)
{
  return MIG_IS_MISSING (start_ns) && !MIG_IS_MISSING (end_ns) ? end_ns - UNSEEN_NS : start_ns;
}

static void
append_duration (GString *text, const char *name, gint64 ns)
{
  g_autofree char *duration = mig_units_format_duration (ns);

  g_string_append_printf (text, "%s%s %s", text->len ? ", " : "", name, duration);
}

char *
mig_outage_text (const MigOutage *outage)
{
  GString *text = g_string_new (NULL);

  if (outage->why)
    g_string_append_printf (text, "outage not known: %s", outage->why);
  else
    {
      append_duration (text, "outage", outage->outage_ns);
      append_duration (text, "silence", outage->silence_ns);
    }
  if (!MIG_IS_MISSING (outage->connect_ns))
    append_duration (text, "longest connect", outage->connect_ns);
  return g_string_free (text, FALSE);
}
