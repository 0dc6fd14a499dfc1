/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "base/scale.h"
#include "model/full-size.h"
#include "tests/unit/fleets.h"
#include "tests/unit/trainings.h"

/* What a quarter of a study says of its full size. */

#define SCALE 0.25
#define KERNEL_BYTES (40e6) /* of a guest's memory that is not its working set's */

/* Memory over rates, next to nothing else. The rule of Xen 4.6, because that of 4.4 counts the
 * kernel's memory, which does not shrink. */
static MigModel
rates_only (void)
{
  MigModel model = mig_model_default ();

  model.source_s_per_byte = 6e-9;
  model.destination_s_per_byte = 3e-9;
  model.source_s_per_constant = model.destination_s_per_constant = 1e-9;
  model.setup_s = model.switch_s = model.end_s = 1e-4;
  model.max_rounds = 5;
  model.min_pages = 50;
  model.max_ram = 0;
  model.downtime_limit_s = 0;
  return model;
}

/* scaled_run: guests c with nothing but the kernel's pages, guests m with a working set too; each
 * of 512 MiB at full size. */
static MigTrainingRun *
scaled_run (guint number, const char *label, double scale, double kernel_bytes, double wss_bytes)
{
  MigTrainingRun *run = mig_training_run_new (number, label);

  fleet_host (run->fleet, "source", 1);
  fleet_host (run->fleet, "destination", 1);
  for (guint i = 0; i < 4; i++)
    {
      double wss = i < 2 ? 0 : wss_bytes * scale;
      guint vm = fleet_vm (run->fleet, i < 2 ? "c" : "m", 0, 1, wss, i < 2 ? 0 : 30000);
      MigFleetVm *of = &g_array_index (run->fleet->vms, MigFleetVm, vm);
      of->used_bytes = kernel_bytes + wss;
      of->memory_bytes = (double) mig_scale_memory (scale, 512 * MIG_MIB);
    }
  return run;
}

static MigTraining *
make_training (const MigModel *model, double kernel_bytes, double wss_bytes, double off)
{
  static const char *const labels[] = { "mm", "cm", "cc", "mc" };
  MigTraining *training = training_new (model);

  for (guint i = 0; i < 2 * G_N_ELEMENTS (labels); i++)
    {
      const char *label = labels[i % 4];
      training_measure (training, scaled_run (i + 1, label, SCALE, kernel_bytes, wss_bytes), model,
                        (i < 4 ? 1.02 : 1 / 1.02) * (i % 4 == 3 ? off : 1));
    }
  return training;
}

/* simulated: sums of a case at full size by the model that made the measurements. */
static void
simulated (const MigModel *model, const char *label, double wss_bytes, double *time,
           double *downtime)
{
  g_autoptr (MigTraining) training = training_new (model);
  MigTrainingRun *run = scaled_run (1, label, 1, KERNEL_BYTES, wss_bytes);

  training_measure (training, run, model, 1);
  *time = *downtime = 0;
  for (guint i = 0; i < run->measured->len; i++)
    {
      *time += g_array_index (run->measured, MigMeasured, i).time_s;
      *downtime += g_array_index (run->measured, MigMeasured, i).downtime_s;
    }
}

static void
assert_near (double value, double want, double ratio)
{
  g_test_message ("%g, expected %g", value, want);
  g_assert_cmpfloat (fabs (value / want - 1), <, ratio);
}

/* 100 MiB above the kernel's 70 are 400; a working set of 60 MB is 240 MB, and 180 MB more are
 * used; a guest of which nothing is known uses all it has. */
static void
test_fleet (void)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  fleet_host (fleet, "source", 1);
  for (guint i = 0; i < 2; i++)
    {
      guint vm = fleet_vm (fleet, "m", 0, 1, 60e6, 5000);
      MigFleetVm *of = &g_array_index (fleet->vms, MigFleetVm, vm);
      of->memory_bytes = 170.0 * MIG_MIB;
      of->used_bytes = i == 0 ? 100e6 : of->memory_bytes;
    }
  g_autoptr (MigFleet) full = mig_full_size_fleet (fleet, SCALE);
  const MigFleetVm *first = mig_fleet_vm (full, 0), *second = mig_fleet_vm (full, 1);

  g_assert_cmpfloat (first->memory_bytes, ==, 470.0 * MIG_MIB);
  g_assert_cmpfloat (first->wss_bytes, ==, 240e6);
  g_assert_cmpfloat (first->used_bytes, ==, 280e6);
  g_assert_cmpfloat (first->dirty_pages_per_s, ==, 5000);
  g_assert_cmpfloat (second->used_bytes, ==, 470.0 * MIG_MIB);
  g_assert_cmpfloat (mig_fleet_vm (fleet, 0)->wss_bytes, ==, 60e6); /* is left alone */
}

