/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plan/task.h"

#define PARALLEL_MAX 64
#define SHARE_MAX 10 /* without a %: of the CPUs of a host */

static gboolean
has (const GArray *hosts, guint host)
{
  for (guint i = 0; i < hosts->len; i++)
    if (g_array_index (hosts, guint, i) == host)
      return TRUE;
  return FALSE;
}

gboolean
mig_task_asks (const MigTask *task, const MigFleet *fleet, guint index)
{
  const MigFleetVm *vm = mig_fleet_vm (fleet, index);

  return task->target_state ? vm->to != MIG_NO_INDEX && vm->to != vm->host
                            : has (task->sources, vm->host);
}

gboolean
mig_task_moves (const MigTask *task, const MigFleet *fleet, guint index)
{
  return !mig_fleet_vm (fleet, index)->stays && mig_task_asks (task, fleet, index);
}

gboolean
mig_task_is_scheduled (const MigTask *task, const MigFleet *fleet)
{
  gboolean limited = task->cluster > 0 || fleet->groups->len > 0;

  if (task->target_state || !isnan (task->relieve_to_cpus))
    return task->target_state;
  for (guint i = 0; i < fleet->hosts->len && !limited; i++)
    limited = mig_fleet_host (fleet, i)->max_in > 0;
  return limited && task->sources->len > 1;
}

static gboolean
add_hosts (const MigFleet *fleet, char **names, const char *option, GArray *hosts, GError **error)
{
  for (guint i = 0; names && names[i]; i++)
    {
      guint host = mig_fleet_find_host (fleet, names[i]);
      if (host == MIG_NO_INDEX)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "%s: the fleet has no host '%s'", option,
                       names[i]);
          return FALSE;
        }
      if (!has (hosts, host))
        g_array_append_val (hosts, host);
    }
  return TRUE;
}

/* add_left: hosts that a VM leaves in the target state. */
static void
add_left (const MigTask *task, const MigFleet *fleet, GArray *sources)
{
  for (guint i = 0; i < fleet->vms->len; i++)
    if (mig_task_moves (task, fleet, i) && !has (sources, mig_fleet_vm (fleet, i)->host))
      g_array_append_val (sources, mig_fleet_vm (fleet, i)->host);
}

/* check_question: one is asked. */
static gboolean
check_question (const MigTaskOptions *options, GError **error)
{
  const char *wrong = NULL;

  if (options->empty && options->relieve)
    wrong = "--empty and --relieve cannot be combined";
  else if (options->balance &&
           (options->empty || options->relieve || options->to || options->moves))
    wrong =
        "--balance cannot be combined with --empty, --relieve, --move or --to: it chooses itself";
  else if (options->moves && (options->empty || options->relieve || options->to))
    wrong = "--move cannot be combined with --empty, --relieve or --to: it is a question";
  else if (options->within && !options->balance)
    wrong = "--within needs --balance: it says how nearly";
  if (wrong)
    g_set_error_literal (error, MIG_ERROR, MIG_ERROR_USAGE, wrong);
  return !wrong;
}

/* set_targets: of "VM=HOST". */
static gboolean
set_targets (const MigTaskOptions *options, MigFleet *fleet, GError **error)
{
  char **moves = options->moves;

  for (guint i = 0; moves && moves[i]; i++)
    {
      const char *equals = strrchr (moves[i], '=');
      g_autofree char *name = equals ? g_strndup (moves[i], equals - moves[i]) : NULL;
      guint vm = name ? mig_fleet_find_vm (fleet, name) : MIG_NO_INDEX,
            host = equals ? mig_fleet_find_host (fleet, equals + 1) : MIG_NO_INDEX;
      gboolean known = vm != MIG_NO_INDEX && host != MIG_NO_INDEX;
      if (!known && !options->goes_on)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                       "--move: expected VM=HOST, a VM and a host of the fleet, not '%s'",
                       moves[i]);
          return FALSE;
        }
      if (known)
        g_array_index (fleet->vms, MigFleetVm, vm).to = host;
    }
  return TRUE;
}

static gboolean
balance (const MigTaskOptions *options, const MigModel *model, MigFleet *fleet, MigTask *task,
         GError **error)
{
  return !options->balance ||
         (mig_balance_parse (options->balance, options->within, &task->balance, error) &&
          mig_balance_choose (&task->balance, model, fleet, error));
}

