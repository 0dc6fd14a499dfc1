/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model beside SimGrid's live-migration plugin, on cases so small that both can be understood:
 * doc/model.md says what agrees, what differs and why. Prints both; fails where they part. */
#include "config.h"

#include <math.h>
#include <simgrid/run_guest.h>
#include <simgrid/engine.h>
#include <simgrid/host.h>
#include <simgrid/plugins/live_migration.h>
#include <simgrid/vm.h>
#include <string.h>
#include <unistd.h>

#include "base/units.h"
#include "tests/unit/fleets.h"

#define LINK "125e6"
#define ENDLESS 1e18 /* flops of a guest that computes */
#define POLL_S 1e-4  /* how often a stopped guest is looked for: SimGrid tells nobody in C */
#define VMS_MAX 3
/* The plugin's: it cannot be set. */
#define DOWNTIME_LIMIT_S 0.03

/* Rates are the plugin's integers: MiB/s, and dirty bytes in per cent of them. */
typedef struct {
  const char *name;
  guint n_moving, n_staying; /* all moving ones start together */
  gboolean busy;             /* guests compute */
  int memory_mib, cap_mib_per_s, dirty_percent;
  double wss_bytes;
  double source_s_per_byte; /* ours only: SimGrid's migrations take no CPU */
  double tolerance;         /* of times; NaN: ours must be longer */
} Case;

static const Case cases[] = {
  { "idle", 1, 0, FALSE, 512, 100, 0, 0, 0, 1e-3 },
  { "dirty, small working set", 1, 0, TRUE, 512, 100, 40, 64e6, 0, 1e-3 },
  { "dirty, all of it", 1, 0, TRUE, 512, 100, 40, 483183820, 0, 1e-3 },
  { "dirty, a busy neighbour", 1, 1, TRUE, 512, 100, 80, 200e6, 0, 1e-3 },
  { "two idle ones share the link", 2, 0, FALSE, 512, 100, 0, 0, 0, 1e-3 },
  { "two dirty ones share link and CPU", 2, 0, TRUE, 512, 100, 40, 64e6, 0, 1e-3 },
  { "sending takes CPU", 1, 1, TRUE, 512, 100, 40, 64e6, 8e-9, NAN },
};

typedef struct {
  double time_s, downtime_s; /* of the slowest one; summed */
} Outcome;

static Outcome theirs[G_N_ELEMENTS (cases)];

typedef struct {
  sg_vm_t vm;
  double stopped_s; /* NaN: it runs */
  double downtime_s, end_s;
} Guest;

static Guest guests[VMS_MAX];
static guint n_moving_left;

static void
compute (int argc, char **argv)
{
  sg_actor_execute (ENDLESS);
}

static void
move (int argc, char **argv)
{
  Guest *guest = &guests[g_ascii_strtoull (argv[0], NULL, 10)];

  sg_vm_migrate (guest->vm, sg_host_by_name ("b"));
  guest->end_s = simgrid_get_clock ();
  n_moving_left--;
}

static void
look (Guest *guest)
{
  gboolean stopped = sg_vm_is_suspended (guest->vm);

  if (stopped && isnan (guest->stopped_s))
    guest->stopped_s = simgrid_get_clock ();
  else if (!stopped && !isnan (guest->stopped_s))
    {
      guest->downtime_s += simgrid_get_clock () - guest->stopped_s;
      guest->stopped_s = NAN;
    }
}

static void
add_guest (const Case *the_case, guint index)
{
  g_autofree char *name = g_strdup_printf ("%s %u", the_case->name, index);
  sg_vm_t vm = sg_vm_create_migratable (sg_host_by_name ("a"), name, 1, the_case->memory_mib,
                                        the_case->cap_mib_per_s, the_case->dirty_percent);

  sg_vm_set_working_set_memory (vm, (sg_size_t) the_case->wss_bytes);
  sg_vm_start (vm);
  guests[index] = (Guest){ vm, NAN, 0, 0 };
  if (the_case->busy)
    sg_actor_start (sg_actor_init ("compute", (sg_host_t) vm), compute, 0, NULL);
}

static void
simulate_case (const Case *the_case, Outcome *outcome)
{
  static char digits[VMS_MAX][2] = { "0", "1", "2" };
  guint n = the_case->n_moving + the_case->n_staying;
  double start = simgrid_get_clock ();

  for (guint i = 0; i < n; i++)
    add_guest (the_case, i);
  n_moving_left = the_case->n_moving;
  for (guint i = 0; i < the_case->n_moving; i++)
    {
      char *const number = digits[i];
      sg_actor_start (sg_actor_init ("move", sg_host_by_name ("a")), move, 1, &number);
    }
  while (n_moving_left > 0)
    {
      sg_actor_sleep_for (POLL_S);
      for (guint i = 0; i < the_case->n_moving; i++)
        look (&guests[i]);
    }
  for (guint i = 0; i < n; i++)
    {
      outcome->time_s = fmax (outcome->time_s, guests[i].end_s - start);
      outcome->downtime_s += guests[i].downtime_s;
      sg_vm_shutdown (guests[i].vm);
      sg_vm_destroy (guests[i].vm);
    }
}

