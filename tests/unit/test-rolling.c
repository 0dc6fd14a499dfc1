/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "plan/rolling.h"
#include "tests/unit/fleets.h"

/* Rolling maintenance. Its cost is counted rather than timed: hosts and VMs that are copied, in
 * steps that each touch a part of the fleet. Of twice as many hosts there are twice as many; were
 * the whole fleet copied for each step, four times. */

#define VMS 3
#define MORE_MAX 2.2

static guint64 copied;

/* The linker puts this in the place of what it counts (tests/unit/module.mk). */
char *__real_g_strdup (const char *text);
char *__wrap_g_strdup (const char *text);

char *
__wrap_g_strdup (const char *text)
{
  copied++;
  return __real_g_strdup (text);
}

/* make_fleet: hosts behind one uplink, VMS on each. */
static MigFleet *
make_fleet (guint hosts)
{
  MigFleet *fleet = mig_fleet_new ();
  const MigFleetGroup rack = { (char *) "rack", 1e9, 0 };

  mig_fleet_add_group (fleet, &rack);
  for (guint i = 0; i < hosts; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%u", i);
      guint host = fleet_host (fleet, name, 8);
      g_array_index (fleet->hosts, MigFleetHost, host).memory_bytes = 4. * MIG_GIB;
      g_array_index (fleet->hosts, MigFleetHost, host).group = 1;
    }
  for (guint i = 0; i < hosts * VMS; i++)
    {
      g_autofree char *name = g_strdup_printf ("vm%u", i);
      fleet_vm (fleet, name, i / VMS, 0.1 * (i % VMS), 0, 0);
    }
  return fleet;
}

typedef struct {
  guint steps, moves, hosts_max;
  GString *log; /* "0: vm0>host3 ...;" */
} Seen;

static void
see (const MigRollingStep *step, gpointer data)
{
  Seen *seen = data;
  const GArray *moves = step->plan->best.moves;

  seen->steps++;
  seen->moves += moves->len;
  seen->hosts_max = MAX (seen->hosts_max, step->fleet->hosts->len);
  if (!seen->log)
    return;
  g_string_append_printf (seen->log, "%s%s:", step->home ? "<" : ">", step->host);
  for (guint i = 0; i < moves->len; i++)
    g_string_append_printf (
        seen->log, " %s-%s", mig_fleet_vm (step->fleet, g_array_index (moves, MigMove, i).vm)->name,
        mig_fleet_host (step->fleet, g_array_index (moves, MigMove, i).to)->name);
  g_string_append_c (seen->log, ';');
}

static void
roll (const MigFleet *fleet, gboolean stay, Seen *seen)
{
  const MigModel model = mig_model_default ();
  const MigTaskOptions options = { .objective = "time" };
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < fleet->hosts->len; i++)
    g_strv_builder_add (names, mig_fleet_host (fleet, i)->name);
  g_auto (GStrv) hosts = g_strv_builder_end (names);
  copied = 0;
  mig_rolling_plan (&model, fleet, &options, hosts, stay, (MigRollingViewer){ see, seen }, &error);
  g_assert_no_error (error);
}

static guint64
cost (guint hosts)
{
  g_autoptr (MigFleet) fleet = make_fleet (hosts);
  Seen seen = { 0 };

  roll (fleet, FALSE, &seen);
  g_assert_cmpuint (seen.steps, ==, 2 * hosts);
  g_assert_cmpuint (seen.moves, ==, 2 * hosts * VMS);
  g_assert_cmpuint (seen.hosts_max, <=, 1 + VMS);
  return copied;
}

static void
test_cost (void)
{
  const guint n = 40;
  guint64 once = cost (n), twice = cost (2 * n);

  g_test_message ("%" G_GUINT64_FORMAT " copies, %" G_GUINT64_FORMAT " of twice as many hosts",
                  once, twice);
  g_assert_cmpuint (once, >, 0);
  g_assert_cmpfloat ((double) twice, <=, MORE_MAX * (double) once);
}

/* Three hosts, a VM of its own on each of two; the third is free and has more CPUs, so it is
 * chosen. Each step begins where the one before left the VMs: those that stay gather. */
static MigFleet *
two_and_one (void)
{
  MigFleet *fleet = mig_fleet_new ();

  fleet_host (fleet, "a", 1);
  fleet_host (fleet, "b", 1);
  fleet_host (fleet, "c", 4);
  fleet_vm (fleet, "x", 0, 0.5, 0, 0);
  fleet_vm (fleet, "y", 1, 0.5, 0, 0);
  return fleet;
}

static void
test_return (void)
{
  g_autoptr (MigFleet) fleet = two_and_one ();
  g_autoptr (GString) log = g_string_new (NULL);
  Seen seen = { .log = log };

  roll (fleet, FALSE, &seen);
  g_assert_cmpstr (log->str, ==, ">a: x-c;<a: x-a;>b: y-c;<b: y-b;");
  g_assert_cmpuint (mig_fleet_vm (fleet, 0)->host, ==, 0);
}

static void
test_stay (void)
{
  g_autoptr (MigFleet) fleet = two_and_one ();
  g_autoptr (GString) log = g_string_new (NULL);
  Seen seen = { .log = log };

  g_array_index (fleet->hosts, MigFleetHost, 2).memory_bytes = 600. * MIG_MIB; /* for one of them */
  roll (fleet, TRUE, &seen);
  g_assert_cmpstr (log->str, ==, ">a: x-c;>b: y-a;>c: x-b;");
}

/* A VM that fits nowhere is an error that counts all hosts, or stays. */
static void
test_no_room (void)
{
  g_autoptr (MigFleet) fleet = two_and_one ();
  const MigModel model = mig_model_default ();
  MigTaskOptions options = { .objective = "time" };
  char *hosts[] = { (char *) "a", NULL };
  g_autoptr (GError) error = NULL;
  Seen seen = { 0 };

  for (guint i = 0; i < 3; i++)
    g_array_index (fleet->hosts, MigFleetHost, i).memory_bytes = 600. * MIG_MIB;
  g_array_index (fleet->vms, MigFleetVm, 0).memory_bytes = 700. * MIG_MIB;
  g_assert_false (mig_rolling_plan (&model, fleet, &options, hosts, FALSE,
                                    (MigRollingViewer){ see, &seen }, &error));
  g_assert_true (g_str_has_prefix (error->message, "emptying host 'a': 'x' cannot be moved"));
  g_assert_nonnull (strstr (error->message, "none of its 2 possible hosts"));
  g_assert_nonnull (strstr (error->message, "no more than 629 MB is left on one"));
  options.skip_impossible = TRUE;
  g_clear_error (&error);
  g_assert_true (mig_rolling_plan (&model, fleet, &options, hosts, FALSE,
                                   (MigRollingViewer){ see, &seen }, &error));
  g_assert_cmpuint (seen.steps, ==, 1);
  g_assert_cmpuint (seen.moves, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rolling/cost", test_cost);
  g_test_add_func ("/rolling/return", test_return);
  g_test_add_func ("/rolling/stay", test_stay);
  g_test_add_func ("/rolling/no-room", test_no_room);
  return g_test_run ();
}
