/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/units.h"
#include "execute/surveyed-host.h"
#include "virt/inspect.h"
#include "virt/migrate.h"

#define ASK_NS (100 * MIG_NS_PER_MS)
#define LATE_NS (10 * MIG_NS_PER_S) /* behind its time an answer is not waited for any more */

void
mig_surveyed_host_free (gpointer data)
{
  MigSurveyedHost *self = data;

  for (guint i = 0; self->guests && i < self->guests->len; i++)
    g_free (self->surveyed[i].busy);
  g_clear_pointer (&self->guests, g_ptr_array_unref);
  g_free (self->surveyed);
  g_free (self->before);
  g_free (self->after);
  g_free (self);
}

MigSurveyedHost *
mig_surveyed_host_new (const GPtrArray *hosts, guint index, GError **error)
{
  MigSurveyedHost *self = g_new0 (MigSurveyedHost, 1);
  MigHost *host = hosts->pdata[index];

  self->host = host;
  self->hosts = hosts;
  self->index = index;
  self->guests = mig_host_guests (host, error);
  gboolean ok = self->guests != NULL;
  guint n = ok ? self->guests->len : 0;
  self->surveyed = g_new0 (MigSurveyedGuest, n);
  self->before = g_new0 (MigGuestCpu, n);
  self->after = g_new0 (MigGuestCpu, n);
  for (guint i = 0; i < n && ok; i++)
    {
      MigSurveyedGuest *one = &self->surveyed[i];
      one->guest = self->guests->pdata[i];
      one->short_rate = one->long_rate = MIG_MISSING_INT;
      one->busy = mig_guest_busy (one->guest);
      ok = mig_guest_size (one->guest, &one->size, error);
    }
  if (!ok)
    g_clear_pointer (&self, mig_surveyed_host_free);
  return self;
}

static gboolean
sample (MigSurveyedHost *self, MigGuestCpu *cpus, MigHostCpu *host, gint64 *at_ns, GError **error)
{
  *at_ns = mig_clock_now ();
  return mig_host_sample_guests (self->host, (MigGuest *const *) self->guests->pdata,
                                 self->guests->len, TRUE, cpus, error) &&
         mig_host_sample (self->host, NULL, 0, host, error);
}

/* start_rates: asks of all guests; where it is refused, a note says so, once per guest. */
static void
start_rates (const GPtrArray *hosts, guint seconds, GPtrArray *notes)
{
  for (guint h = 0; h < hosts->len; h++)
    {
      MigSurveyedHost *host = hosts->pdata[h];
      for (guint i = 0; i < host->guests->len; i++)
        {
          MigSurveyedGuest *one = &host->surveyed[i];
          g_autoptr (GError) cause = NULL;
          one->asked = !one->busy &&
                       (seconds == MIG_SURVEY_SHORT_S || !MIG_IS_MISSING (one->short_rate)) &&
                       mig_guest_start_dirty_rate (one->guest, seconds, FALSE, &cause);
          if (cause)
            g_ptr_array_add (
                notes,
                g_strdup_printf ("%s; the plan assumes that it updates no memory", cause->message));
        }
    }
}

static void
collect_rates (const GPtrArray *hosts, guint seconds)
{
  gint64 now_ns = mig_clock_now (), late_ns = now_ns + seconds * MIG_NS_PER_S + LATE_NS;
  gboolean waiting = TRUE;

  for (gint64 at_ns = now_ns + seconds * MIG_NS_PER_S; waiting; at_ns += ASK_NS)
    {
      mig_clock_sleep_until (at_ns);
      waiting = FALSE;
      for (guint h = 0; h < hosts->len; h++)
        {
          MigSurveyedHost *host = hosts->pdata[h];
          for (guint i = 0; i < host->guests->len; i++)
            {
              MigSurveyedGuest *one = &host->surveyed[i];
              if (one->asked && mig_guest_dirty_rate (one->guest, seconds == MIG_SURVEY_SHORT_S
                                                                      ? &one->short_rate
                                                                      : &one->long_rate))
                one->asked = FALSE;
              one->silent |= one->asked && at_ns >= late_ns;
              one->asked &= !one->silent;
              waiting |= one->asked;
            }
        }
    }
}

gboolean
mig_surveyed_hosts_measure (const GPtrArray *hosts, GPtrArray *notes, GError **error)
{
  for (guint h = 0; h < hosts->len; h++)
    {
      MigSurveyedHost *host = hosts->pdata[h];
      if (!sample (host, host->before, &host->host_before, &host->before_ns, error))
        return FALSE;
    }
  start_rates (hosts, MIG_SURVEY_SHORT_S, notes);
  collect_rates (hosts, MIG_SURVEY_SHORT_S);
  start_rates (hosts, MIG_SURVEY_LONG_S, notes);
  collect_rates (hosts, MIG_SURVEY_LONG_S);
  for (guint h = 0; h < hosts->len; h++)
    {
      MigSurveyedHost *host = hosts->pdata[h];
      if (!sample (host, host->after, &host->host_after, &host->after_ns, error))
        return FALSE;
    }
  return TRUE;
}