/* Where all is memory over a rate, four times the memory takes four times as long. */
static void
test_rates (void)
{
  MigModel model = rates_only ();
  g_autoptr (MigTraining) training = make_training (&model, 0, 400e6, 1);
  g_autoptr (MigFullSize) full = mig_full_size_new (training, SCALE, "xen-4.6");

  g_assert_null (full->why_not);
  g_assert_cmpuint (full->cases->len, ==, 4);
  g_assert_cmpuint (full->n_migrations, ==, 16);
  const MigFullSizeCase *mm = full->cases->pdata[3];
  g_assert_cmpstr (mm->label, ==, "mm");
  g_assert_cmpuint (mm->n_runs, ==, 2);
  assert_near (mm->time.value, 4 * mm->measured_time_s, 0.02);
  assert_near (mm->downtime.value, 4 * mm->measured_downtime_s, 0.02);
}

/* What does not shrink: the kernel's pages, set-up, switch-over, end. */
static void
test_fixed (void)
{
  MigModel model = rates_only ();
  model.setup_s = 0.5;
  model.switch_s = 0.08;
  model.end_s = 0.4;
  g_autoptr (MigTraining) training = make_training (&model, KERNEL_BYTES, 400e6, 1);
  g_autoptr (MigFullSize) full = mig_full_size_new (training, SCALE, "xen-4.6");

  g_assert_cmpuint (full->cases->len, ==, 4);
  for (guint i = 0; i < full->cases->len; i++)
    {
      const MigFullSizeCase *of = full->cases->pdata[i];
      double time, downtime;
      simulated (&model, of->label, 400e6, &time, &downtime);
      assert_near (of->time.value, time, 0.05);
      assert_near (of->downtime.value, downtime, 0.1);
      g_assert_cmpfloat (of->time.low, <=, time);
      g_assert_cmpfloat (of->time.high, >=, time);
      g_assert_cmpfloat (of->downtime.low, <=, downtime);
      g_assert_cmpfloat (of->downtime.high, >=, downtime);
    }
  /* cc is all kernel and fixed parts: nothing of it grows */
  const MigFullSizeCase *cc = full->cases->pdata[0];
  assert_near (cc->time.value, cc->measured_time_s, 0.05);
}

/* A case that is off from the model by a fifth is expected to be so at full size. */
static void
test_corrected (void)
{
  MigModel model = rates_only ();
  g_autoptr (MigTraining) training = make_training (&model, 0, 400e6, 1.2);
  g_autoptr (MigFullSize) full = mig_full_size_new (training, SCALE, "xen-4.6");
  const MigFullSizeCase *mm = full->cases->pdata[3];

  assert_near (mm->time.value, 4 * mm->measured_time_s, 0.05);
}

static void
test_why_not (void)
{
  MigModel model = rates_only ();
  g_autoptr (MigTraining) training = make_training (&model, 0, 400e6, 1);
  g_autoptr (MigTraining) empty = training_new (&model);
  g_autoptr (MigFullSize) mixed = mig_full_size_new (training, SCALE, NULL);
  g_autoptr (MigFullSize) none = mig_full_size_new (empty, SCALE, "xen-4.6");
  g_autoptr (MigFullSize) no_rule = mig_full_size_new (empty, SCALE, NULL);

  g_assert_cmpstr (mixed->why_not, ==, "the migrations were stopped by different rules");
  g_assert_cmpuint (mixed->cases->len, ==, 0);
  g_assert_cmpstr (none->why_not, ==,
                   "0 sound migrations are too few to calibrate with; expected 6 or more, of two "
                   "or more cases");
  g_assert_cmpstr (no_rule->why_not, ==, none->why_not);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/full-size/fleet", test_fleet);
  g_test_add_func ("/full-size/rates", test_rates);
  g_test_add_func ("/full-size/fixed", test_fixed);
  g_test_add_func ("/full-size/corrected", test_corrected);
  g_test_add_func ("/full-size/why-not", test_why_not);
  return g_test_run ();
}
