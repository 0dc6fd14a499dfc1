/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/option-values.h"
#include "cli/plan-execute.h"
#include "cli/probe-options.h"
#include "cli/plan-inputs.h"
#include "cli/plan-preview.h"
#include "cli/plan-rolling.h"
#include "cli/plan-show.h"
#include "cli/plan-study.h"
#include "execute/plan-session.h"
#include "execute/skipped-guests.h"
#include "cli/terminal.h"
#include "plan/verdict.h"

static char *stop_rule, *bandwidth, *max_downtime, *output, *below, *objective, *parallel, *format,
    *save_fleet, *alternatives;
static char *link_rate;
static char **calibrate, **live_hosts, **empty_hosts, **relieve_hosts, **to_hosts, **migrate_uris;
static char **peer_uris, *resume_path, *technique;
static MigMigrationOptions migration;
static char *read_as, **units, *cluster, *overcommit, **memory, *manager, *balance, *within;
static char **rolling, **moves, **probes;
static gboolean json, execute, yes, quiet, keep_definitions, skip_impossible, stay, direct;
/* What is asked anew of an execution that goes on; all else is as it was begun. */
static const char *const asked_anew[] = { "execute", "yes", "quiet", "resume", "output", NULL };

/* What of a question does not hold for one guest of it that is moved alone. */
static const char *const asked_of_all[] = {
  "execute",         "yes",       "quiet",      "resume",  "output", "empty",    "relieve",
  "below",           "move",      "to",         "balance", "within", "parallel", "cluster",
  "skip-impossible", "objective", "save-fleet", "probe",   NULL
};

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
  { "resume", 0, 0, G_OPTION_ARG_FILENAME, &resume_path,
    "with --execute: go on with an interrupted execution", "DIR" },
  { "peer-uri", 0, 0, G_OPTION_ARG_STRING_ARRAY, &peer_uris,
    "with --execute: HOST=URI: how other hosts reach HOST (repeatable)", "URI" },
  { "direct", 0, 0, G_OPTION_ARG_NONE, &direct, "with --execute: no migration is peer-to-peer",
    NULL },
  { "technique", 0, 0, G_OPTION_ARG_STRING, &technique,
    "with --execute: how guests are migrated (default: pre-copy)", "TECHNIQUE" },
  MIG_STORAGE_ENTRY (migration),
  MIG_MIGRATION_ENTRIES (migration, "with --execute: "),
  { "probe", 0, 0, G_OPTION_ARG_STRING_ARRAY, &probes,
    "with --execute: VM=PROBE: ask VM as its clients do (repeatable)", "VM" },
  { "keep-definitions", 0, 0, G_OPTION_ARG_NONE, &keep_definitions,
    "with --execute: leave definitions and autostart on the source", NULL },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "with --execute: print no progress", NULL },
  { "empty", 0, 0, G_OPTION_ARG_STRING_ARRAY, &empty_hosts, "evacuate this host (repeatable)",
    "HOST" },
  { "relieve", 0, 0, G_OPTION_ARG_STRING_ARRAY, &relieve_hosts,
    "move VMs off this host until its load is --below", "HOST" },
  { "below", 0, 0, G_OPTION_ARG_STRING, &below,
    "with --relieve: share of its CPUs that its VMs may use", "SHARE" },
  { "move", 0, 0, G_OPTION_ARG_STRING_ARRAY, &moves,
    "VM=HOST: this VM goes to that host; exchanges too (repeatable)", "VM" },
  { "rolling", 0, 0, G_OPTION_ARG_STRING_ARRAY, &rolling,
    "evacuate these hosts in turn, HOST,HOST,...; VMs return (repeatable)", "HOST" },
  { "stay", 0, 0, G_OPTION_ARG_NONE, &stay, "with --rolling: VMs do not return", NULL },
  { "balance", 0, 0, G_OPTION_ARG_STRING, &balance,
    "bring all hosts' use of cpu or memory near the fleet's", "RESOURCE" },
  { "within", 0, 0, G_OPTION_ARG_STRING, &within,
    "with --balance: how near, as a share of a host's (default: 10%)", "SHARE" },
  { "to", 0, 0, G_OPTION_ARG_STRING_ARRAY, &to_hosts, "allowed destination of the VMs (repeatable)",
    "HOST" },
  { "parallel", 0, 0, G_OPTION_ARG_STRING, &parallel,
    "maximum concurrent migrations out of a host (default: 1)", "N" },
  { "cluster", 0, 0, G_OPTION_ARG_STRING, &cluster,
    "maximum concurrent migrations in the whole fleet (default: any)", "N" },
  { "memory", 0, 0, G_OPTION_ARG_STRING_ARRAY, &memory,
    "HOST=SIZE: memory of its VMs, at most; SIZE: of all hosts (repeatable)", "SIZE" },
  { "overcommit", 0, 0, G_OPTION_ARG_STRING, &overcommit,
    "VMs' memory per host's memory, at most; or 'used': what they use", "RATIO" },
  { "skip-impossible", 0, 0, G_OPTION_ARG_NONE, &skip_impossible,
    "leave VMs that cannot be moved where they are; plan the rest", NULL },
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
  { "format", 0, 0, G_OPTION_ARG_STRING, &format, "text (default), json, html or commands",
    "FORMAT" },
  { "for", 0, 0, G_OPTION_ARG_STRING, &manager,
    "whose commands: virsh (default), openstack, proxmox or kubevirt", "MANAGER" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &json, "same as --format=json", NULL },
  { NULL },
};

