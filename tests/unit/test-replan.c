/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/files.h"
#include "base/units.h"
#include "execute/replan.h"
#include "tests/unit/fleets.h"

/* A plan for the rest after one migration whose disks took a time that nobody expected. */

#define DISK 10e9

/* make_fleet: two VMs with disks on a host that is to be left. */
static MigFleet *
make_fleet (void)
{
  MigFleet *fleet = mig_fleet_new ();

  fleet_host (fleet, "a", 8);
  fleet_host (fleet, "b", 8);
  for (guint i = 0; i < 2; i++)
    {
      guint vm = fleet_vm (fleet, i == 0 ? "x" : "y", 0, 0, 0, 0);
      g_array_index (fleet->vms, MigFleetVm, vm).disk_bytes = DISK;
    }
  return fleet;
}

/* first_done: x has moved: its memory as the model says, its disk in so many seconds. */
static MigPlanProgress *
first_done (const MigModel *model, const MigFleet *fleet, double disk_s)
{
  g_autoptr (MigSimulation) simulation = mig_simulation_new (model, fleet);
  const MigMove as_planned = { 0, 1, 0 };
  MigPlanProgress *progress = mig_plan_progress_new ();
  GPtrArray *moves = g_ptr_array_new ();
  MigMigrationRecord record;
  MigMoveCost cost;
  MigPlanCost sum;

  mig_simulation_run (simulation, NULL, &as_planned, 1, &cost, &sum);
  mig_record_init (MIG_TABLE_MIGRATIONS, &record);
  record.disk_total_bytes = (gint64) DISK;
  record.disk_ns = (gint64) (disk_s * 1e9);
  MigPlannedMove *move = mig_planned_move_new ("x", "x", "a", "b", 0);
  move->record = mig_record_copy (MIG_TABLE_MIGRATIONS, &record);
  g_ptr_array_add (moves, move);
  mig_plan_progress_set_plan (progress, moves);
  g_assert_true (mig_plan_progress_next (progress) == move);
  move->time_s = cost.end_s - cost.start_s - cost.disk_s + disk_s;
  move->downtime_s = cost.downtime_s;
  mig_plan_progress_ended (progress, move, TRUE);
  return progress;
}

/* replan: the rest of it; what the model lacked is learnt. */
static void
replan (double disk_s)
{
  const MigManifest manifest = { .study_name = (char *) "s", .study_title = (char *) "t" };
  const char xml[] = "<execution/>";
  g_autofree char *top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (top, "r", NULL);
  MigSurvey *survey = g_new0 (MigSurvey, 1);
  char *empty[] = { (char *) "a", NULL };
  MigPlanSession planning = { .survey = survey,
                              .own_fleet = make_fleet (),
                              .model = mig_model_default (),
                              .options = { .empty = empty, .objective = "time" } };
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) skipped = g_ptr_array_new ();
  MigReplan self = { &planning, NULL, FALSE, NAN, notes, skipped };
  g_autoptr (GError) error = NULL;
  GPtrArray *rest = NULL;

  survey->rows = g_ptr_array_new ();
  survey->uuids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  survey->seen = g_hash_table_new (g_str_hash, g_str_equal);
  survey->uris = g_hash_table_new (g_str_hash, g_str_equal);
  survey->verdicts = g_ptr_array_new ();
  survey->notes = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_insert (survey->uuids, g_strdup ("x"), g_strdup ("x"));
  g_hash_table_insert (survey->uuids, g_strdup ("y"), g_strdup ("y"));
  planning.model.max_rounds = 29;
  planning.model.copies_disks = TRUE;
  const MigModel before = planning.model;
  g_autoptr (MigPlanProgress) progress = first_done (&before, planning.own_fleet, disk_s);
  self.writer = mig_result_writer_new (path, xml, strlen (xml), &manifest, NULL);
  g_assert_true (mig_replan (progress, NULL, &rest, &self, &error));
  g_assert_no_error (error);

  g_assert_cmpfloat_with_epsilon (planning.model.end_s, before.end_s, 1e-6);
  g_assert_cmpfloat_with_epsilon (mig_fleet_host (planning.own_fleet, 0)->link_bytes_per_s, 125e6,
                                  1);
  g_assert_cmpuint (notes->len, ==, 0); /* nothing deviated */
  g_assert_cmpuint (rest->len, ==, 1);
  const MigPlannedMove *second = rest->pdata[0];
  g_assert_cmpstr (second->guest, ==, "y");
  g_assert_cmpfloat_with_epsilon (second->time.value - second->memory.value, DISK / 125e6, 0.5);
  g_ptr_array_set_free_func (rest, (GDestroyNotify) mig_planned_move_free);
  g_ptr_array_unref (rest);
  mig_result_writer_free (self.writer);
  mig_plan_session_clear (&planning);
  g_assert_true (mig_files_remove_tree (top, NULL));
}

static void
test_thin (void)
{
  replan (4);
}

static void
test_slow (void)
{
  replan (1200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/replan/thin-disk", test_thin);
  g_test_add_func ("/replan/slow-storage", test_slow);
  return g_test_run ();
}
