/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/plan-input.h"
#include "cli/plan-live.h"
#include "cli/plan-show.h"
#include "cli/plan-study.h"
#include "cli/plan-task.h"
#include "results/fleet-file.h"
#include "study/study.h"

static char *calibrate, *stop_rule, *bandwidth, *max_downtime, *output, *below, *objective, *parallel,
    *format, *save_fleet, *alternatives;
static char **live_hosts, **empty_hosts, **relieve_hosts, **to_hosts;
static gboolean json;

static const GOptionEntry entries[] = {
  { "calibrate", 0, 0, G_OPTION_ARG_FILENAME, &calibrate, "learn the model from a result directory", "DIR" },
  { "host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &live_hosts,
    "plan for what runs on this host; NAME=URI gives it a name; may be given again", "URI" },
  { "save-fleet", 0, 0, G_OPTION_ARG_FILENAME, &save_fleet, "with --host: write what was found as a fleet file", "FILE" },
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
  { "alternatives", 0, 0, G_OPTION_ARG_STRING, &alternatives,
    "with -o: other orders to write as cases: customary (default), none or all", "WHICH" },
  { "format", 0, 0, G_OPTION_ARG_STRING, &format, "text (default), json or html", "FORMAT" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &json, "the same as --format=json", NULL },
  { NULL },
};

/* What the command holds while it works; freed as a whole. */
typedef struct {
  MigPlanInput *input;         /* calibrated with */
  MigPlanInput *fleet_input;   /* its fleet is planned for */
  MigFleet *own_fleet;         /* from a fleet file, or from hosts */
  MigSurvey *survey;           /* of those hosts */
  MigOrder least;              /* the plan with the working sets that were seen */
  gboolean has_least;
  MigCalibration *calibration;
  MigPlan *plan;
  GArray *bandwidths;          /* that were tried */
  MigTask task;
  MigModel model;
  const MigStopLimits *limits; /* the stop rule */
  const char *calibrated_with; /* directory */
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
  g_clear_pointer (&self->survey, mig_survey_free);
  mig_order_clear (&self->least);
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

static gboolean
load_live (Planning *self, GError **error)
{
  return (self->survey = mig_plan_live (live_hosts, error)) &&
         (!save_fleet || mig_fleet_file_save (save_fleet, self->survey->rows, error)) &&
         (self->own_fleet = mig_fleet_from_records (self->survey->rows, "the hosts", error));
}

/* load_inputs: a result directory may be the fleet and what is learnt from. */
static gboolean
load_inputs (Planning *self, const char *fleet, GError **error)
{
  if (calibrate && !(self->input = mig_plan_input_load (calibrate, error)))
    return FALSE;
  if (live_hosts)
    return load_live (self, error);
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

/* write_study: the plan and its alternatives, with what is predicted of each. */
static gboolean
write_study (const Planning *self, const MigFleet *fleet, GError **error)
{
  g_autofree char *calibrated = self->calibration ? mig_plan_calibrated (self->calibration, self->calibrated_with) : NULL;
  const MigPlanStudy what = { fleet, &self->task, &self->model, self->plan, self->has_least ? &self->least : NULL,
                              self->limits->name, calibrated, alternatives };
  g_autofree char *study = mig_plan_study (&what, error);

  return study && mig_files_write (output, study, strlen (study), error);
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
  self->has_least =
      self->survey && mig_plan_live_least (self->survey, &self->model, fleet, &self->plan->best, &self->least);
  return !output || write_study (self, fleet, error);
}

static gboolean
run_plan (Planning *self, const char *fleet_path, GString *out, GError **error)
{
  self->calibrated_with = calibrate ? calibrate : fleet_path;
  const MigPlanFormat *how = mig_plan_format_find (json ? "json" : format ? format : "text", error);

  if (!how || !load_inputs (self, fleet_path, error) || !load_calibration (self, error))
    return FALSE;
  MigFleet *fleet = find_fleet (self);
  if (fleet && !make_plan (self, fleet, error))
    return FALSE;
  MigPlanReport report = {
    .fleet = fleet,
    .task = &self->task,
    .objective = objective ? objective : "time",
    .model = &self->model,
    .plan = self->plan,
    .bandwidths = self->bandwidths,
    .calibration = self->calibration,
    .directory = self->calibrated_with,
    .least = self->has_least ? &self->least : NULL,
    .assumed = self->survey ? self->survey->notes : NULL,
  };
  how->render (&report, out);
  return TRUE;
}

static gboolean
check_arguments (gboolean fleet, GError **error)
{
  const char *wrong = NULL;

  if (!fleet && !calibrate && !live_hosts)
    wrong = "nothing to plan: name a fleet file, a result directory, one with --calibrate=DIR, or hosts with --host";
  else if (fleet && live_hosts)
    wrong = "FLEET and --host are two fleets; name one of them";
  else if (save_fleet && !live_hosts)
    wrong = "--save-fleet goes with --host: it writes what was found there";
  else if (alternatives && !output)
    wrong = "--alternatives goes with -o: it says which other orders the study has";
  if (wrong)
    g_set_error_literal (error, MIG_ERROR, MIG_ERROR_USAGE, wrong);
  return !wrong;
}

gboolean
mig_command_plan (int argc, char **argv, GString *out, int *status, GError **error)
{
  Planning planning = { 0 };

  if (!mig_command_parse (&argc, &argv, entries, "[FLEET]",
                          "Predicts what the migrations of a fleet will cost in each order, and names the best.",
                          "FLEET is a fleet file, migcost-fleet(5), or a result directory.", 0, 1, error))
    return FALSE;
  if (!check_arguments (argc > 1, error))
    return FALSE;
  gboolean ok = run_plan (&planning, argc > 1 ? argv[1] : NULL, out, error);
  planning_clear (&planning);
  return ok;
}