/* is_best: the bandwidth is for the plan to find. */
static gboolean
is_best (const char *rate)
{
  return g_strcmp0 (rate, "best") == 0;
}

/* write_study: the plan and its alternatives, with what is predicted of each. */
static gboolean
write_study (const MigPlanSession *self, const MigFleet *fleet, GError **error)
{
  g_autofree char *calibrated = self->calibration ? mig_calibration_source (self->calibration,
                                                                            self->calibrated_with)
                                                  : NULL;
  const MigPlanStudy content = { fleet,
                                 &self->task,
                                 &self->model,
                                 self->plan,
                                 self->has_lower_bound ? &self->lower_bound : NULL,
                                 self->limits->name,
                                 calibrated,
                                 self->fleet_input ? self->fleet_input->scale : NULL,
                                 alternatives };
  g_autofree char *study = mig_plan_study (&content, error);

  return study && mig_files_write (output, study, strlen (study), error);
}

static void
take_options (MigPlanSession *self)
{
  self->options = (MigTaskOptions){ empty_hosts,
                                    relieve_hosts,
                                    to_hosts,
                                    below,
                                    objective ? objective : "time",
                                    parallel,
                                    cluster,
                                    self->fleet_input != NULL,
                                    skip_impossible,
                                    moves,
                                    balance,
                                    within };
  self->max_downtime = max_downtime;
  self->best_bandwidth = is_best (bandwidth);
}

static gboolean
make_plan (MigPlanSession *self, MigFleet *fleet, GError **error)
{
  if (!mig_plan_session_make (self, fleet, error))
    return FALSE;
  return !output || execute || write_study (self, fleet, error);
}

/* keep_targets: what balances the hosts is chosen once: each plan after the first goes on with it,
 * that of an execution which was interrupted, too. */
static void
keep_targets (MigPlanSession *self)
{
  g_autoptr (GStrvBuilder) chosen = g_strv_builder_new ();
  const MigFleet *fleet = self->own_fleet;

  for (guint i = 0; i < fleet->vms->len; i++)
    {
      const MigFleetVm *vm = mig_fleet_vm (fleet, i);
      g_autofree char *move = vm->to == MIG_NO_INDEX
                                  ? NULL
                                  : g_strdup_printf ("%s=%s", vm->name,
                                                     mig_fleet_host (fleet, vm->to)->name);
      if (move)
        g_strv_builder_add (chosen, move);
    }
  g_clear_pointer (&balance, g_free);
  g_clear_pointer (&within, g_free);
  moves = g_strv_builder_end (chosen);
  self->options.balance = self->options.within = NULL;
  self->options.moves = moves;
}

/* keep_stop_rule: one that is of what the model learns from holds when the execution goes on, too.
 */
static void
keep_stop_rule (const MigPlanSession *self)
{
  if (!stop_rule && self->limits != mig_stop_rule_limits (MIG_STOP_HYPERVISOR))
    stop_rule = g_strdup (self->limits->name);
}

