/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>

#include "base/units.h"
#include "model/calibrate.h"
#include "model/full-size.h"
#include "report/calibration.h"
#include "tests/unit/fleets.h"
#include "tests/unit/trainings.h"

/* Disks that are copied before memory: how long that takes, and that a calibration finds it out. */

#define DISK (64. * MIG_MIB)
#define LINK 125e6

static void
assert_near (double value, double expected)
{
  if (fabs (value - expected) > 1e-9 * fmax (1, fabs (expected)))
    g_error ("%.12g, expected %.12g", value, expected);
}

/* Links that are the bottleneck, unless a test makes something else one. */
static MigModel
plain_model (void)
{
  MigModel model = mig_model_default ();

  model.source_s_per_byte = model.destination_s_per_byte = 1e-12;
  model.source_s_per_constant = model.destination_s_per_constant = 0;
  model.source_s_per_disk_byte = model.destination_s_per_disk_byte = 1e-12;
  model.setup_s = 1;
  model.switch_s = 0.5;
  model.end_s = 2;
  model.downtime_limit_s = 0;
  model.min_pages = 50;
  return model;
}

/* two_guests: on one of two hosts, each with 125 MB of memory in use, and disks. */
static MigFleet *
two_guests (double first_disk, double second_disk)
{
  MigFleet *fleet = mig_fleet_new ();

  fleet_host (fleet, "a", 1);
  fleet_host (fleet, "b", 1);
  for (guint i = 0; i < 2; i++)
    {
      guint index = fleet_vm (fleet, i ? "w" : "v", 0, 0, 0, 0);
      MigFleetVm *vm = &g_array_index (fleet->vms, MigFleetVm, index);
      vm->used_bytes = 125e6;
      vm->disk_bytes = i ? second_disk : first_disk;
    }
  return fleet;
}

/* run: the first n guests move at the same time; the lost work of the second. */
static double
run (const MigModel *model, const MigFleet *fleet, guint n, MigMoveCost *costs)
{
  g_autoptr (MigSimulation) simulation = mig_simulation_new (model, fleet);
  const MigMove moves[] = { { 0, 1, 0 }, { 1, 1, 0 } };
  MigPlanCost sum;

  mig_simulation_run (simulation, NULL, moves, n, costs, &sum);
  return mig_simulation_lost (simulation, 1);
}

/* Disk over link, then memory as without one. */
static void
test_link (void)
{
  g_autoptr (MigFleet) fleet = two_guests (DISK, 0), none = two_guests (0, 0);
  MigModel model = plain_model ();
  MigMoveCost cost, without;

  run (&model, fleet, 1, &cost);
  run (&model, none, 1, &without);
  assert_near (cost.disk_s, DISK / LINK);
  assert_near (cost.end_s, 1 + DISK / LINK + 1 + 0.5 + 2);
  assert_near (without.end_s, 1 + 1 + 0.5 + 2);
  assert_near (cost.downtime_s, 0.5);
  assert_near (cost.sent_bytes, 125e6); /* of memory */
  g_assert_true (without.disk_s == 0);
}

/* A limit of migrations holds for disks, too; where none is copied they do not count. */
static void
test_cap (void)
{
  g_autoptr (MigFleet) fleet = two_guests (DISK, 0);
  MigModel model = plain_model ();
  MigMoveCost cost;

  model.cap_bytes_per_s = 16. * MIG_MIB;
  run (&model, fleet, 1, &cost);
  assert_near (cost.disk_s, 4);
  assert_near (cost.end_s, 1 + 4 + 125e6 / (16 * MIG_MIB) + 0.5 + 2);
  model.copies_disks = FALSE;
  run (&model, fleet, 1, &cost);
  g_assert_true (cost.disk_s == 0);
  assert_near (cost.end_s, 1 + 125e6 / (16 * MIG_MIB) + 0.5 + 2);
}

/* Two share the link: half of it each, until the smaller disk is copied; then that guest's memory
 * has the half. */
