/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "hosts/lab-share.h"
#include "lab/cpus.h"
#include "results/given-cpus.h"

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

gboolean
mig_lab_share_lender (const MigStudy *study, guint host, guint *lender, int *cpu)
{
  g_autoptr (GArray) first = g_array_new (FALSE, FALSE, sizeof (int));

  for (guint i = 0; i < study->hosts->len; i++)
    {
      g_autoptr (GArray) own = mig_lab_share_new (study, i, NULL);
      int number = own ? g_array_index (own, int, 0) : MIG_STUDY_CPU_NONE;
      g_array_append_val (first, number);
    }
  guint found = mig_cpu_lender (first, host);
  if (found == first->len || g_array_index (first, int, found) < 0)
    return FALSE;
  *lender = found;
  *cpu = g_array_index (first, int, found);
  return TRUE;
}

guint *
mig_lab_share_lenders (const MigStudy *study)
{
  guint *lenders = g_new (guint, study->hosts->len);

  for (guint i = 0; i < study->hosts->len; i++)
    {
      g_autoptr (GArray) own = mig_lab_share_new (study, i, NULL);
      int cpu;
      if (!own || own->len > 1 || !mig_lab_share_lender (study, i, &lenders[i], &cpu))
        lenders[i] = i;
    }
  return lenders;
}