/* warn_dry_run: how many would move, and how many that are to would not. */
static void
warn_dry_run (const MigPlanSession *self)
{
  g_autoptr (GPtrArray) skipped = mig_skipped_guests_new ();
  guint n = self->plan->best.moves->len;

  mig_skipped_guests_note (skipped, self);
  g_autofree char *rest = skipped->len ? g_strdup_printf (" and leaves %u where %s", skipped->len,
                                                          skipped->len == 1 ? "it is" : "they are")
                                       : g_strdup ("");
  mig_warning ("dry run: the plan migrates %u guest%s%s; add --yes to execute it", n,
               n == 1 ? "" : "s", rest);
}

/* perform: with --yes; else it is said that it is needed. A plan without moves needs neither,
 * but for an execution that goes on, whose result ends with it. */
static gboolean
perform (MigPlanSession *self, MigPlanResume *resume, GString *out, int *status, GError **error)
{
  g_autoptr (GString) values = g_string_new (NULL);

  if (!resume->interrupted && self->plan->best.moves->len == 0)
    {
      g_autoptr (GPtrArray) skipped = mig_skipped_guests_new ();
      mig_skipped_guests_note (skipped, self);
      *status = skipped->len > 0 ? MIG_EXIT_FAILED : 0;
      return TRUE;
    }
  if (balance)
    keep_targets (self);
  keep_stop_rule (self);
  g_autoptr (GHashTable) probed = mig_probe_options_read (probes, error);
  if (!probed)
    return FALSE;
  mig_option_values_append (values, entries, asked_anew);
  g_autofree char *one_guest = mig_option_values_words (entries, asked_of_all);
  g_autofree char *again = mig_option_values_words (entries, asked_anew);
  const MigPlanExecuteOptions options = { .hosts = live_hosts,
                                          .migrate_uris = migrate_uris,
                                          .peer_uris = peer_uris,
                                          .direct = direct,
                                          .technique = technique,
                                          .migration = migration,
                                          .values = values->str,
                                          .one_guest = one_guest,
                                          .again = again,
                                          .resume = resume,
                                          .output = output,
                                          .keep_definitions = keep_definitions,
                                          .link = link_rate,
                                          .probes = probed };

  if (yes)
    {
      g_string_prepend (out,
                        resume->interrupted
                            ? "The plan for what was left, as it was made before that moved\n\n"
                            : "The plan, as it was made before anything moved\n\n");
      g_string_append_c (out, '\n');
      return mig_plan_execute (self, &options, out, status, error);
    }
  if (!mig_plan_preview (self, &options, out, error))
    return FALSE;
  warn_dry_run (self);
  *status = MIG_EXIT_USAGE;
  return TRUE;
}

/* tell_verdicts: no plan, since guests cannot be moved: which, and why. FALSE: it is not that. */
static gboolean
tell_verdicts (MigPlanSession *self, const MigPlanFormat *output_format, GString *out, int *status,
               GError **error)
{
  gboolean any = FALSE;

  for (guint i = 0; self->survey && i < self->survey->verdicts->len; i++)
    any |= ((const MigGuestVerdict *) self->survey->verdicts->pdata[i])->verdict ==
           MIG_VERDICT_CANNOT;
  if (!any || !output_format->without_plan ||
      !g_error_matches (*error, MIG_ERROR, MIG_ERROR_INVALID))
    return FALSE;
  const MigPlanReport report = { .verdicts = self->survey->verdicts };
  output_format->render (&report, NULL, out);
  mig_warning ("%s", (*error)->message);
  g_clear_error (error);
  *status = MIG_EXIT_FAILED;
  return TRUE;
}

/* resume_plan: with the options that it was begun with. */
static gboolean
resume_plan (MigPlanResume *resume, GError **error)
{
  g_autofree char *document = g_build_filename (resume_path, "study.xml", NULL);

  if (!mig_option_values_load (document, MIG_EXECUTION_ELEMENT, entries, asked_anew, error))
    return FALSE;
  const MigPlanResumeWay way = { live_hosts, &migration, stop_rule, technique };
  return mig_plan_resume_open (resume, resume_path, &way, yes, error);
}