static void
test_together (void)
{
  g_autoptr (MigFleet) alike = two_guests (DISK, DISK), unlike = two_guests (DISK, DISK / 4);
  MigModel model = plain_model ();
  MigMoveCost costs[2];

  model.setup_s = model.switch_s = 0;
  run (&model, alike, 2, costs);
  for (guint i = 0; i < 2; i++)
    {
      assert_near (costs[i].disk_s, 2 * DISK / LINK);
      assert_near (costs[i].end_s, 2 * (DISK + 125e6) / LINK + 2);
    }
  run (&model, unlike, 2, costs);
  assert_near (costs[1].disk_s, 2 * (DISK / 4) / LINK);
  assert_near (costs[0].disk_s, 2 * DISK / LINK);
  assert_near (costs[1].end_s, 2 * (DISK / 4 + 125e6) / LINK + 2);
  assert_near (costs[0].end_s, (DISK + DISK / 4 + 250e6) / LINK + 2);
}

/* 6 ns a byte on either side, beside a busy neighbour on the source: the thread that sends has half
 * a CPU, the other waits for it: 12 and 6 ns a byte. The neighbour lacks what sending takes. */
static void
test_cpu (void)
{
  g_autoptr (MigFleet) fleet = two_guests (DISK, 0), none = two_guests (0, 0);
  MigModel model = plain_model ();
  MigMoveCost cost;

  model.source_s_per_disk_byte = model.destination_s_per_disk_byte = 6e-9;
  g_array_index (fleet->vms, MigFleetVm, 1).cpu = g_array_index (none->vms, MigFleetVm, 1).cpu = 1;
  double lost = run (&model, fleet, 1, &cost) - run (&model, none, 1, &(MigMoveCost){ 0 });
  assert_near (cost.disk_s, 18e-9 * DISK);
  assert_near (lost, 6e-9 * DISK);
}

/* What a guest updates while its disk is copied goes with the rest of its memory. */
static void
test_updates (void)
{
  g_autoptr (MigFleet) fleet = two_guests (DISK, 0), none = two_guests (0, 0);
  MigModel model = plain_model ();
  MigMoveCost cost, without;

  for (guint i = 0; i < 2; i++)
    {
      MigFleetVm *vm = &g_array_index ((i ? none : fleet)->vms, MigFleetVm, 0);
      vm->wss_bytes = 50e6;
      vm->dirty_pages_per_s = 2000;
    }
  run (&model, fleet, 1, &cost);
  run (&model, none, 1, &without);
  g_assert_cmpuint (without.rounds, >, 1);
  g_assert_cmpuint (cost.rounds, ==, without.rounds);
  assert_near (cost.end_s, without.end_s + DISK / LINK);
  assert_near (cost.downtime_s, without.downtime_s);
}

/* An uplink of half a host's rate limits disks as it does memory. */
static void
test_uplink (void)
{
  g_autoptr (MigFleet) fleet = two_guests (DISK, 0);
  const MigFleetGroup group = { (char *) "rack", LINK / 2, 0 };
  MigModel model = plain_model ();
  MigMoveCost cost;

  g_array_index (fleet->hosts, MigFleetHost, 0).group = mig_fleet_add_group (fleet, &group) + 1;
  model.source_s_per_byte = 100e-9; /* disks are faster than memory */
  run (&model, fleet, 1, &cost);
  assert_near (cost.disk_s, 2 * DISK / LINK);
}

/* --- what is learnt --- */

/* How many more solvers begin before all others fail. */
static guint solvers = G_MAXUINT;

/* In the place of GSL's. */
int
gsl_multifit_nlinear_init (const gsl_vector *x, gsl_multifit_nlinear_fdf *fdf,
                           gsl_multifit_nlinear_workspace *w)
{
  if (solvers == 0)
    return GSL_EFAILED;
  solvers -= solvers < G_MAXUINT;
  return gsl_multifit_nlinear_winit (x, NULL, fdf, w);
}

/* make_training: disks: whether any are copied. */
static MigTraining *
make_training (const char *const *labels, guint n, gboolean disks)
{
  return training_of (labels, n, disks ? DISK : 0, 0.02);
}

static MigCalibration *
calibrate (const MigTraining *training)
{
  g_autoptr (GError) error = NULL;
  MigModel rule = training_rule ();
  MigCalibration *calibration = mig_calibrate (training, &rule, &error);
  g_assert_no_error (error);
  return calibration;
}

