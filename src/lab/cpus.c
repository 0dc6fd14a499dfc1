/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <sched.h>

#include "base/error.h"
#include "lab/cpus.h"

GArray *
mig_lab_cpus_allowed (GError **error)
{
  cpu_set_t set;

  if (sched_getaffinity (0, sizeof set, &set) < 0)
    {
      mig_error_set_errno (error, errno, "cannot determine which CPUs may be used");
      return NULL;
    }
  GArray *allowed = g_array_new (FALSE, FALSE, sizeof (int));
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
    if (CPU_ISSET (cpu, &set))
      g_array_append_val (allowed, cpu);
  return allowed;
}

GArray *
mig_lab_cpus_of_host (const GArray *allowed, guint host, guint hosts)
{
  guint share = MAX (1, allowed->len / hosts), first = host * share % allowed->len;
  GArray *cpus = g_array_new (FALSE, FALSE, sizeof (int));

  return g_array_append_vals (cpus, (const int *) (const void *) allowed->data + first, share);
}
