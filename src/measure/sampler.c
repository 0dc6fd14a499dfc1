/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/log.h"
#include "measure/alternation.h"
#include "measure/run-guest.h"
#include "measure/sampler.h"
#include "virt/stats.h"

/* vCPU and management time cost more to ask for: at most this often, unless the study fixes a
 * period. The counters are cumulative, so that averages over a window lose nothing by it; but what
 * a guest's process sends after the last one before it ends is not counted. */
#define VCPU_PERIOD_NS (4 * MIG_NS_PER_S)

struct _MigSampler {
  MigRun *run;
  const GPtrArray *guests;
  GThread *thread;
  gboolean stop;  /* (L) */
  gint64 vcpu_ns; /* when they are due */
  gboolean warned;
};

static void
sample_host (MigSampler *sampler, const MigRunHost *host, gboolean vcpus)
{
  MigRun *run = sampler->run;
  g_autoptr (GPtrArray) guests = g_ptr_array_new ();
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  MigHostCpu cpu;
  int own[2];

  g_mutex_lock (&run->lock);
  for (guint i = 0; i < sampler->guests->len; i++)
    {
      MigRunGuest *run_guest = sampler->guests->pdata[i];
      MigGuest *guest = mig_run_guest_handle (run_guest, host);
      if (guest)
        {
          g_ptr_array_add (guests, guest);
          g_ptr_array_add (names, (gpointer) mig_run_guest_name (run_guest));
        }
    }
  g_mutex_unlock (&run->lock);

  g_autofree MigGuestCpu *cpus = g_new0 (MigGuestCpu, guests->len + 1);
  gboolean ok = mig_host_sample_guests (host->host, (MigGuest *const *) guests->pdata, guests->len,
                                        vcpus, cpus, &error);
  gint64 now = mig_clock_now ();
  for (guint i = 0; ok && i < guests->len; i++)
    {
      if (MIG_IS_MISSING (cpus[i].cpu_ns))
        continue;
      MigSampleRecord record = { run->number,          now,
                                 host->study->name,    g_ptr_array_index (names, i),
                                 cpus[i].cpu_ns,       cpus[i].vcpu_ns,
                                 cpus[i].vcpu_wait_ns, cpus[i].management_ns,
                                 MIG_MISSING_INT };
      mig_run_append (run, MIG_TABLE_SAMPLES, &record);
    }
  if (ok && mig_host_sample (host->host, own, mig_run_host_sampled (host, own), &cpu, &error))
    {
      MigSampleRecord record = {
        run->number,     mig_clock_now (), host->study->name, NULL,       cpu.busy_ns,
        MIG_MISSING_INT, MIG_MISSING_INT,  cpu.management_ns, cpu.idle_ns
      };
      mig_run_append (run, MIG_TABLE_SAMPLES, &record);
    }
  if (error && !sampler->warned)
    {
      sampler->warned = TRUE;
      mig_warning ("%s (reported once per repetition)", error->message);
    }
}

static void
sample_hosts (MigSampler *sampler, gint64 due_ns)
{
  const GPtrArray *hosts = sampler->run->options.hosts;
  gboolean vcpus = due_ns >= sampler->vcpu_ns || sampler->run->options.sampling_fixed;

  if (vcpus)
    sampler->vcpu_ns = due_ns + VCPU_PERIOD_NS;
  for (guint h = 0; h < hosts->len; h++)
    sample_host (sampler, g_ptr_array_index (hosts, h), vcpus);
}

/* The period now: samples come faster while a guest migrates. (L) */
static gint64
period_now (const MigRun *run)
{
  const MigRunOptions *options = &run->options;

  if (run->guests_alone)
    return MIG_ALONE_PERIOD_NS;
  return run->migrating && options->sampling_moving_ns ? options->sampling_moving_ns
                                                       : options->sampling_ns;
}

/* Waits until the next sample is due: a period after the last, or at once where another period is
 * in force from now on, so that a migration's begin and end have samples near them. Returns when it
 * was due; one that came late is skipped, not caught up with. (L) */
static gint64
wait_for_next (MigSampler *sampler, gint64 last_ns)
{
  MigRun *run = sampler->run;
  gint64 period = period_now (run), now = mig_clock_now (), deadline = last_ns + period;

  if (deadline < now)
    deadline += (now - deadline) / period * period + period;
  while (!sampler->stop && mig_clock_now () < deadline)
    {
      mig_clock_wait (&run->changed, &run->lock, deadline);
      if (period_now (run) != period)
        {
          sampler->vcpu_ns = 0;
          return mig_clock_now ();
        }
    }
  return deadline;
}

static gpointer
sample (gpointer data)
{
  MigSampler *sampler = data;
  MigRun *run = sampler->run;
  gint64 deadline = mig_clock_now ();

  g_mutex_lock (&run->lock);
  while (!sampler->stop)
    {
      if (!run->guests_alone)
        {
          g_mutex_unlock (&run->lock);
          sample_hosts (sampler, deadline);
          g_mutex_lock (&run->lock);
        }
      deadline = wait_for_next (sampler, deadline);
    }
  g_mutex_unlock (&run->lock);
  return NULL;
}

MigSampler *
mig_sampler_start (MigRun *run, const GPtrArray *guests)
{
  if (run->options.sampling_ns <= 0)
    return NULL;
  MigSampler *sampler = g_new0 (MigSampler, 1);
  sampler->run = run;
  sampler->guests = guests;
  sampler->thread = g_thread_new ("sample", sample, sampler);
  return sampler;
}

void
mig_sampler_stop (MigSampler *sampler)
{
  if (!sampler)
    return;
  g_mutex_lock (&sampler->run->lock);
  sampler->stop = TRUE;
  g_cond_broadcast (&sampler->run->changed);
  g_mutex_unlock (&sampler->run->lock);
  g_thread_join (sampler->thread);
  g_free (sampler);
}
