/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/plan-input.h"
#include "cli/plan-study.h"
#include "cli/plan-task.h"
#include "report/plan.h"
#include "study/study.h"

static char *calibrate, *stop_rule, *bandwidth, *max_downtime, *output, *below, *objective, *parallel;
static char **empty_hosts, **relieve_hosts, **to_hosts;
static gboolean json;

static const GOptionEntry entries[] = {
  { "calibrate", 0, 0, G_OPTION_ARG_FILENAME, &calibrate, "learn the model from a result directory", "DIR" },
  { "empty", 0, 0, G_OPTION_ARG_STRING_ARRAY, &empty_hosts, "all VMs leave this host (may be given again)", "HOST" },
  { "relieve", 0, 0, G_OPTION_ARG_STRING_ARRAY, &relieve_hosts, "some VMs leave this host; goes with --below", "HOST" },
  { "below", 0, 0, G_OPTION_ARG_STRING, &below, "share of its CPUs that its VMs may use then", "SHARE" },
  { "to", 0, 0, G_OPTION_ARG_STRING_ARRAY, &to_hosts, "they may go to this host (may be given again)", "HOST" },
  { "parallel", 0, 0, G_OPTION_ARG_STRING, &parallel, "migrations out of a host at a time, at most; default 1", "N" },
  { "objective", 0, 0, G_OPTION_ARG_STRING, &objective, "what is to be small; default time", "WHAT" },
  { "max-downtime", 0, 0, G_OPTION_ARG_STRING, &max_downtime, "no VM may stand longer", "TIME" },
  { "stop-rule", 0, 0, G_OPTION_ARG_STRING, &stop_rule, "xen-4.4, xen-4.6 or hypervisor", "RULE" },
  { "bandwidth", 0, 0, G_OPTION_ARG_STRING, &bandwidth, "limit of one migration; best: the one that costs least", "RATE" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "write the plan as a study, too", "FILE" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &json, "print JSON", NULL },
  { NULL },
};

/* What the command holds while it works; freed as a whole. */
typedef struct {
  MigPlanInput *input;         /* calibrated with */
  MigPlanInput *fleet_input;   /* its fleet is planned for */
  MigFleet *own_fleet;         /* from a fleet file */
  MigCalibration *calibration;
  MigPlan *plan;
  GArray *bandwidths;          /* that were tried */
  MigTask task;
  MigModel model;
  const MigStopLimits *limits; /* the stop rule */
} Planning;

static void
planning_clear (Planning *self)
{
  if (self->fleet_input != self->input)
    g_clear_pointer (&self->fleet_input, mig_plan_input_free);
  g_clear_pointer (&self->plan, mig_plan_free);
  g_clear_pointer (&self->bandwidths, g_array_unref);
  g_clear_pointer (&self->calibration, mig_calibration_free);
  g_clear_pointer (&self->input, mig_plan_input_free);
  g_clear_pointer (&self->own_fleet, mig_fleet_free);
  g_clear_pointer ((GArray **) &self->task.sources, g_array_unref);
  g_clear_pointer ((GArray **) &self->task.targets, g_array_unref);
}

/* set_rule: a stop rule by its name; NULL: the hypervisor's. */
static gboolean
set_rule (Planning *self, const char *name, GError **error)
{
  MigStopRule rule = MIG_STOP_HYPERVISOR;

  if (name && !mig_stop_rule_from_name (name, &rule, error))
    return FALSE;
  self->limits = mig_stop_rule_limits (rule);
  self->model.max_rounds = self->limits->max_rounds;
  self->model.min_pages = self->limits->min_pages;
  self->model.max_ram = self->limits->max_ram;
  self->model.downtime_limit_s =
      rule == MIG_STOP_HYPERVISOR ? mig_model_default ().downtime_limit_s : 0;
  return TRUE;
}

/* is_best: the bandwidth is for the plan to find. */
static gboolean
is_best (const char *rate)
{
  return g_strcmp0 (rate, "best") == 0;
}

/* set_options: what the command line says of the migrations that are planned. */
static gboolean
set_options (Planning *self, GError **error)
{
  guint64 rate;

  if (stop_rule && !set_rule (self, stop_rule, error))
    return FALSE;
  if (!bandwidth || is_best (bandwidth))
    return TRUE;
  if (!mig_units_parse_rate (bandwidth, &rate, error))
    return FALSE;
  self->model.cap_bytes_per_s = (double) MAX (rate, 1);
  return TRUE;
}

