/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/files.h"
#include "base/log.h"
#include "watch/internal.h"

static guint
running (const MigWatch *watch)
{
  const GPtrArray *all = mig_migration_tracker_all (watch->tracker);
  guint n = 0;

  for (guint i = 0; i < all->len; i++)
    n += MIG_IS_MISSING (((const MigTrackedMigration *) all->pdata[i])->end_ns);
  return n;
}

void
mig_watch_write_metrics (MigWatch *watch)
{
  guint n = watch->hosts->len;
  g_autofree const char **hosts = g_new (const char *, n);
  g_autofree gboolean *answers = g_new (gboolean, n);
  g_autoptr (GError) error = NULL;

  if (!watch->options.metrics)
    return;
  for (guint i = 0; i < n; i++)
    {
      const MigWatched *watched = watch->hosts->pdata[i];
      hosts[i] = watched->study.name;
      answers[i] = watched->host != NULL;
    }
  const MigWatchNow now = { running (watch), n, hosts, answers };
  g_autofree char *text = mig_watch_metrics_text (watch->metrics, &now);
  if (g_strcmp0 (text, watch->metrics_text) == 0)
    return;
  g_clear_pointer (&watch->metrics_text, g_free);
  if (mig_files_write (watch->options.metrics, text, strlen (text), &error))
    watch->metrics_text = g_steal_pointer (&text);
  else if (!watch->metrics_failed)
    mig_warning ("cannot write metrics: %s", error->message);
  watch->metrics_failed = error != NULL;
}
