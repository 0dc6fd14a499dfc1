/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Computing time and memory of planning: bench-plan [HOSTS [VMS-PER-HOST [KIND]]]; without
 * arguments a table of sizes, and 12 VMs exactly. Kinds: half of the hosts are emptied onto the
 * other half, two at a time; the same in racks of 40 hosts with an uplink of 40 Gbit/s each; a
 * target state in which every fourth VM goes to another host of these racks; balance of memory
 * there; and rolling maintenance of the first rack, and of all hosts. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/units.h"
#include "plan/rolling.h"
#include "tests/unit/fleets.h"

#define RACK 40
#define UPLINK 5e9 /* 40 Gbit/s */

typedef enum { EMPTY, UPLINKS, TARGETS, BALANCE, ROLLING, ROLLING_ALL, N_KINDS } Kind;

static const char *const kinds[] = { "empty",   "uplinks", "targets",
                                     "balance", "rolling", "rolling-all" };

static void
add_vms (MigFleet *fleet, GRand *rand, guint host, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("vm%u-%u", host, i);
      double memory = (1 << g_rand_int_range (rand, 0, 5)) * 512. * MIG_MIB;
      gboolean dirty = g_rand_double (rand) < 0.4;
      guint vm = fleet_vm (fleet, name, host, g_rand_double_range (rand, 0, 1),
                           dirty ? memory / 8 : 0, dirty ? g_rand_double_range (rand, 0, 5000) : 0);
      MigFleetVm *added = &g_array_index (fleet->vms, MigFleetVm, vm);
      added->memory_bytes = memory;
      added->used_bytes = memory * g_rand_double_range (rand, 0.3, 1);
    }
}

static MigFleet *
make_fleet (guint hosts, guint per_host, Kind kind)
{
  MigFleet *fleet = mig_fleet_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < hosts && kind != EMPTY; i += RACK)
    {
      g_autofree char *name = g_strdup_printf ("rack%u", i / RACK);
      const MigFleetGroup group = { name, UPLINK, 0 };
      mig_fleet_add_group (fleet, &group);
    }
  for (guint i = 0; i < hosts; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%u", i);
      MigFleetHost host = { name, INFINITY, 32, 1250e6, 4 };
      host.group = kind == EMPTY ? 0 : 1 + i / RACK;
      host.memory_bytes = kind == EMPTY || kind == UPLINKS ? INFINITY : per_host * 6. * MIG_GIB;
      mig_fleet_add_host (fleet, &host);
    }
  for (guint i = 0; i < hosts; i++)
    add_vms (fleet, rand, i, kind == BALANCE && i % 2 == 0 ? per_host * 3 / 2 : per_host);
  for (guint i = 0; i < fleet->vms->len && kind == TARGETS; i += 4)
    {
      MigFleetVm *vm = &g_array_index (fleet->vms, MigFleetVm, i);
      vm->to = (vm->host + g_rand_int_range (rand, 1, hosts)) % hosts;
    }
  return fleet;
}

/* options_of: the question of a kind, of --empty for half of the hosts. */
static MigTaskOptions
options_of (Kind kind, guint hosts, GStrv *sources)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  MigTaskOptions options = { .objective = "time", .parallel = (char *) "2" };

  for (guint i = 0; i < hosts; i += 2)
    {
      g_autofree char *name = g_strdup_printf ("host%u", i);
      g_strv_builder_add (names, name);
    }
  *sources = g_strv_builder_end (names);
  options.empty = kind == EMPTY || kind == UPLINKS ? *sources : NULL;
  options.balance = kind == BALANCE ? "memory" : NULL;
  options.within = kind == BALANCE ? "5%" : NULL;
  return options;
}

/* cpu_s: what this process has computed so far. */
static double
cpu_s (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
say (Kind kind, const MigFleet *fleet, double start_s, guint moves, const char *text)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  printf ("%-11s %5u hosts %6u VMs %6u migrations  %8.3f s of a CPU  %6.1f MB  %s\n", kinds[kind],
          fleet->hosts->len, fleet->vms->len, moves, cpu_s () - start_s, usage.ru_maxrss / 1024.,
          text);
  fflush (stdout);
}

typedef struct {
  guint steps, moves;
  double time_s, bound_s;
} Rolled;

