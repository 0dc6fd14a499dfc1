/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/durations.h"
#include "summary/runs.h"

/* What clients of a guest's server waited: those that a load generator played. */

typedef struct {
  gint64 sent_ns;
  gint64 end_ns; /* of the wait for its answer */
  gboolean answered;
} Request;

/* is_served: a page of an error is not what was asked for. */
static gboolean
is_served (const MigRequestRecord *record)
{
  return record->status >= 200 && record->status < 400;
}

void
mig_run_request (MigGuestState *guest, const MigRequestRecord *record)
{
  gboolean answered = !MIG_IS_MISSING (record->answered_ns);
  const Request request = { record->sent_ns, answered ? record->answered_ns : record->given_up_ns,
                            answered };

  /* differences of moments can be made of */
  if (request.sent_ns < 0 || request.end_ns < request.sent_ns || (answered && !is_served (record)))
    return;
  if (!guest->requests)
    guest->requests = g_array_new (FALSE, FALSE, sizeof (Request));
  g_array_append_val (guest->requests, request);
}

/* phase_of: of a request to a guest that moves, perhaps more than once. */
static MigRequestPhase
phase_of (const MigRunState *self, const char *guest, const Request *request)
{
  MigRequestPhase phase = MIG_REQUEST_BEFORE;

  for (guint i = 0; i < self->migrations->len; i++)
    {
      const MigMigrationRecord *m = self->migrations->pdata[i];
      if (g_strcmp0 (m->guest, guest) != 0 || request->end_ns <= m->start_ns)
        continue;
      if (request->sent_ns < m->end_ns)
        return MIG_REQUEST_DURING;
      phase = MIG_REQUEST_AFTER;
    }
  return phase;
}

gboolean
mig_run_find_latency (const MigRunState *self, const MigGuestState *guest, MigRequestPhase phase,
                      MigLatency *latency)
{
  g_autoptr (GArray) waits = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean answered = FALSE;
  guint unanswered = 0;

  for (guint i = 0; guest && guest->requests && i < guest->requests->len; i++)
    {
      const Request *request = &g_array_index (guest->requests, Request, i);
      gint64 wait_ns = request->end_ns - request->sent_ns;
      answered |= request->answered;
      if (phase_of (self, guest->record->guest, request) != phase)
        continue;
      g_array_append_val (waits, wait_ns);
      unanswered += !request->answered;
    }
  g_array_sort (waits, mig_durations_compare);
  *latency = (MigLatency){ .p50_ns = mig_durations_quantile (waits, 500),
                           .p99_ns = mig_durations_quantile (waits, 990),
                           .max_ns = mig_durations_quantile (waits, 1000),
                           .unanswered = unanswered };
  return answered;
}