/* load_calibration: with the stop rule that was in force when it was measured. */
static gboolean
load_calibration (Planning *self, GError **error)
{
  self->model = mig_model_default ();
  if (!set_rule (self, self->input ? self->input->stop_rule : NULL, error))
    return FALSE;
  if (self->input)
    {
      if (!(self->calibration = mig_calibrate (self->input->training, &self->model, error)))
        return FALSE;
      self->model = self->calibration->model;
    }
  return set_options (self, error);
}

/* load_inputs: a result directory may be the fleet and what is learnt from. */
static gboolean
load_inputs (Planning *self, const char *fleet, GError **error)
{
  if (calibrate && !(self->input = mig_plan_input_load (calibrate, error)))
    return FALSE;
  if (!fleet)
    return TRUE;
  if (!g_file_test (fleet, G_FILE_TEST_IS_DIR))
    return (self->own_fleet = mig_plan_fleet_load (fleet, error)) != NULL;
  if (!(self->fleet_input = mig_plan_input_load (fleet, error)))
    return FALSE;
  if (!self->input)
    self->input = self->fleet_input;
  return mig_plan_input_fleet (self->fleet_input, error) != NULL;
}

static MigFleet *
find_fleet (const Planning *self)
{
  if (self->own_fleet)
    return self->own_fleet;
  return self->fleet_input ? (MigFleet *) mig_plan_input_fleet (self->fleet_input, NULL) : NULL;
}

static gboolean
limit_downtimes (MigFleet *fleet, GError **error)
{
  gint64 ns;

  if (!max_downtime)
    return TRUE;
  if (!mig_units_parse_duration (max_downtime, &ns, error))
    return FALSE;
  for (guint i = 0; i < fleet->vms->len; i++)
    {
      MigFleetVm *vm = &g_array_index (fleet->vms, MigFleetVm, i);
      vm->max_downtime_s = fmin (vm->max_downtime_s, (double) ns / MIG_NS_PER_S);
    }
  return TRUE;
}

static gboolean
make_plan (Planning *self, MigFleet *fleet, GError **error)
{
  const MigTaskOptions options = { empty_hosts, relieve_hosts, to_hosts, below,
                                   objective ? objective : "time", parallel };

  if (!mig_task_parse (&options, fleet, &self->task, error) || !limit_downtimes (fleet, error))
    return FALSE;
  self->plan = is_best (bandwidth) ? mig_plan_make_capped (&self->model, fleet, &self->task,
                                                           &self->bandwidths, error)
                                   : mig_plan_make (&self->model, fleet, &self->task, error);
  if (!self->plan)
    return FALSE;
  if (!output)
    return TRUE;
  g_autofree char *study = mig_plan_study (fleet, self->plan, self->limits->name,
                                            self->model.cap_bytes_per_s, error);
  return study && mig_files_write (output, study, strlen (study), error);
}

static gboolean
run_plan (Planning *self, const char *fleet_path, GString *out, GError **error)
{
  if (!load_inputs (self, fleet_path, error) || !load_calibration (self, error))
    return FALSE;
  MigFleet *fleet = find_fleet (self);
  if (fleet && !make_plan (self, fleet, error))
    return FALSE;
  MigPlanReport report = {
    fleet, &self->task, objective ? objective : "time", &self->model, self->plan,
    self->bandwidths, self->calibration, calibrate ? calibrate : fleet_path,
  };
  g_autofree char *text = json ? mig_plan_json (&report) : mig_plan_text (&report);
  g_string_append (out, text);
  return TRUE;
}

gboolean
mig_command_plan (int argc, char **argv, GString *out, int *status, GError **error)
{
  Planning planning = { 0 };

  if (!mig_command_parse (&argc, &argv, entries, "[FLEET]",
                          "Predicts what the migrations of a fleet will cost in each order, and names the best.",
                          "FLEET is a fleet file, migcost-fleet(5), or a result directory.", 0, 1, error))
    return FALSE;
  if (argc < 2 && !calibrate)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "nothing to plan: name a fleet file, a result directory, or one with --calibrate=DIR");
      return FALSE;
    }
  gboolean ok = run_plan (&planning, argc > 1 ? argv[1] : NULL, out, error);
  planning_clear (&planning);
  return ok;
}
