/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "measure/alternation.h"
#include "measure/observing.h"
#include "measure/run-guest.h"

struct _MigAlternation {
  MigRun *run;
  const GPtrArray *guests;
  GThread *thread;
  gboolean stop; /* (L) */
};

/* Those that migrate are asked for a faster period again by their watchers. (L) */
static void
change (MigAlternation *alternation, gboolean alone)
{
  MigRun *run = alternation->run;

  run->guests_alone = alone;
  for (guint i = 0; i < alternation->guests->len; i++)
    mig_guest_console_want_period (mig_run_guest_console (alternation->guests->pdata[i]),
                                   run->options.heartbeat.rest_ns);
  g_cond_broadcast (&run->changed);
}

static void
note (MigAlternation *alternation, gboolean alone)
{
  g_autofree char *cpu_ns = g_strdup_printf ("%" G_GINT64_FORMAT,
                                             mig_observing_cpu (alternation->run));

  mig_run_event (alternation->run, NULL, NULL, mig_clock_now (),
                 alone ? MIG_EVENT_ALONE : MIG_EVENT_OBSERVED, cpu_ns);
}

static gpointer
alternate (gpointer data)
{
  MigAlternation *alternation = data;
  MigRun *run = alternation->run;
  gint64 deadline_ns = mig_clock_now ();

  g_mutex_lock (&run->lock);
  while (!alternation->stop)
    {
      deadline_ns += run->options.alternation_ns;
      while (!alternation->stop && mig_clock_now () < deadline_ns)
        mig_clock_wait (&run->changed, &run->lock, deadline_ns);
      gboolean alone = !alternation->stop && !run->guests_alone;
      if (alone == run->guests_alone) /* the end of one that is observed already */
        break;
      g_mutex_unlock (&run->lock);
      note (alternation, alone);
      g_mutex_lock (&run->lock);
      change (alternation, alone);
    }
  g_mutex_unlock (&run->lock);
  return NULL;
}

MigAlternation *
mig_alternation_start (MigRun *run, const GPtrArray *guests)
{
  if (run->options.alternation_ns <= 0)
    return NULL;
  MigAlternation *alternation = g_new0 (MigAlternation, 1);
  alternation->run = run;
  alternation->guests = guests;
  alternation->thread = g_thread_new ("alternate", alternate, alternation);
  return alternation;
}

void
mig_alternation_stop (MigAlternation *alternation)
{
  if (!alternation)
    return;
  g_mutex_lock (&alternation->run->lock);
  alternation->stop = TRUE;
  g_cond_broadcast (&alternation->run->changed);
  g_mutex_unlock (&alternation->run->lock);
  g_thread_join (alternation->thread);
  g_free (alternation);
}
