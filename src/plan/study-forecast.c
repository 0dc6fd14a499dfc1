/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/calibrations.h"
#include "plan/forecast.h"
#include "plan/input.h"
#include "plan/study-forecast.h"
#include "results/facts.h"

/* A guest of which nothing is measured updates all of its memory in a second. */
#define REWRITE_S 1

/* What the forecasts are made with. */
typedef struct {
  MigCalibrations *calibrations;
  const char *directory;        /* of the result that they learnt from */
  const GPtrArray *environment; /* of it */
  double dirty_pages_per_s;     /* of a guest that updates as fast as it can; 0: not known */
  const guint *lenders;         /* as the caller gives them */
} Forecaster;

/* --- hosts --- */

/* all_cpus: of a host. */
static double
all_cpus (const Forecaster *self, const char *host)
{
  double own = mig_fact_number (self->environment, MIG_FACT_CPUS, host);
  double any = mig_fact_number (self->environment, MIG_FACT_CPUS, NULL);

  return own > 0 ? own : any > 0 ? any : g_get_num_processors ();
}

/* management_cpus: that a host's migrations have for themselves. */
static double
management_cpus (const MigStudyHost *named, double all)
{
  if (named->cpu < 0 || named->management_cpu == named->cpu)
    return 0;
  return named->management_cpu == MIG_STUDY_CPU_NONE ? fmax (all - 1, 0) : 1;
}

static void
add_hosts (const Forecaster *self, const MigStudy *variant, MigFleet *fleet)
{
  for (guint i = 0; i < variant->hosts->len; i++)
    {
      const MigStudyHost *named = variant->hosts->pdata[i];
      double all = all_cpus (self, named->name);
      const MigFleetHost host = { .name = named->name,
                                  .memory_bytes = INFINITY,
                                  .cpus = named->cpu < 0 ? all : 1,
                                  .link_bytes_per_s = (double) variant->link_bytes_per_s,
                                  .max_parallel = G_MAXUINT,
                                  .management_cpus = management_cpus (named, all) };
      mig_fleet_add_host (fleet, &host);
    }
  for (guint i = 0; self->lenders && i < variant->hosts->len; i++)
    {
      const MigStudyHost *named = variant->hosts->pdata[i];
      if (named->management_cpu == MIG_STUDY_CPU_SPARE && self->lenders[i] != i)
        mig_fleet_lend (fleet, self->lenders[i], i);
    }
}

/* --- guests --- */

static double
dirty_rate (const Forecaster *self, const MigStudyGuest *guest)
{
  if (strcmp (guest->workload->type, "memory") != 0)
    return 0;
  if (guest->workload->rate_pages_per_s > 0)
    return (double) guest->workload->rate_pages_per_s;
  return self->dirty_pages_per_s > 0 ? self->dirty_pages_per_s
                                     : (double) guest->memory_bytes / MIG_PAGE_BYTES / REWRITE_S;
}

/* disk_bytes: what is to be sent of a guest's disk. It is an empty file that only the workload io
 * fills; what it left empty is not sent, but counts where the bandwidth is limited. */
static double
disk_bytes (const MigStudy *variant, const MigStudyGuest *guest)
{
  gboolean io = strcmp (guest->workload->type, MIG_STUDY_IO) == 0;

  if (guest->disk_bytes == 0 || variant->flags.storage == MIG_STORAGE_STAYS)
    return 0;
  if (variant->bandwidth_bytes_per_s > 0)
    return (double) guest->disk_bytes;
  return io ? (double) guest->workload->wss_bytes : 0;
}

static void
add_guest (const Forecaster *self, const MigStudy *variant, const MigStudyGuest *guest,
           MigFleet *fleet)
{
  gboolean in_memory = strcmp (guest->workload->type, MIG_STUDY_IO) != 0;
  double memory = (double) guest->memory_bytes,
         wss = in_memory ? (double) guest->workload->wss_bytes : 0;
  double vcpus = guest->vcpus > 0 ? (double) guest->vcpus : 1;
  const MigFleetVm vm = {
    .name = guest->name,
    .host = mig_fleet_find_host (fleet, guest->host->name),
    .to = MIG_NO_INDEX,
    .memory_bytes = memory,
    .used_bytes = fmin (memory, wss + MIG_SCALE_KERNEL_BYTES),
    .vcpus = vcpus,
    .cpu = strcmp (guest->workload->type, "idle") == 0 ? 0 : vcpus,
    .wss_bytes = wss,
    .dirty_pages_per_s = dirty_rate (self, guest),
    .max_downtime_s = INFINITY,
    .disk_bytes = disk_bytes (variant, guest),
  };

  mig_fleet_add_vm (fleet, &vm);
}

/* --- cases --- */

static GArray *
moves_of (const MigStudyCase *study_case, const MigFleet *fleet)
{
  GArray *moves = g_array_new (FALSE, FALSE, sizeof (MigMove));

  for (guint s = 0; s < study_case->steps->len; s++)
    {
      const MigStudyStep *step = study_case->steps->pdata[s];
      for (guint m = 0; m < step->moves->len; m++)
        {
          const MigStudyMove *of = &g_array_index (step->moves, MigStudyMove, m);
          MigMove move = { mig_fleet_find_vm (fleet, of->guest->name),
                           mig_fleet_find_host (fleet, of->destination->name), s };
          g_array_append_val (moves, move);
        }
    }
  return moves;
}