static gboolean
run_plan (MigPlanSession *self, MigPlanResume *resume, const char *fleet_path, GString *out,
          int *status, GError **error)
{
  const MigPlanFormat *output_format = mig_plan_format_find (json     ? "json"
                                                             : format ? format
                                                                      : "text",
                                                             error);

  MigPlanInputs inputs = { .fleet = fleet_path,
                           .technique = technique,
                           .calibrate = calibrate,
                           .hosts = live_hosts,
                           .save_fleet = save_fleet,
                           .link = link_rate,
                           .read_as = read_as,
                           .units = units,
                           .stop_rule = stop_rule,
                           .bandwidth = is_best (bandwidth) ? NULL : bandwidth,
                           .memory_limits = { memory, overcommit } };
  const MigPlanManager *commands_of = mig_plan_manager_find (manager, error);
  MigFleet *fleet = NULL;
  gint64 timeout_ns;

  if (!output_format || !commands_of ||
      !mig_migration_options_flags (&migration, &inputs.flags, &timeout_ns, error) ||
      (execute && yes && !mig_plan_execute_recover (error)) ||
      !mig_plan_inputs_load (self, &inputs, &fleet, error))
    return FALSE;
  take_options (self);
  self->options.goes_on = resume->interrupted != NULL;
  if (rolling)
    return mig_plan_session_limit (self, fleet, error) &&
           mig_plan_rolling_show (self, fleet, rolling, stay, output_format, commands_of, out,
                                  error);
  if (fleet && !make_plan (self, fleet, error))
    return tell_verdicts (self, output_format, out, status, error);
  if (resume->interrupted)
    mig_plan_resume_keep (resume, self);
  MigPlanReport report = mig_plan_session_report (self, fleet);
  output_format->render (&report, commands_of, out);
  return !execute || perform (self, resume, out, status, error);
}

static gboolean
check_arguments (gboolean fleet, GError **error)
{
  const char *wrong = NULL;
  gboolean prints_commands = !json && g_strcmp0 (format, "commands") == 0;

  if (resume_path && (!execute || fleet || mig_option_values_first (entries, asked_anew) || output))
    wrong = "--resume needs --execute, and goes on with the options that the execution began with: "
            "no others but --yes and --quiet";
  else if (!fleet && !calibrate && !live_hosts && !resume_path)
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
  else if ((link_rate || migrate_uris || peer_uris) && !live_hosts)
    wrong = "--link, --migrate-uri and --peer-uri need --host: they state what the hosts do not "
            "report";
  else if ((direct || technique) && !execute)
    wrong = "--direct and --technique need --execute: they say how guests are migrated";
  else if (probes && !execute)
    wrong = "--probe needs --execute: it asks guests while they move";
  else if ((migration.tls || migration.timeout || migration.unsafe) && !execute)
    wrong = "--tls, --timeout and --unsafe need --execute: they say how guests are migrated";
  else if (migration.copy_storage && !fleet && !live_hosts && !resume_path)
    wrong = "--copy-storage needs a fleet or hosts: a calibration has no disks";
  else if (rolling &&
           (empty_hosts || relieve_hosts || balance || moves || to_hosts || output || execute))
    wrong = "--rolling cannot be combined with --empty, --relieve, --move, --balance, --to, -o or "
            "--execute";
  else if (rolling && !fleet && !live_hosts)
    wrong = "--rolling needs a fleet or hosts";
  else if (rolling && is_best (bandwidth))
    wrong = "--rolling cannot be combined with --bandwidth best";
  else if (stay && !rolling)
    wrong = "--stay needs --rolling: VMs return before the next host only there";
  else if (manager && !prints_commands)
    wrong = "--for needs --format commands: it says whose commands";
  else if (prints_commands && !fleet && !live_hosts)
    wrong = "--format commands needs a fleet or hosts: a calibration has no commands";
  else if (execute && !live_hosts && !resume_path)
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
  MigPlanResume resume = { NULL, NULL };

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
  gboolean ok = (!resume_path || resume_plan (&resume, error)) &&
                run_plan (&planning, &resume, argc > 1 ? argv[1] : NULL, out, status, error);
  mig_plan_resume_clear (&resume);
  mig_plan_session_clear (&planning);
  return ok;
}
