/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/plan-execute.h"
#include "execute/live.h"
#include "cli/plan-show.h"
#include "cli/plan-study.h"
#include "execute/plan-session.h"
#include "cli/terminal.h"
#include "plan/fleet-file.h"
#include "study/study.h"

static char *stop_rule, *bandwidth, *max_downtime, *output, *below, *objective, *parallel, *format,
    *save_fleet, *alternatives;
static char *link_rate;
static char **calibrate, **live_hosts, **empty_hosts, **relieve_hosts, **to_hosts, **migrate_uris;
static char *read_as, **units, *cluster;
static gboolean json, execute, yes, quiet, keep_definitions;

static const GOptionEntry entries[] = {
  { "calibrate", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &calibrate,
    "learn the model from a result directory (repeatable)", "DIR" },
  { "read-as", 0, 0, G_OPTION_ARG_STRING, &read_as,
    "tool that wrote FLEET, as in migcost-fleet(5) (default: csv)", "TOOL" },
  { "unit", 0, 0, G_OPTION_ARG_STRING_ARRAY, &units,
    "COLUMN=UNIT of numbers without one (repeatable)", "UNIT" },
  { "host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &live_hosts,
    "plan for the guests on this host; NAME=URI names it (repeatable)", "URI" },
  { "save-fleet", 0, 0, G_OPTION_ARG_FILENAME, &save_fleet,
    "with --host: write the guests found as a fleet file", "FILE" },
  { "link", 0, 0, G_OPTION_ARG_STRING, &link_rate,
    "with --host: rate of the hosts' links (default: 1 Gbit/s)", "RATE" },
  { "execute", 0, 0, G_OPTION_ARG_NONE, &execute,
    "with --host: move the guests as planned; needs --yes", NULL },
  { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, "with --execute: allow moving the guests", NULL },
  { "migrate-uri", 0, 0, G_OPTION_ARG_STRING_ARRAY, &migrate_uris,
    "with --execute: HOST=URI: address for migrations to HOST (repeatable)", "URI" },
  { "keep-definitions", 0, 0, G_OPTION_ARG_NONE, &keep_definitions,
    "with --execute: leave definitions and autostart on the source", NULL },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "with --execute: print no progress", NULL },
  { "empty", 0, 0, G_OPTION_ARG_STRING_ARRAY, &empty_hosts, "evacuate this host (repeatable)",
    "HOST" },
  { "relieve", 0, 0, G_OPTION_ARG_STRING_ARRAY, &relieve_hosts,
    "move VMs off this host until its load is --below", "HOST" },
  { "below", 0, 0, G_OPTION_ARG_STRING, &below,
    "with --relieve: share of its CPUs that its VMs may use", "SHARE" },
  { "to", 0, 0, G_OPTION_ARG_STRING_ARRAY, &to_hosts, "allowed destination of the VMs (repeatable)",
    "HOST" },
  { "parallel", 0, 0, G_OPTION_ARG_STRING, &parallel,
    "maximum concurrent migrations out of a host (default: 1)", "N" },
  { "cluster", 0, 0, G_OPTION_ARG_STRING, &cluster,
    "maximum concurrent migrations in the whole fleet (default: any)", "N" },
  { "objective", 0, 0, G_OPTION_ARG_STRING, &objective, "objective to minimise (default: time)",
    "WHAT" },
  { "max-downtime", 0, 0, G_OPTION_ARG_STRING, &max_downtime, "maximum downtime of any VM",
    "TIME" },
  { "stop-rule", 0, 0, G_OPTION_ARG_STRING, &stop_rule, "stop rule: xen-4.4, xen-4.6 or hypervisor",
    "RULE" },
  { "bandwidth", 0, 0, G_OPTION_ARG_STRING, &bandwidth,
    "bandwidth limit of each migration; best: the cheapest", "RATE" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
    "also write the plan as a study; with --execute: result directory", "FILE" },
  { "alternatives", 0, 0, G_OPTION_ARG_STRING, &alternatives,
    "with -o: other orders as cases: customary (default), none or all", "WHICH" },
  { "format", 0, 0, G_OPTION_ARG_STRING, &format, "text (default), json or html", "FORMAT" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &json, "same as --format=json", NULL },
  { NULL },
};

/* set_rule: a stop rule by its name; NULL: the hypervisor's. */
static gboolean
set_rule (MigPlanSession *self, const char *name, GError **error)
{
  MigStopRule rule = MIG_STOP_HYPERVISOR;

  if (name && !mig_stop_rule_from_name (name, &rule, error))
    return FALSE;
  self->limits = mig_stop_rule_limits (rule);
  self->model.max_rounds = self->limits->max_rounds;
  self->model.min_pages = self->limits->min_pages;
  self->model.max_ram = self->limits->max_ram;
  self->model.downtime_limit_s = rule == MIG_STOP_HYPERVISOR ? mig_model_default ().downtime_limit_s
                                                             : 0;
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
set_options (MigPlanSession *self, GError **error)
{
  guint64 rate;

  if (stop_rule && !set_rule (self, stop_rule, error))
    return FALSE;
  if (!bandwidth || is_best (bandwidth))
    return TRUE;
  if (!mig_units_parse_rate (bandwidth, &rate, error))
    return FALSE;
  if (!mig_units_limit_mib (rate))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "--bandwidth=%s: libvirt limits a migration to whole MiB/s; expected something "
                   "like '%" G_GUINT64_FORMAT " MiB/s'",
                   bandwidth, rate / MIG_MIB + 1);
      return FALSE;
    }
  self->model.cap_bytes_per_s = (double) rate;
  return TRUE;
}

