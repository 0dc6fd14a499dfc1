/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "hosts/lab-share.h"
#include "lab/cpus.h"

GArray *
mig_lab_share_new (const MigStudy *study, guint host, GError **error)
{
  g_autoptr (GArray) allowed = mig_lab_cpus_allowed (error);
  return allowed ? mig_lab_cpus_of_host (allowed, host, study->hosts->len) : NULL;
}

static gboolean
check (const MigStudy *study, const MigStudyHost *host, int cpu, const GArray *own,
       const char *advice, GError **error)
{
  guint n = study->hosts->len;
  g_autofree char *share = n == 2 ? g_strdup ("half") : g_strdup_printf ("1/%u", n);

  if (cpu < (int) own->len)
    return TRUE;
  g_set_error (
      error, MIG_ERROR, MIG_ERROR_INVALID,
      "%s:%u: CPU %d does not exist on host '%s'; a host of the lab has %s of this machine's CPUs, "
      "0 to %u: %s",
      study->path, host->line, cpu, host->name, share, own->len - 1, advice);
  return FALSE;
}

gboolean
mig_lab_share_check (const MigStudy *study, const MigStudyHost *host, const GArray *own,
                     GError **error)
{
  return check (study, host, host->cpu, own, "change cpu= of that <host>", error) &&
         check (study, host, host->management_cpu, own, "change management-cpu= of that <host>",
                error);
}

int
mig_lab_share_other (const MigStudy *study, guint host, const GArray *own)
{
  guint n = study->hosts->len;
  int mine = g_array_index (own, int, 0);

  for (guint i = 1; i < n; i++)
    {
      g_autoptr (GArray) others = mig_lab_share_new (study, (host + i) % n, NULL);
      int cpu = others ? g_array_index (others, int, 0) : mine;
      if (cpu != mine)
        return cpu;
    }
  return MIG_STUDY_CPU_NONE;
}
