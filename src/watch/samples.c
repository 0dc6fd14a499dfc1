/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/log.h"
#include "watch/internal.h"
#include "virt/inspect.h"
#include "virt/stats.h"

/* how much of the time before a migration is kept, to compare with */
#define BASELINE_NS (10 * MIG_NS_PER_S)

static void
keep (GPtrArray *tick, const MigSampleRecord *sample)
{
  g_ptr_array_add (tick, mig_record_copy (MIG_TABLE_SAMPLES, sample));
}

static gboolean
sample_host (MigWatch *watch, MigHost *host, char *name, GPtrArray *tick, GError **error)
{
  g_autoptr (GPtrArray) guests = mig_host_guests (host, error);
  MigHostCpu cpu;

  if (!guests)
    return FALSE;
  g_autofree MigGuestCpu *cpus = g_new0 (MigGuestCpu, guests->len + 1);
  if (!mig_host_sample_guests (host, (MigGuest *const *) guests->pdata, guests->len, TRUE, cpus,
                               error))
    return FALSE;
  gint64 now = mig_clock_now ();
  for (guint i = 0; i < guests->len; i++)
    if (!MIG_IS_MISSING (cpus[i].cpu_ns))
      keep (tick,
            &(MigSampleRecord){ 0, now, name,
                                mig_watch_guest_name (watch, mig_guest_uuid (guests->pdata[i]),
                                                      mig_guest_name (guests->pdata[i]), name),
                                cpus[i].cpu_ns, cpus[i].vcpu_ns, cpus[i].vcpu_wait_ns,
                                cpus[i].management_ns, MIG_MISSING_INT });
  if (!mig_host_sample (host, NULL, 0, &cpu, error))
    return FALSE;
  keep (tick, &(MigSampleRecord){ 0, mig_clock_now (), name, NULL, cpu.busy_ns, MIG_MISSING_INT,
                                  MIG_MISSING_INT, cpu.management_ns, cpu.idle_ns });
  return TRUE;
}

/* A failure of the writer is kept by it and comes back with the commit. */
static void
write_tick (MigWatch *watch, const GPtrArray *tick)
{
  for (guint i = 0; i < tick->len; i++)
    {
      MigSampleRecord *sample = tick->pdata[i];
      sample->run = watch->run;
      mig_result_writer_append (mig_result_rotation_writer (watch->volumes), MIG_TABLE_SAMPLES,
                                sample, NULL);
    }
}

/* take_look: FALSE: of some host nothing is known. */
static gboolean
take_look (MigWatch *watch, GPtrArray *tick)
{
  gboolean whole = TRUE;

  for (guint i = 0; i < watch->hosts->len; i++)
    {
      MigWatched *watched = watch->hosts->pdata[i];
      g_autoptr (GError) error = NULL;
      if (watched->host &&
          sample_host (watch, watched->host->host, watched->study.name, tick, &error))
        continue;
      whole = FALSE;
      if (error)
        mig_debug ("%s", error->message);
    }
  return whole;
}

void
mig_watch_sample (MigWatch *watch)
{
  g_autoptr (GPtrArray) tick = g_ptr_array_new_with_free_func (g_free);
  guint most = (guint) (BASELINE_NS / watch->options.sampling_ns) + 1;

  watch->look++;
  gboolean whole = take_look (watch, tick);
  if (watch->in_episode)
    write_tick (watch, tick);
  else if (whole)
    mig_watch_free_names (watch);
  g_queue_push_tail (&watch->recent, g_steal_pointer (&tick));
  while (g_queue_get_length (&watch->recent) > most)
    g_ptr_array_unref (g_queue_pop_head (&watch->recent));
}

void
mig_watch_write_recent (MigWatch *watch)
{
  for (const GList *link = watch->recent.head; link; link = link->next)
    {
      const GPtrArray *tick = link->data;
      if (tick->len > 0 && MIG_IS_MISSING (watch->window_ns))
        watch->window_ns = ((MigSampleRecord *) tick->pdata[0])->time_ns;
      write_tick (watch, tick);
    }
}

void
mig_watch_keep_last_sample (MigWatch *watch)
{
  while (g_queue_get_length (&watch->recent) > 1)
    g_ptr_array_unref (g_queue_pop_head (&watch->recent));
}

void
mig_watch_forget_samples (MigWatch *watch, const char *guest)
{
  for (const GList *link = watch->recent.head; link; link = link->next)
    {
      GPtrArray *tick = link->data;
      for (guint i = tick->len; i > 0; i--)
        if (g_strcmp0 (((MigSampleRecord *) tick->pdata[i - 1])->guest, guest) == 0)
          g_ptr_array_remove_index (tick, i - 1);
    }
}
