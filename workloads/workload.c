/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "workloads/workload.h"

#define STACK_BYTES (64 * 1024)

extern const MigWorkload mig_workload_cpu, mig_workload_memory, mig_workload_io, mig_workload_idle;

const MigWorkload *const mig_workloads[] = {
  &mig_workload_cpu, &mig_workload_memory, &mig_workload_io, &mig_workload_idle, NULL,
};

const MigWorkload *
mig_workload_find (const char *name)
{
  for (int i = 0; mig_workloads[i]; i++)
    if (strcmp (mig_workloads[i]->name, name) == 0)
      return mig_workloads[i];
  return NULL;
}

int
mig_workload_skip_kernel_words (int count, char *const *words)
{
  for (int i = 0; i < count; i++)
    if (mig_workload_find (words[i]))
      return i;
  return 0;
}

static void
describe_names (char *text, size_t size)
{
  size_t length = 0;

  for (int i = 0; mig_workloads[i] && length < size; i++)
    length += (size_t) snprintf (text + length, size - length, "%s%s", i ? " " : "",
                                 mig_workloads[i]->name);
}

bool
mig_workload_setup (MigGuest *guest, int count, char *const *words, char *why)
{
  char names[96];

  describe_names (names, sizeof names);
  if (count < 1)
    {
      snprintf (why, MIG_GUEST_WHY_SIZE, "no workload given: expected one of %s", names);
      return false;
    }
  guest->workload = mig_workload_find (words[0]);
  if (!guest->workload)
    {
      snprintf (why, MIG_GUEST_WHY_SIZE, "unknown workload '%.40s': expected one of %s", words[0],
                names);
      return false;
    }
  for (unsigned i = 0; i < MIG_GUEST_WORKERS_MAX; i++)
    guest->workers[i].guest = guest;
  return mig_option_parse (guest->workload->options, count - 1, words + 1, &guest->options, why,
                           MIG_GUEST_WHY_SIZE);
}

uint64_t
mig_guest_work (const MigGuest *guest)
{
  uint64_t sum = 0;

  for (uint64_t i = 0; i < guest->options.threads; i++)
    sum += atomic_load_explicit (&guest->workers[i].work_units, memory_order_relaxed);
  return sum;
}

static void *
work (void *opaque)
{
  MigGuestWorker *worker = opaque;
  MigGuest *guest = worker->guest;

  while (!atomic_load_explicit (&guest->stop, memory_order_relaxed))
    guest->workload->step (worker);
  return NULL;
}

/* start: all but the first worker, in threads that signals do not reach. Returns 0 or an errno. */
static int
start (MigGuest *guest)
{
  pthread_attr_t attributes;
  pthread_t thread;
  sigset_t all, before;
  int failure = 0;

  pthread_attr_init (&attributes);
  pthread_attr_setdetachstate (&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize (&attributes, STACK_BYTES);
  sigfillset (&all);
  pthread_sigmask (SIG_BLOCK, &all, &before);
  for (uint64_t i = 1; i < guest->options.threads && !failure; i++)
    failure = pthread_create (&thread, &attributes, work, &guest->workers[i]);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  pthread_attr_destroy (&attributes);
  return failure;
}

int
mig_workload_run (MigGuest *guest)
{
  int failure = start (guest);

  if (!failure)
    work (&guest->workers[0]);
  return failure;
}
