/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/error.h"
#include "base/units.h"
#include "plan/obstacle.h"
#include "plan/subfleet.h"

#define NAMED 3 /* obstacles that an error tells */
/* Rounds after which a migration is ended where the stop rule does not: as Xen's toolstack does. */
#define ROUNDS 29

static void
obstacle_free (gpointer data)
{
  g_free (((MigObstacle *) data)->reason);
  g_free (data);
}

GPtrArray *
mig_obstacles_new (void)
{
  return g_ptr_array_new_with_free_func (obstacle_free);
}

void
mig_obstacles_add (GPtrArray *obstacles, guint vm, const char *format, ...)
{
  MigObstacle *obstacle = g_new0 (MigObstacle, 1);
  va_list args;

  va_start (args, format);
  *obstacle = (MigObstacle){ vm, g_strdup_vprintf (format, args) };
  va_end (args);
  g_ptr_array_add (obstacles, obstacle);
}

/* A migration of one VM, with no other under way. */
typedef struct {
  gboolean allowed, converges;
  double downtime_s;
} Trial;

/* try_move: of candidate i: the first to leave, or the last. */
static Trial
try_move (const MigModel *model, const MigFleet *fleet, const GArray *candidates, guint i,
          gboolean last)
{
  g_autoptr (MigSubfleet) part = mig_subfleet_new (model, fleet, candidates);
  MigPlanCost cost;

  for (guint j = 0; j < candidates->len && last; j++)
    if (j != i)
      mig_subfleet_place (part, &j, 1);
  gboolean allowed = mig_subfleet_simulate (part, &i, 1, &cost);
  return (Trial){ allowed, cost.not_converging == 0, cost.downtime_s };
}

static char *
rate (double bytes_per_s)
{
  return mig_units_format_rate ((gint64) fmin (bytes_per_s, 1e18));
}

/* ways: what else would end a migration that its stop rule does not, or keep the limit. */
static char *
ways (const MigModel *model, const MigFleet *fleet, const GArray *candidates, guint i)
{
  const MigFleetVm *vm = mig_fleet_vm (fleet, g_array_index (candidates, guint, i));
  MigModel unlimited = *model, stopped = *model;

  unlimited.cap_bytes_per_s = INFINITY;
  if (isfinite (model->cap_bytes_per_s) &&
      try_move (&unlimited, fleet, candidates, i, TRUE).allowed)
    return g_strdup ("it can without --bandwidth");
  stopped.max_rounds = ROUNDS;
  Trial trial = try_move (&stopped, fleet, candidates, i, TRUE);
  g_autofree char *downtime = mig_units_format_seconds (trial.downtime_s);
  if (trial.allowed)
    return g_strdup_printf ("--stop-rule xen-4.4 ends it with a downtime of %s; so would post-copy "
                            "or a slower vCPU",
                            downtime);
  return g_strdup_printf ("a downtime limit of %s%s would let it; so would post-copy", downtime,
                          isfinite (vm->max_downtime_s) ? "" : " of the hypervisor's");
}

/* explain: why one cannot, in numbers. */
static void
explain (const MigModel *model, const MigFleet *fleet, const GArray *candidates, guint i,
         const Trial *trial, GPtrArray *obstacles)
{
  guint index = g_array_index (candidates, guint, i);
  const MigFleetVm *vm = mig_fleet_vm (fleet, index);
  g_autofree char *way = ways (model, fleet, candidates, i);
  g_autofree char *dirty = rate (vm->dirty_pages_per_s * MIG_PAGE_BYTES);
  g_autofree char *sent = rate (
      mig_model_fastest (model, mig_fleet_host (fleet, vm->host), mig_fleet_host (fleet, vm->to)));

  if (!trial->converges)
    {
      mig_obstacles_add (
          obstacles, index,
          "it updates %s and at most %s can be sent, so its migration never ends; %s", dirty, sent,
          way);
      return;
    }
  g_autofree char *downtime = mig_units_format_seconds (trial->downtime_s);
  g_autofree char *limit = mig_units_format_seconds (vm->max_downtime_s);
  mig_obstacles_add (
      obstacles, index,
      "its downtime is %s at least and its limit %s (it updates %s, at most %s can be "
      "sent); %s",
      downtime, limit, dirty, sent, way);
}

void
mig_obstacles_find (const MigModel *model, const MigFleet *fleet, const GArray *candidates,
                    GPtrArray *obstacles)
{
  g_autoptr (GArray) late = g_array_new (FALSE, FALSE, sizeof (guint));
  guint known = obstacles->len;

  for (guint i = 0; i < candidates->len; i++)
    {
      Trial first = try_move (model, fleet, candidates, i, FALSE),
            last = try_move (model, fleet, candidates, i, TRUE);
      if (!first.allowed && !last.allowed)
        explain (model, fleet, candidates, i, last.converges ? &last : &first, obstacles);
      else if (!first.allowed)
        g_array_append_val (late, i);
    }
  /* one can be the last */
  for (guint i = 1; i < late->len && obstacles->len == known; i++)
    mig_obstacles_add (
        obstacles, g_array_index (candidates, guint, g_array_index (late, guint, i)),
        "it converges within its downtime limit only as the last to leave, like "
        "'%s'; move it on its own later",
        mig_fleet_vm (fleet, g_array_index (candidates, guint, g_array_index (late, guint, 0)))
            ->name);
}

char *
mig_obstacles_text (const GPtrArray *obstacles, const MigFleet *fleet)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < obstacles->len && i < NAMED; i++)
    {
      const MigObstacle *obstacle = obstacles->pdata[i];
      g_string_append_printf (text, "%s'%s' cannot be moved: %s", i ? ". " : "",
                              mig_fleet_vm (fleet, obstacle->vm)->name, obstacle->reason);
    }
  if (obstacles->len > NAMED)
    g_string_append_printf (text, ". And %u more VMs", obstacles->len - NAMED);
  return text->len ? g_strdup (text->str) : NULL;
}

void
mig_obstacles_fail (const GPtrArray *obstacles, const MigFleet *fleet, GError **error)
{
  g_autofree char *text = mig_obstacles_text (obstacles, fleet);

  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "%s. --skip-impossible plans the rest", text);
}