static double
ratio (const MigCalibration *calibration, MigParameter parameter)
{
  MigModel made = training_truth ();
  const MigParameterInfo *info = mig_parameter_info (parameter);
  double want = G_STRUCT_MEMBER (double, &made, info->offset);
  const MigEstimate *found = &calibration->parameters[parameter];

  g_test_message ("%s: %g, found %g (%g to %g)", info->id, want, found->value, found->low,
                  found->high);
  return found->value / want;
}

/* From cases some of which are of two at the same time. */
static void
test_recovers (void)
{
  static const char *const labels[] = { "cc", "cm", "m", "mm", "c+m", "c+c" };
  g_autoptr (MigTraining) training = make_training (labels, G_N_ELEMENTS (labels), TRUE);
  g_autoptr (MigCalibration) calibration = calibrate (training);

  g_assert_cmpuint (calibration->n_parameters, ==, MIG_N_PARAMETERS);
  for (guint i = 0; i < MIG_N_PARAMETERS; i++)
    g_assert_cmpfloat (fabs (log (ratio (calibration, i))), <, 0.3);
  g_assert_cmpfloat (calibration->errors[MIG_PREDICTOR_MODEL].time, <, 0.05);
  g_assert_cmpfloat (calibration->errors[MIG_PREDICTOR_MODEL].disk, <, 0.05);
  g_assert_cmpuint (calibration->errors[MIG_PREDICTOR_MODEL].n_disk, ==, training->n_migrations);
  g_assert_cmpfloat (calibration->errors[MIG_PREDICTOR_LINK].disk, >, 0.3);
  g_assert_cmpfloat (calibration->errors[MIG_PREDICTOR_LINK].disk, <, 1);
}

/* Where one guest moves after the other, memory's parameters are those of runs without disks; where
 * none was copied, those of disks stay as they were. */
static void
test_undisturbed (void)
{
  static const char *const labels[] = { "cc", "cm", "mc", "mm", "m" };
  g_autoptr (MigTraining) with = make_training (labels, G_N_ELEMENTS (labels), TRUE);
  g_autoptr (MigTraining) without = make_training (labels, G_N_ELEMENTS (labels), FALSE);
  g_autoptr (MigCalibration) disks = calibrate (with), none = calibrate (without);

  g_assert_cmpuint (disks->n_parameters, ==, MIG_N_PARAMETERS);
  g_assert_cmpuint (none->n_parameters, ==, MIG_N_MEMORY_PARAMETERS);
  g_assert_true (none->model.source_s_per_disk_byte == mig_model_default ().source_s_per_disk_byte);
  for (guint i = 0; i < MIG_N_MEMORY_PARAMETERS; i++)
    g_assert_cmpfloat (fabs (log (ratio (disks, i) / ratio (none, i))), <, 0.02);
}

/* told: all that is said of a calibration. */
static char *
told (gboolean disks)
{
  static const char *const labels[] = { "cc", "cm", "mm", "m" };
  g_autoptr (MigTraining) training = make_training (labels, G_N_ELEMENTS (labels), disks);
  g_autoptr (MigCalibration) calibration = calibrate (training);
  g_autoptr (MigDocument) document = mig_document_new (MIG_MEDIUM_TERMINAL, NULL, NULL);

  mig_calibration_add (document->body, calibration, "there");
  return mig_document_render (document);
}

/* The column of disks is explained where it is shown. */
static void
test_told (void)
{
  g_autofree char *with = told (TRUE), *without = told (FALSE);

  g_assert_nonnull (strstr (with, " disks: "));
  g_assert_nonnull (strstr (with, "  memory and disks / link rate "));
  g_assert_null (strstr (without, "disks"));
  g_assert_nonnull (strstr (without, "  memory / link rate "));
}

/* Disks are fitted, then memory, each by five solvers, of which four try a start; where disks
 * cannot be fitted once more, nothing is known of them. */