static void
simulate_all (int argc, char **argv)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    simulate_case (&cases[i], &theirs[i]);
}

/* run_simgrid: plain max-min shares: none of its corrections for TCP. */
static void
run_simgrid (void)
{
  static const char *const arguments[] = { "crosscheck", "--cfg=network/model:CM02",
                                           "--cfg=network/crosstraffic:no",
                                           "--log=root.threshold:error", NULL };
  g_auto (GStrv) copies = g_strdupv ((char **) arguments);
  static const char platform[] = "<?xml version='1.0'?>\n"
                                 "<!DOCTYPE platform SYSTEM \"https://simgrid.org/simgrid.dtd\">\n"
                                 "<platform version=\"4.1\"><zone id=\"z\" routing=\"Full\">\n"
                                 "  <host id=\"a\" speed=\"1Gf\"/><host id=\"b\" speed=\"1Gf\"/>\n"
                                 "  <link id=\"l\" bandwidth=\"" LINK "Bps\" latency=\"0s\"/>\n"
                                 "  <route src=\"a\" dst=\"b\"><link_ctn id=\"l\"/></route>\n"
                                 "</zone></platform>\n";
  int argc = G_N_ELEMENTS (arguments) - 1;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  simgrid_init (&argc, copies);
  sg_vm_live_migration_plugin_init ();
  int fd = g_file_open_tmp ("crosscheck-XXXXXX.xml", &path, &error);
  g_assert_no_error (error);
  close (fd);
  g_file_set_contents (path, platform, -1, &error);
  g_assert_no_error (error);
  simgrid_load_platform (path);
  unlink (path);
  sg_actor_start (sg_actor_init ("all", sg_host_by_name ("b")), simulate_all, 0, NULL);
  simgrid_run ();
}

/* ours: the same cases by the model: no fixed costs, and QEMU's stop rule with the plugin's limit.
 */
static Outcome
ours (const Case *the_case)
{
  g_autoptr (MigFleet) fleet = mig_fleet_new ();
  MigModel model = mig_model_default ();
  MigMove moves[VMS_MAX];
  MigPlanCost sum;
  double dirty = the_case->cap_mib_per_s * MIG_MIB * the_case->dirty_percent / 100.;

  model.source_s_per_byte = the_case->source_s_per_byte;
  model.destination_s_per_byte = 0;
  model.setup_s = model.switch_s = model.end_s = 0;
  model.cap_bytes_per_s = the_case->cap_mib_per_s * (double) MIG_MIB;
  model.downtime_limit_s = DOWNTIME_LIMIT_S;
  fleet_host (fleet, "a", 1);
  fleet_host (fleet, "b", 1);
  for (guint i = 0; i < the_case->n_moving + the_case->n_staying; i++)
    {
      guint vm = fleet_vm (fleet, "v", 0, the_case->busy ? 1 : 0, the_case->wss_bytes,
                           the_case->busy ? dirty / MIG_PAGE_BYTES : 0);
      MigFleetVm *info = &g_array_index (fleet->vms, MigFleetVm, vm);
      info->memory_bytes = info->used_bytes = the_case->memory_mib * (double) MIG_MIB;
      moves[i] = (MigMove){ vm, 1, 0 };
    }
  g_autoptr (MigSimulation) simulation = mig_simulation_new (&model, fleet);
  mig_simulation_run (simulation, NULL, moves, the_case->n_moving, NULL, &sum);
  return (Outcome){ sum.time_s, sum.downtime_s };
}

static void
test_case (gconstpointer data)
{
  const Case *the_case = data;
  const Outcome *other = &theirs[the_case - cases];
  Outcome own = ours (the_case);
  double resolution = 2 * POLL_S * the_case->n_moving;

  g_test_message ("%-34s time: SimGrid %8.3f s, migcost %8.3f s; downtime: %7.4f s, %7.4f s",
                  the_case->name, other->time_s, own.time_s, other->downtime_s, own.downtime_s);
  if (isnan (the_case->tolerance))
    {
      g_assert_cmpfloat (own.time_s, >, other->time_s);
      return;
    }
  g_assert_cmpfloat (fabs (own.time_s - other->time_s), <=, the_case->tolerance * other->time_s);
  g_assert_cmpfloat (fabs (own.downtime_s - other->downtime_s), <=,
                     the_case->tolerance * other->downtime_s + resolution);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  run_simgrid ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/simgrid/%s", cases[i].name);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