/* learn_from: these result directories, which have been read. All have to have been measured with
 * one stop rule. */
static gboolean
learn_from (MigPlanSession *self, char **directories, const GPtrArray *inputs, GError **error)
{
  g_autoptr (GPtrArray) trainings = g_ptr_array_new ();
  const MigPlanInput *first = inputs->pdata[0];

  for (guint i = 0; i < inputs->len; i++)
    {
      const MigPlanInput *input = inputs->pdata[i];
      if (g_strcmp0 (input->stop_rule, first->stop_rule) != 0)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                       "'%s' was measured with stop rule %s, '%s' with %s: cannot learn from both",
                       directories[0], first->stop_rule ? first->stop_rule : "(none)",
                       directories[i], input->stop_rule ? input->stop_rule : "(none)");
          return FALSE;
        }
      g_ptr_array_add (trainings, input->training);
    }
  self->calibrated_with = g_strjoinv (", ", directories);
  return (self->training = mig_training_join (trainings, error)) &&
         set_rule (self, first->stop_rule, error);
}

static gboolean
load_calibration (MigPlanSession *self, GError **error)
{
  if (self->training)
    {
      if (!(self->calibration = mig_calibrate (self->training, &self->model, error)))
        return FALSE;
      self->model = self->calibration->model;
    }
  return set_options (self, error);
}

static void
free_input (gpointer input)
{
  mig_plan_input_free (input);
}

/* keep_busy: what somebody else is migrating is left to them. */
static gboolean
keep_busy (const MigPlanSession *self)
{
  mig_survey_keep_busy (self->survey, self->own_fleet);
  return TRUE;
}

static gboolean
load_live (MigPlanSession *self, GError **error)
{
  return (self->survey = mig_plan_live (live_hosts, link_rate, error)) &&
         (!save_fleet || mig_fleet_file_save (save_fleet, self->survey->rows, error)) &&
         (self->own_fleet = mig_fleet_from_records (self->survey->rows, "the hosts", error)) &&
         keep_busy (self);
}

static const MigPlanInput *
load_input (MigPlanSession *self, const char *directory, GError **error)
{
  MigPlanInput *input = mig_plan_input_load (directory, error);

  if (input)
    g_ptr_array_add (self->inputs, input);
  return input;
}

/* load_learned: what --calibrate names; else the fleet, if that is a result directory. */
static gboolean
load_learned (MigPlanSession *self, const char *fleet, GError **error)
{
  char *own[] = { (char *) fleet, NULL };
  char **directories = calibrate ? calibrate : own;

  for (guint i = 0; directories[i]; i++)
    if (!load_input (self, directories[i], error))
      return FALSE;
  return learn_from (self, directories, self->inputs, error);
}

static gboolean
load_file (MigPlanSession *self, const char *path, GError **error)
{
  const MigFleetReading how = { read_as, units };

  if (!(self->draft = mig_fleet_file_load (path, &how, error)))
    return FALSE;
  if (self->draft->recognised->len > 0)
    mig_info ("%s: %s", path, self->draft->recognised->str);
  return (self->own_fleet = mig_fleet_from_records (self->draft->rows, path, error)) != NULL;
}

/* load_inputs: a result directory may be the fleet and what is learnt from. */
static gboolean
load_inputs (MigPlanSession *self, const char *fleet, GError **error)
{
  gboolean measured = fleet && g_file_test (fleet, G_FILE_TEST_IS_DIR);

  self->model = mig_model_default ();
  self->inputs = g_ptr_array_new_with_free_func (free_input);
  if (!set_rule (self, NULL, error) ||
      ((calibrate || measured) && !load_learned (self, fleet, error)))
    return FALSE;
  if (live_hosts)
    return load_live (self, error);
  if (!fleet)
    return TRUE;
  if (!measured)
    return load_file (self, fleet, error);
  self->fleet_input = calibrate ? load_input (self, fleet, error) : self->inputs->pdata[0];
  return self->fleet_input && mig_plan_input_fleet (self->fleet_input, error);
}

static MigFleet *
find_fleet (const MigPlanSession *self)
{
  if (self->own_fleet)
    return self->own_fleet;
  return self->fleet_input ? (MigFleet *) mig_plan_input_fleet (self->fleet_input, NULL) : NULL;
}