static void
count_step (const MigRollingStep *step, gpointer data)
{
  Rolled *rolled = data;

  rolled->steps++;
  rolled->moves += step->plan->best.moves->len;
  rolled->time_s += step->plan->best.cost.time_s;
  rolled->bound_s += step->plan->bound;
}

static void
bench_rolling (Kind kind, MigFleet *fleet, const MigModel *model, const MigTaskOptions *options)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;
  Rolled rolled = { 0 };
  double start = cpu_s ();

  for (guint i = 0; i < fleet->hosts->len && (i < RACK || kind == ROLLING_ALL); i++)
    g_strv_builder_add (names, mig_fleet_host (fleet, i)->name);
  g_auto (GStrv) hosts = g_strv_builder_end (names);
  mig_rolling_plan (model, fleet, options, hosts, FALSE, (MigRollingViewer){ count_step, &rolled },
                    &error);
  g_assert_no_error (error);
  g_autofree char *text = g_strdup_printf ("%u steps take %.0f s, none less than %.0f s",
                                           rolled.steps, rolled.time_s, rolled.bound_s);
  say (kind, fleet, start, rolled.moves, text);
}

static void
bench (Kind kind, guint hosts, guint per_host)
{
  g_autoptr (MigFleet) fleet = make_fleet (hosts, per_host, kind);
  g_auto (GStrv) sources = NULL;
  g_autoptr (GError) error = NULL;
  MigTaskOptions options = options_of (kind, hosts, &sources);
  MigModel model = mig_model_default ();
  MigTask task;

  model.max_rounds = 29;
  if (kind == ROLLING || kind == ROLLING_ALL)
    {
      bench_rolling (kind, fleet, &model, &options);
      return;
    }
  double start = cpu_s ();
  mig_task_parse (&options, &model, fleet, &task, &error);
  g_assert_no_error (error);
  g_autoptr (MigPlan) plan = mig_plan_make (&model, fleet, &task, &error);
  g_assert_no_error (error);
  g_autofree char *text = g_strdup_printf (
      "plan takes %.0f s, by name %.0f s, none less than %.0f s%s", plan->best.cost.time_s,
      plan->others->len > 0 ? ((const MigOrder *) plan->others->pdata[0])->cost.time_s : NAN,
      plan->bound, plan->exact ? ", exact" : "");
  say (kind, fleet, start, plan->best.moves->len, text);
  mig_task_clear (&task);
}

/* bench_exact: one host of three is emptied, one VM at a time. */
static void
bench_exact (guint n)
{
  g_autoptr (MigFleet) fleet = make_fleet (3, n, EMPTY);
  char *sources[] = { (char *) "host0", NULL };
  const MigTaskOptions options = { .objective = "time", .empty = sources };
  g_autoptr (GError) error = NULL;
  const MigModel model = mig_model_default ();
  MigTask task;

  mig_task_parse (&options, &model, fleet, &task, &error);
  g_assert_no_error (error);
  double start = cpu_s ();
  g_autoptr (MigPlan) plan = mig_plan_make (&model, fleet, &task, &error);
  g_assert_no_error (error);
  say (EMPTY, fleet, start, plan->best.moves->len, plan->exact ? "exact" : "beam");
  mig_task_clear (&task);
}

/* apart: in a process of its own, so that memory is that of one plan. */
static void
apart (Kind kind, guint hosts, guint per_host)
{
  fflush (stdout);
  pid_t child = fork ();
  if (child == 0)
    {
      bench (kind, hosts, per_host);
      fflush (stdout);
      _exit (0);
    }
  waitpid (child, NULL, 0);
}

int
main (int argc, char **argv)
{
  static const guint sizes[] = { 10, 100, 1000 };

  for (guint kind = 0; kind < N_KINDS && argc > 1; kind++)
    if (argc <= 3 || strcmp (argv[3], kinds[kind]) == 0)
      apart (kind, atoi (argv[1]), argc > 2 ? atoi (argv[2]) : 20);
  if (argc > 1)
    return 0;
  for (guint n = 4; n <= 16; n += 4)
    bench_exact (n);
  for (guint kind = 0; kind < N_KINDS; kind++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      apart (kind, sizes[i], 20);
  return 0;
}
