/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "plan/plan.h"
#include "report/plan-figures.h"
#include "tests/unit/fleets.h"

/* Pictures of plans whose migrations copy disks: what passes a link is disks and memory. */

#define RATE 125e6
#define DISK 20e9

/* leave_all: a plan by which all hosts but the last are left. */
static MigPlan *
leave_all (const MigModel *model, MigFleet *fleet)
{
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) targets = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GError) error = NULL;
  guint last = fleet->hosts->len - 1;

  for (guint i = 0; i < last; i++)
    g_array_append_val (sources, i);
  g_array_append_val (targets, last);
  const MigTask task = { sources, targets, NAN, 1, { .time = 1 }, 0 };
  MigPlan *plan = mig_plan_make (model, fleet, &task, &error);
  g_assert_no_error (error);
  return plan;
}

static MigModel
disk_model (void)
{
  MigModel model = mig_model_default ();

  model.copies_disks = TRUE;
  return model;
}

/* highest: the largest second number of the lines. */
static double
highest (const char *data)
{
  g_auto (GStrv) lines = g_strsplit (data, "\n", -1);
  double most = 0;

  for (guint i = 0; lines[i]; i++)
    {
      const char *second = strchr (lines[i], ' ');
      if (second)
        most = fmax (most, g_ascii_strtod (second, NULL));
    }
  return most;
}

/* An uplink of a link's rate that a disk fills nearly all the time. */
static void
test_uplink (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  g_autoptr (GPtrArray) figures = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_figure_free);
  const MigFleetGroup rack = { (char *) "rack", RATE, 0 };
  const MigModel model = disk_model ();

  fleet_host (fleet, "a", 8);
  fleet_host (fleet, "b", 8);
  g_array_index (fleet->hosts, MigFleetHost, 0).group = mig_fleet_add_group (fleet, &rack) + 1;
  fleet_vm (fleet, "vm", 0, 0, 0, 0);
  g_array_index (fleet->vms, MigFleetVm, 0).disk_bytes = DISK;
  g_autoptr (MigPlan) plan = leave_all (&model, fleet);
  const MigPlanReport report = { .fleet = fleet, .model = &model, .plan = plan };
  mig_plan_uplinks (&report, figures);
  g_assert_cmpuint (figures->len, ==, 1);
  double most = highest (((const MigFigure *) figures->pdata[0])->data->str);
  g_assert_cmpfloat (most, >, 95);
  g_assert_cmpfloat (most, <, 100.01);
}

/* One host more than there are lanes; the one with the least memory, but a disk, has most to send.
 */
static void
test_lanes (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  const MigModel model = disk_model ();

  for (guint i = 0; i <= 41; i++)
    {
      g_autofree char *name = i == 20 ? g_strdup ("disks") : g_strdup_printf ("host%u", i);
      fleet_host (fleet, name, 64);
      if (i < 41)
        fleet_vm (fleet, name, i, 0, 0, 0);
    }
  g_array_index (fleet->vms, MigFleetVm, 20).used_bytes = 16. * MIG_MIB;
  g_array_index (fleet->vms, MigFleetVm, 20).disk_bytes = DISK;
  g_autoptr (MigPlan) plan = leave_all (&model, fleet);
  const MigPlanReport report = { .fleet = fleet, .model = &model, .plan = plan };
  MigFigure *figure = mig_plan_lanes (&report);
  g_assert_nonnull (strstr (figure->caption, "The 40 of 41 with most to send"));
  g_assert_nonnull (strstr (figure->script->str, "disks"));
  mig_figure_free (figure);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan-figures/uplink", test_uplink);
  g_test_add_func ("/plan-figures/lanes", test_lanes);
  return g_test_run ();
}
