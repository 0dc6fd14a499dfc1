/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "measure/internal.h"

int
mig_run_host_cpu (const MigRunHost *host, const MigStudy *variant)
{
  int cpu = mig_study_find_host (variant, host->study->name)->cpu;
  return cpu < 0 || !host->own_cpus ? cpu : g_array_index (host->own_cpus, int, cpu);
}

/* Where there is a Domain-0, to the one CPU that the case uses; back to where it was, where it uses
 * none. */
static gboolean
pin_management (MigRunner *runner, const MigRunHost *host, GError **error)
{
  const char *before = g_hash_table_lookup (runner->pins, host);
  guint id = 0;

  if (!before)
    {
      g_autofree char *found = NULL;
      if (host->cpu < 0)
        return TRUE;
      if (!mig_host_management_pin (host->host, &found, error))
        return FALSE;
      if (!found)
        return TRUE;
      if (!mig_undo_push_management_pin (runner->undo, host->host, found, &id, error))
        return FALSE;
      before = found;
      g_hash_table_insert (runner->pins, (gpointer) host, g_steal_pointer (&found));
    }
  g_autofree char *map = host->cpu < 0 ? g_strdup (before) : g_strnfill (strlen (before), '0');
  if (host->cpu >= 0)
    map[host->cpu] = '1';
  return mig_host_pin_management (host->host, map, error);
}

gboolean
mig_case_enter (MigRunner *runner, const MigStudyCase *study_case, GError **error)
{
  const MigStudy *variant = study_case->study;
  MigRunOptions *options = &runner->options;

  options->study = variant;
  runner->stop = mig_stop_rule_limits (variant->stop_rule);
  for (guint i = 0; i < options->hosts->len; i++)
    {
      MigRunHost *host = g_ptr_array_index (options->hosts, i);
      int cpu = mig_run_host_cpu (host, variant);
      if (cpu == host->cpu && g_hash_table_contains (runner->pins, host))
        continue;
      host->cpu = cpu;
      if (!pin_management (runner, host, error))
        return FALSE;
    }
  if (!options->shape_link || variant->link_bytes_per_s == runner->link_bytes_per_s)
    return TRUE;
  if (!options->shape_link (variant->link_bytes_per_s, options->shape_data, error))
    return FALSE;
  runner->link_bytes_per_s = variant->link_bytes_per_s;
  return TRUE;
}