/* write_study: the plan and its alternatives, with what is predicted of each. */
static gboolean
write_study (const MigPlanSession *self, const MigFleet *fleet, GError **error)
{
  g_autofree char *calibrated = self->calibration ? mig_calibration_source (self->calibration,
                                                                            self->calibrated_with)
                                                  : NULL;
  const MigPlanStudy what = { fleet,
                              &self->task,
                              &self->model,
                              self->plan,
                              self->has_lower_bound ? &self->lower_bound : NULL,
                              self->limits->name,
                              calibrated,
                              alternatives };
  g_autofree char *study = mig_plan_study (&what, error);

  return study && mig_files_write (output, study, strlen (study), error);
}

static gboolean
make_plan (MigPlanSession *self, MigFleet *fleet, GError **error)
{
  self->options = (MigTaskOptions){ empty_hosts,
                                    relieve_hosts,
                                    to_hosts,
                                    below,
                                    objective ? objective : "time",
                                    parallel,
                                    cluster,
                                    self->fleet_input != NULL };
  self->max_downtime = max_downtime;
  self->best_bandwidth = is_best (bandwidth);
  if (!mig_plan_session_make (self, fleet, error))
    return FALSE;
  if (output && !execute && self->task.target_state)
    {
      g_set_error (
          error, MIG_ERROR, MIG_ERROR_USAGE,
          "-o: a plan for a target state cannot be written as a study: its guests wait for "
          "each other's memory");
      return FALSE;
    }
  return !output || execute || write_study (self, fleet, error);
}

/* perform: with --yes; else it is said that it is needed. */
static gboolean
perform (MigPlanSession *self, GString *out, int *status, GError **error)
{
  const MigPlanExecuteOptions options = { .hosts = live_hosts,
                                          .migrate_uris = migrate_uris,
                                          .output = output,
                                          .keep_definitions = keep_definitions,
                                          .link = link_rate };

  if (yes)
    {
      g_string_append_c (out, '\n');
      return mig_plan_execute (self, &options, out, status, error);
    }
  mig_warning ("dry run: the plan migrates %u guests; add --yes to execute it",
               self->plan->best.moves->len);
  *status = MIG_EXIT_USAGE;
  return TRUE;
}

static gboolean
run_plan (MigPlanSession *self, const char *fleet_path, GString *out, int *status, GError **error)
{
  const MigPlanFormat *how = mig_plan_format_find (json ? "json" : format ? format : "text", error);

  if (!how || !load_inputs (self, fleet_path, error) || !load_calibration (self, error))
    return FALSE;
  MigFleet *fleet = find_fleet (self);
  if (fleet && !make_plan (self, fleet, error))
    return FALSE;
  MigPlanReport report = mig_plan_session_report (self, fleet);
  how->render (&report, out);
  return !execute || perform (self, out, status, error);
}

static gboolean
check_arguments (gboolean fleet, GError **error)
{
  const char *wrong = NULL;

  if (!fleet && !calibrate && !live_hosts)
    wrong = "nothing to plan: give a fleet file, a result directory (also as --calibrate=DIR), or "
            "hosts (--host)";
  else if (fleet && live_hosts)
    wrong = "FLEET and --host cannot be combined: each is a fleet";
  else if (save_fleet && !live_hosts)
    wrong = "--save-fleet needs --host: it writes the guests found there";
  else if ((read_as || units) && !fleet)
    wrong = "--read-as and --unit need FLEET: they say how to read it";
  else if (alternatives && (!output || execute))
    wrong = "--alternatives needs -o: it selects the other orders of the study";
  else if ((link_rate || migrate_uris) && !live_hosts)
    wrong = "--link and --migrate-uri need --host: they state what the hosts do not report";
  else if (execute && !live_hosts)
    wrong = "--execute needs --host: it moves the guests running there";
  else if (execute && (json || (format && strcmp (format, "text") != 0)))
    wrong = "--execute prints text only; 'migcost report DIR --format FORMAT' shows its result in "
            "other formats";
  else if (yes && !execute)
    wrong = "--yes needs --execute: it allows moving the guests";
  if (wrong)
    g_set_error_literal (error, MIG_ERROR, MIG_ERROR_USAGE, wrong);
  return !wrong;
}

gboolean
mig_command_plan (int argc, char **argv, GString *out, int *status, GError **error)
{
  MigPlanSession planning = { 0 };

  if (!mig_command_parse (
          &argc, &argv, entries, "[FLEET]",
          "Predicts what the migrations of a fleet cost in each order, and recommends one.",
          "FLEET is a fleet file, migcost-fleet(5), or a result directory.\nNothing moves, unless "
          "--execute --yes asks for it: then the guests running on the hosts.",
          0, 1, error))
    return FALSE;
  if (!check_arguments (argc > 1, error))
    return FALSE;
  mig_terminal_set_quiet (quiet);
  gboolean ok = run_plan (&planning, argc > 1 ? argv[1] : NULL, out, status, error);
  mig_plan_session_clear (&planning);
  return ok;
}