/* names_places: of any VM it is said where it is to be, if only where it is. */
static gboolean
names_places (const MigFleet *fleet)
{
  for (guint i = 0; i < fleet->vms->len; i++)
    if (mig_fleet_vm (fleet, i)->to != MIG_NO_INDEX)
      return TRUE;
  return FALSE;
}

/* find_sources: those that are named; else the fleet's column 'to' is the question; else, of a
 * result that was measured, the first VM's host. */
static gboolean
find_sources (const MigTaskOptions *options, const MigFleet *fleet, MigTask *task, GArray *sources,
              GError **error)
{
  if (!add_hosts (fleet, options->empty, "--empty", sources, error) ||
      !add_hosts (fleet, options->relieve, "--relieve", sources, error))
    return FALSE;
  if (fleet->vms->len == 0 && !options->goes_on)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "the fleet has no VMs");
      return FALSE;
    }
  if (sources->len > 0)
    return TRUE;
  task->target_state = TRUE;
  add_left (task, fleet, sources);
  task->target_state = sources->len > 0 || options->moves ||
                       (!options->measured && names_places (fleet));
  if (!task->target_state && options->measured)
    g_array_append_val (sources, mig_fleet_vm (fleet, 0)->host);
  else if (!task->target_state)
    g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                 "no question: give --empty HOST, --relieve HOST --below SHARE, --move VM=HOST, "
                 "--balance cpu, or in the fleet's column 'to' where VMs are to be");
  return task->target_state || sources->len > 0;
}

/* add_open: all hosts but those that are left, and those that are cordoned; their number. */
static guint
add_open (const MigFleet *fleet, const GArray *sources, GArray *targets)
{
  guint cordoned = 0;

  for (guint i = 0; i < fleet->hosts->len; i++)
    if (has (sources, i))
      continue;
    else if (mig_fleet_host (fleet, i)->cordoned)
      cordoned++;
    else
      g_array_append_val (targets, i);
  return cordoned;
}

static gboolean
find_targets (const MigTaskOptions *options, const MigFleet *fleet, const MigTask *task,
              const GArray *sources, GArray *targets, GError **error)
{
  if (!add_hosts (fleet, options->to, "--to", targets, error))
    return FALSE;
  guint cordoned = options->to || task->target_state ? 0 : add_open (fleet, sources, targets);
  for (guint i = 0; i < fleet->vms->len && task->target_state; i++)
    if (mig_task_moves (task, fleet, i) && !has (targets, mig_fleet_vm (fleet, i)->to))
      g_array_append_val (targets, mig_fleet_vm (fleet, i)->to);
  for (guint i = 0; i < targets->len && !task->target_state; i++)
    if (has (sources, g_array_index (targets, guint, i)))
      {
        g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                     "host '%s' cannot be both source and destination",
                     mig_fleet_host (fleet, g_array_index (targets, guint, i))->name);
        return FALSE;
      }
  if (targets->len > 0 || task->target_state)
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID, "the fleet has no destination for the VMs%s",
               cordoned > 0 ? ": all other hosts are cordoned; --to takes one all the same" : "");
  return FALSE;
}

/* parse_weights: "time=1,downtime=20". */
static gboolean
parse_weights (const char *text, MigObjective *objective)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  for (guint i = 0; parts[i]; i++)
    {
      char *equals = strchr (parts[i], '='), *end = NULL;
      double weight = equals ? g_ascii_strtod (equals + 1, &end) : 1;
      if (equals)
        *equals = '\0';
      if ((equals && (end == equals + 1 || *end)) || !isfinite (weight) || weight <= 0)
        return FALSE;
      if (strcmp (parts[i], "time") == 0)
        objective->time = weight;
      else if (strcmp (parts[i], "downtime") == 0)
        objective->downtime = weight;
      else if (strcmp (parts[i], "lost-work") == 0)
        objective->lost = weight;
      else
        return FALSE;
    }
  return parts[0] != NULL;
}

