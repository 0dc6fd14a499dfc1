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

gboolean
mig_lab_cpus_choose (const char *text, int *cpus, guint n_hosts, GError **error)
{
  g_auto (GStrv) wanted = g_strsplit (text ? text : "", ",", -1);
  g_autoptr (GArray) allowed = mig_lab_cpus_allowed (error);

  if (!allowed)
    return FALSE;
  for (guint host = 0; host < n_hosts; host++)
    {
      gboolean found = !text;
      guint64 cpu = 0;

      cpus[host] = g_array_index (allowed, int, host % allowed->len);
      if (text && (host >= g_strv_length (wanted) ||
                   !g_ascii_string_to_unsigned (wanted[host], 10, 0, G_MAXINT, &cpu, NULL)))
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                       "--cpus=%s: expected a CPU for each of %u hosts", text, n_hosts);
          return FALSE;
        }
      for (guint i = 0; i < allowed->len && !found; i++)
        found = g_array_index (allowed, int, i) == (int) cpu;
      if (!found)
        {
          g_set_error (
              error, MIG_ERROR, MIG_ERROR_INVALID,
              "CPU %d, asked for host %u of the lab, does not exist or is not allowed here",
              (int) cpu, host);
          return FALSE;
        }
      if (text)
        cpus[host] = (int) cpu;
    }
  return TRUE;
}
