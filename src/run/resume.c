/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/result.h"
#include "run/resume.h"
#include "run/runner.h"

GHashTable *
mig_resume_done (const char *path, guint64 *seed, GError **error)
{
  g_autoptr (MigResult) result = mig_result_open (path, error);
  g_autoptr (GPtrArray) runs = result ? mig_result_load (result, MIG_TABLE_RUNS, error) : NULL;

  if (!runs)
    return NULL;
  GHashTable *done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < runs->len; i++)
    {
      const MigRunRecord *run = g_ptr_array_index (runs, i);
      if (g_strcmp0 (run->status, "ok") == 0)
        g_hash_table_add (done, mig_run_key (run->case_label, run->repetition));
    }
  *seed = (guint64) mig_result_manifest (result)->seed;
  return done;
}
