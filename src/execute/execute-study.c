/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "execute/internal.h"

/* What the machinery of runs is told of a plan: a study of its hosts and of guests that are there.
 * Names are whatever hosts and domains are called, which a study's file might not allow. */

/* So long a migration may take at least, and so many times what was predicted. */
#define TIMEOUT_S 600.
#define TIMEOUT_FACTOR 10. /* both: migcost-plan(1) */

static const char pattern[] =
    "<study name=\"plan\"><hosts><host name=\"a\" uri=\"test:///\"/><host name=\"b\" "
    "uri=\"test:///\"/></hosts>"
    "<guest name=\"g\" existing=\"yes\"/><cases><sequence>g</sequence></cases></study>";

static void
add_host (MigStudy *study, const MigPlanExecutorHost *host)
{
  MigStudyHost *self = g_new0 (MigStudyHost, 1);

  self->name = g_strdup (host->name);
  self->uri = g_strdup (host->uri);
  self->migrate_uri = g_strdup (host->migrate_uri);
  self->peer_uri = g_strdup (host->peer_uri);
  self->cpu = self->management_cpu = MIG_STUDY_CPU_NONE;
  g_ptr_array_add (study->hosts, self);
}

gint64
mig_plan_executor_timeout (gint64 asked_ns, const GPtrArray *moves, guint first)
{
  double longest = TIMEOUT_S;

  if (asked_ns > 0)
    return asked_ns;
  for (guint i = first; i < moves->len; i++)
    {
      const MigPredicted *time = &((const MigPlannedMove *) moves->pdata[i])->time;
      longest = fmax (longest, TIMEOUT_FACTOR * fmax (time->value, time->high)); /* a NaN is none */
    }
  return (gint64) (MIN (longest, 1e8) * MIG_NS_PER_S);
}

MigStudy *
mig_plan_executor_study (const MigPlanExecutorOptions *options, const GPtrArray *moves, guint first,
                         const char *label, GError **error)
{
  MigStudy *study = mig_study_parse (pattern, sizeof pattern - 1, "plan", error);
  guint64 link;

  if (!study)
    return NULL;
  MigStudyCase *only = study->cases->pdata[0];
  g_free (only->label);
  only->label = g_strdup (label);
  g_ptr_array_set_size (only->steps, 0);
  g_ptr_array_set_size (study->guests, 0);
  g_ptr_array_set_size (study->workloads, 0);
  g_ptr_array_set_size (study->hosts, 0);
  for (guint i = 0; i < options->hosts->len; i++)
    add_host (study, &g_array_index (options->hosts, MigPlanExecutorHost, i));
  study->stop_rule = options->stop_rule;
  study->technique = options->technique;
  study->flags = options->flags;
  study->direct = options->direct;
  study->bandwidth_bytes_per_s = options->bandwidth_bytes_per_s;
  study->timeout_ns = mig_plan_executor_timeout (options->timeout_ns, moves, first);
  if (options->link && mig_units_parse_rate (options->link, &link, NULL))
    study->link_bytes_per_s = link;
  return study;
}

const MigStudyGuest *
mig_plan_executor_add_guest (MigStudy *study, const char *name, const char *domain,
                             const char *host, const char *probe)
{
  MigStudyWorkload *workload = g_new0 (MigStudyWorkload, 1);
  MigStudyGuest *guest = g_new0 (MigStudyGuest, 1);

  workload->name = g_strdup (name);
  workload->type = g_strdup (MIG_STUDY_EXISTING);
  g_ptr_array_add (study->workloads, workload);
  guest->name = g_strdup (name);
  guest->domain = g_strdup (domain);
  guest->probe = g_strdup (probe);
  guest->existing = TRUE;
  guest->workload = workload;
  guest->host = mig_study_find_host (study, host);
  g_ptr_array_add (study->guests, guest);
  return guest;
}

char *
mig_plan_executor_case (guint plan)
{
  return g_strdup_printf ("plan-%u", plan);
}