static const MigCalibration *
calibration_of (const Forecaster *self, const MigStudy *variant, GError **error)
{
  g_autofree char *technique = mig_training_technique (
      mig_technique_info (variant->technique)->name, variant->flags.tls);

  return mig_calibrations_find (self->calibrations, technique, error);
}

/* model_of: with what the case's migrations are ended by. */
static MigModel
model_of (const Forecaster *self, const MigStudy *variant, const MigCalibration *calibration)
{
  MigModel model = calibration->model;
  const char *driver = mig_fact_find (self->environment, MIG_FACT_DRIVER, NULL);

  /* Xen's own rule is the one that was measured */
  if (variant->stop_rule != MIG_STOP_HYPERVISOR || g_strcmp0 (driver, MIG_FACT_DRIVER_XEN) != 0)
    mig_model_set_stop_rule (&model, mig_stop_rule_limits (variant->stop_rule));
  if (variant->bandwidth_bytes_per_s > 0)
    model.cap_bytes_per_s = (double) variant->bandwidth_bytes_per_s;
  if (variant->max_downtime_ns > 0)
    model.downtime_limit_s = (double) variant->max_downtime_ns / MIG_NS_PER_S;
  return model;
}

static void
keep (const Forecaster *self, MigStudyCase *study_case, const MigForecast *forecast,
      const MigCalibration *calibration)
{
  g_autofree char *source = mig_calibration_source (calibration, self->directory);
  g_autoptr (GArray) records = mig_forecast_records (forecast, study_case->label, NULL, NULL);
  MigStudyPrediction *prediction = g_new0 (MigStudyPrediction, 1);

  prediction->model = g_strdup_printf ("migcost %s, calibrated with %s", PACKAGE_VERSION, source);
  prediction->values = g_array_new (FALSE, FALSE, sizeof (MigStudyPredicted));
  for (guint i = 0; i < records->len; i++)
    {
      const MigPredictionRecord *record = &g_array_index (records, MigPredictionRecord, i);
      MigStudyPredicted value = { mig_study_find (study_case->study->guests, record->guest),
                                  g_strdup (record->quantity), record->value_ns, record->low_ns,
                                  record->high_ns };
      g_array_append_val (prediction->values, value);
    }
  study_case->prediction = prediction;
}

static gboolean
forecast_case (const Forecaster *self, MigStudyCase *study_case, GError **error)
{
  const MigStudy *variant = study_case->study;
  const MigCalibration *calibration = calibration_of (self, variant, error);
  g_autoptr (MigFleet) fleet = mig_fleet_new ();

  if (!calibration)
    return FALSE;
  MigModel model = model_of (self, variant, calibration);
  add_hosts (self, variant, fleet);
  for (guint i = 0; i < variant->guests->len; i++)
    add_guest (self, variant, variant->guests->pdata[i], fleet);
  MigOrder order = { .moves = moves_of (study_case, fleet) };
  mig_order_evaluate (&order, &model, fleet);
  const MigForecast forecast = { &model, fleet, &order, NULL };
  keep (self, study_case, &forecast, calibration);
  mig_order_clear (&order);
  return TRUE;
}

/* --- what is learnt --- */

/* fastest_updates: the highest rate of all guests that were measured. */
static double
fastest_updates (const MigTraining *training)
{
  double fastest = 0;

  for (guint i = 0; i < training->runs->len; i++)
    {
      const MigFleet *fleet = ((const MigTrainingRun *) training->runs->pdata[i])->fleet;
      for (guint v = 0; v < fleet->vms->len; v++)
        fastest = fmax (fastest, mig_fleet_vm (fleet, v)->dirty_pages_per_s);
    }
  return fastest;
}

static gboolean
check_guests (const MigStudy *study, GError **error)
{
  for (guint i = 0; i < study->guests->len; i++)
    {
      const MigStudyGuest *guest = study->guests->pdata[i];
      if (!guest->existing)
        continue;
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                   "%s:%u: guest '%s' exists already: the study does not say what it does, so "
                   "nothing can be predicted",
                   study->path, guest->line, guest->name);
      return FALSE;
    }
  return TRUE;
}

gboolean
mig_study_forecast (MigStudy *study, const char *directory, const guint *lenders, GError **error)
{
  g_autoptr (MigPlanInput) input = NULL;
  MigModel rule = mig_model_default ();
  MigStopRule measured = MIG_STOP_HYPERVISOR;

  if (!check_guests (study, error) || !(input = mig_plan_input_load (directory, error)) ||
      (input->stop_rule && !mig_stop_rule_from_name (input->stop_rule, &measured, error)))
    return FALSE;
  mig_model_set_stop_rule (&rule, mig_stop_rule_limits (measured));
  g_autoptr (MigCalibrations) calibrations = mig_calibrations_new (input->training, &rule);
  const Forecaster self = { .calibrations = calibrations,
                            .directory = directory,
                            .environment = mig_plan_input_environment (input),
                            .dirty_pages_per_s = fastest_updates (input->training),
                            .lenders = lenders };
  gboolean ok = TRUE;
  for (guint i = 0; i < study->cases->len && ok; i++)
    {
      MigStudyCase *study_case = study->cases->pdata[i];
      ok = study_case->prediction || forecast_case (&self, study_case, error);
    }
  return ok;
}