static gboolean
parse_objective (const char *text, MigObjective *objective, GError **error)
{
  *objective = (MigObjective){ .worst_downtime = strcmp (text, "worst-downtime") == 0 };
  if (objective->worst_downtime || parse_weights (text, objective))
    return TRUE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
               "--objective: unknown objective '%s'; expected time, downtime, worst-downtime, "
               "lost-work, or weights like 'time=1,downtime=20,lost-work=0.5'",
               text);
  return FALSE;
}

static gboolean
parse_parallel (const char *option, const char *text, guint otherwise, guint *parallel,
                GError **error)
{
  guint64 value;

  *parallel = otherwise;
  if (!text)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 1, PARALLEL_MAX, &value, NULL))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE, "%s: '%s' is not a number from 1 to %d",
                   option, text, PARALLEL_MAX);
      return FALSE;
    }
  *parallel = (guint) value;
  return TRUE;
}

/* parse_share: "0.3" or "30%"; -1: neither, or so large that a % must have been meant. */
static double
parse_share (const char *text)
{
  char *end = NULL;
  double share = g_ascii_strtod (text, &end);
  gboolean percent = *end == '%';

  if (end == text || end[percent] || !(share >= 0) || (!percent && share > SHARE_MAX))
    return -1;
  return percent ? share / 100 : share;
}

/* parse_below: a share of the CPUs of the host that is relieved. */
static gboolean
parse_below (const MigTaskOptions *options, const MigFleet *fleet, MigTask *task, GError **error)
{
  task->relieve_to_cpus = NAN;
  if (!options->relieve && !options->below)
    return TRUE;
  double share = options->below ? parse_share (options->below) : -1;
  if (!options->relieve || share < 0 || share > 100 || task->sources->len != 1)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "--relieve and --below need each other: a host, and the share of its CPUs that "
                   "its VMs may use, such as 0.8 or 80%% (a number above %d needs its %%)",
                   SHARE_MAX);
      return FALSE;
    }
  task->relieve_to_cpus = share *
                          mig_fleet_host (fleet, g_array_index (task->sources, guint, 0))->cpus;
  return TRUE;
}

/* limit_parallel: of groups: by the hosts' limits, and the fleet's. A schedule keeps them itself.
 */
static void
limit_parallel (const MigFleet *fleet, MigTask *task)
{
  if (mig_task_is_scheduled (task, fleet))
    return;
  for (guint i = 0; i < task->sources->len; i++)
    {
      const MigFleetHost *host = mig_fleet_host (fleet, g_array_index (task->sources, guint, i));
      task->parallel = MIN (task->parallel, host->max_parallel);
      if (host->max_out > 0)
        task->parallel = MIN (task->parallel, host->max_out);
    }
  for (guint i = 0; i < task->targets->len; i++)
    {
      const MigFleetHost *host = mig_fleet_host (fleet, g_array_index (task->targets, guint, i));
      if (host->max_in > 0)
        task->parallel = MIN (task->parallel, host->max_in);
    }
  if (task->cluster > 0)
    task->parallel = MIN (task->parallel, task->cluster);
}

gboolean
mig_task_parse (const MigTaskOptions *options, const MigModel *model, MigFleet *fleet,
                MigTask *task, GError **error)
{
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) targets = g_array_new (FALSE, FALSE, sizeof (guint));
  MigTask parsed = { .sources = sources,
                     .targets = targets,
                     .skip_impossible = options->skip_impossible };

  if (!check_question (options, error) || !set_targets (options, fleet, error) ||
      !balance (options, model, fleet, &parsed, error) ||
      !find_sources (options, fleet, &parsed, sources, error) ||
      !find_targets (options, fleet, &parsed, sources, targets, error) ||
      !parse_objective (options->objective, &parsed.objective, error) ||
      !parse_parallel ("--parallel", options->parallel, 1, &parsed.parallel, error) ||
      !parse_parallel ("--cluster", options->cluster, 0, &parsed.cluster, error) ||
      !parse_below (options, fleet, &parsed, error))
    return FALSE;
  limit_parallel (fleet, &parsed);
  *task = parsed;
  g_steal_pointer (&sources);
  g_steal_pointer (&targets);
  return TRUE;
}

void
mig_task_clear (MigTask *task)
{
  g_clear_pointer ((GArray **) &task->sources, g_array_unref);
  g_clear_pointer ((GArray **) &task->targets, g_array_unref);
}