static void
test_failing_solver (void)
{
  static const char *const labels[] = { "cc", "cm" };
  g_autoptr (MigTraining) training = make_training (labels, G_N_ELEMENTS (labels), TRUE);
  MigEstimate estimates[MIG_N_PARAMETERS];
  MigModel start = training_truth (), model;

  start.source_s_per_disk_byte = start.destination_s_per_disk_byte = 1e-9;
  start.setup_s = 1;
  model = start;
  g_assert_cmpuint (mig_fit (training, NULL, &model, estimates), ==, MIG_N_PARAMETERS);
  g_assert_cmpfloat (model.source_s_per_disk_byte, >, 2e-9);
  model = start;
  solvers = 10;
  g_assert_cmpuint (mig_fit (training, NULL, &model, estimates), ==, MIG_N_MEMORY_PARAMETERS);
  solvers = G_MAXUINT;
  g_assert_cmpfloat (model.source_s_per_disk_byte, ==, 1e-9);
  g_assert_cmpfloat (model.destination_s_per_disk_byte, ==, 1e-9);
  g_assert_cmpfloat (model.setup_s, <, 0.9);
}

/* Of how much was copied nobody knows: how long that took teaches nothing. */
static void
test_unknown_bytes (void)
{
  static const char *const labels[] = { "cc", "cm", "mm", "m" };
  g_autoptr (MigTraining) training = make_training (labels, G_N_ELEMENTS (labels), FALSE);

  for (guint i = 0; i < training->runs->len; i++)
    {
      const MigTrainingRun *of = training->runs->pdata[i];
      for (guint j = 0; j < of->measured->len; j++)
        {
          MigMeasured *measured = &g_array_index (of->measured, MigMeasured, j);
          measured->disk_s = 1;
          measured->time_s += 1;
          g_assert_false (mig_training_run_tells_disks (of, j));
        }
    }
  g_autoptr (MigCalibration) calibration = calibrate (training);
  g_assert_cmpuint (calibration->n_parameters, ==, MIG_N_MEMORY_PARAMETERS);
  g_assert_cmpuint (calibration->errors[MIG_PREDICTOR_MODEL].n_disk, ==, 0);
}

/* Disks over a link are a part of what goes over it, and are said to be. */
static void
test_link_rate (void)
{
  static const char *const labels[] = { "cm" };
  g_autoptr (MigTraining) training = make_training (labels, 1, TRUE);
  const MigTrainingRun *first = training->runs->pdata[0];
  MigModel model = training_truth ();
  MigMoveCost costs[2];
  double lost[4];

  mig_predict_run (training, NULL, MIG_PREDICTOR_LINK, &model, first, costs, lost);
  for (guint i = 0; i < 2; i++)
    {
      assert_near (costs[i].disk_s, 4 * DISK / LINK);
      assert_near (costs[i].end_s, (4 * DISK + 512. * MIG_MIB) / LINK);
    }
  g_assert_cmpstr (mig_predictor_name (MIG_PREDICTOR_LINK, FALSE), ==, "memory / link rate");
  g_assert_cmpstr (mig_predictor_name (MIG_PREDICTOR_LINK, TRUE), ==,
                   "memory and disks / link rate");
  g_assert_cmpstr (mig_predictor_name (MIG_PREDICTOR_MODEL, TRUE), ==, "this model");
}

/* A disk is as large at every scale; the working set that is written on one is not. */
static void
test_full_size (void)
{
  g_autoptr (MigFleet) fleet = two_guests (DISK, DISK);
  g_array_index (fleet->vms, MigFleetVm, 1).disk_scales = TRUE;
  g_autoptr (MigFleet) full = mig_full_size_fleet (fleet, 0.25);

  g_assert_cmpfloat (mig_fleet_vm (full, 0)->disk_bytes, ==, DISK);
  g_assert_cmpfloat (mig_fleet_vm (full, 1)->disk_bytes, ==, 4 * DISK);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/disk-model/link", test_link);
  g_test_add_func ("/disk-model/cap", test_cap);
  g_test_add_func ("/disk-model/together", test_together);
  g_test_add_func ("/disk-model/cpu", test_cpu);
  g_test_add_func ("/disk-model/updates", test_updates);
  g_test_add_func ("/disk-model/uplink", test_uplink);
  g_test_add_func ("/disk-model/recovers", test_recovers);
  g_test_add_func ("/disk-model/undisturbed", test_undisturbed);
  g_test_add_func ("/disk-model/told", test_told);
  g_test_add_func ("/disk-model/failing-solver", test_failing_solver);
  g_test_add_func ("/disk-model/unknown-bytes", test_unknown_bytes);
  g_test_add_func ("/disk-model/link-rate", test_link_rate);
  g_test_add_func ("/disk-model/full-size", test_full_size);
  return g_test_run ();
}
