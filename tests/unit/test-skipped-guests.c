/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "execute/skipped-guests.h"

/* Guests that one plan after the other skips. */

typedef struct {
  MigSurvey survey;
  MigPlan plan;
  MigPlanSession planning;
  GArray *leaves;
} Fixture;

static void
begin (Fixture *self)
{
  const MigFleetHost hosts[] = { { .name = (char *) "a" }, { .name = (char *) "b" } };

  *self = (Fixture){ .survey = { .uuids = g_hash_table_new (g_str_hash, g_str_equal),
                                 .verdicts = g_ptr_array_new_with_free_func (
                                     (GDestroyNotify) mig_guest_verdict_free) },
                     .plan = { .best = { .moves = g_array_new (FALSE, FALSE, sizeof (MigMove)) },
                               .skipped = mig_obstacles_new () } };
  self->planning = (MigPlanSession){ .survey = &self->survey,
                                     .plan = &self->plan,
                                     .own_fleet = mig_fleet_new (),
                                     .task = { .relieve_to_cpus = NAN } };
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    mig_fleet_add_host (self->planning.own_fleet, &hosts[i]);
  self->leaves = g_array_new (FALSE, TRUE, sizeof (guint));
  g_array_set_size (self->leaves, 1); /* host a */
  self->planning.task.sources = self->leaves;
  for (const char *const *name = (const char *const[]){ "x", "y", NULL }; *name; name++)
    {
      const MigFleetVm vm = { .name = (char *) *name, .to = MIG_NO_INDEX };
      mig_fleet_add_vm (self->planning.own_fleet, &vm);
      g_hash_table_insert (self->survey.uuids, (char *) *name, (char *) *name);
    }
}

static void
end (Fixture *self)
{
  g_array_unref (self->plan.best.moves);
  g_ptr_array_unref (self->plan.skipped);
  mig_fleet_free (self->planning.own_fleet);
  g_hash_table_unref (self->survey.uuids);
  g_ptr_array_unref (self->survey.verdicts);
  g_array_unref (self->leaves);
}

/* plan: the one before is none any more. */
static void
plan (Fixture *self, GPtrArray *skipped, const char *reason_of_x, gboolean moves_x)
{
  const MigMove move = { .vm = 0 };

  g_array_set_size (self->plan.best.moves, 0);
  g_ptr_array_set_size (self->plan.skipped, 0);
  if (reason_of_x)
    mig_obstacles_add (self->plan.skipped, 0, "%s", reason_of_x);
  if (moves_x)
    g_array_append_val (self->plan.best.moves, move);
  mig_skipped_guests_note (skipped, &self->planning);
}

static void
test_last_word (void)
{
  g_autoptr (GPtrArray) skipped = mig_skipped_guests_new ();
  Fixture fixture;

  begin (&fixture);
  plan (&fixture, skipped, "first", FALSE);
  g_assert_cmpstr (mig_skipped_guests_find (skipped, "x")->reason, ==, "first");
  g_assert_null (mig_skipped_guests_find (skipped, "y"));
  plan (&fixture, skipped, "second", FALSE);
  g_assert_cmpuint (skipped->len, ==, 1);
  g_assert_cmpstr (mig_skipped_guests_find (skipped, "x")->reason, ==, "second");
  plan (&fixture, skipped, NULL, FALSE); /* of hosts that were not looked at again */
  g_assert_cmpuint (skipped->len, ==, 1);
  plan (&fixture, skipped, NULL, TRUE);
  g_assert_cmpuint (skipped->len, ==, 0);
  end (&fixture);
}

/* note_busy: of x, which somebody migrates. */
static void
note_busy (Fixture *self, GPtrArray *skipped)
{
  MigGuestVerdict *verdict = mig_guest_verdict_new ("x", "a");

  verdict->verdict = MIG_VERDICT_BUSY;
  mig_guest_verdict_add (verdict, NULL, FALSE, "somebody is migrating it", "wait");
  g_ptr_array_add (self->survey.verdicts, verdict);
  mig_skipped_guests_note (skipped, &self->planning);
}

/* A guest that somebody migrates is listed where it is to leave its host. */
static void
test_busy (void)
{
  static const struct {
    guint leaves, to; /* the host that is left, or where it is to be; it is on the first */
    double relieve_to_cpus;
    gboolean listed, gone_on_b, gone_on_c;
  } cases[] = {
    { 0, MIG_NO_INDEX, NAN, TRUE, TRUE, TRUE }, /* any other is good */
    { 1, MIG_NO_INDEX, NAN, FALSE, FALSE, FALSE },
    { 0, MIG_NO_INDEX, 0.5, FALSE, FALSE, FALSE }, /* others may do instead */
    { 0, 1, NAN, TRUE, TRUE, FALSE },
    { 0, 0, NAN, FALSE, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) skipped = mig_skipped_guests_new ();
      Fixture fixture;
      begin (&fixture);
      g_array_index (fixture.leaves, guint, 0) = cases[i].leaves;
      fixture.planning.task.target_state = cases[i].to != MIG_NO_INDEX;
      fixture.planning.task.relieve_to_cpus = cases[i].relieve_to_cpus;
      g_array_index (fixture.planning.own_fleet->vms, MigFleetVm, 0).to = cases[i].to;
      note_busy (&fixture, skipped);
      g_auto (GStrv) leaves = mig_skipped_guests_leaves (&fixture.planning);
      g_assert_cmpstr (leaves ? leaves[0] : NULL, ==,
                       cases[i].to != MIG_NO_INDEX ? NULL
                       : cases[i].leaves           ? "b"
                                                   : "a");
      const MigSkippedGuest *x = mig_skipped_guests_find (skipped, "x");
      g_assert_cmpint (x != NULL, ==, cases[i].listed);
      g_assert_null (mig_skipped_guests_find (skipped, "y"));
      if (x)
        {
          g_assert_cmpstr (x->reason, ==, "somebody is migrating it: wait");
          g_assert_false (mig_skipped_guest_has_gone (x, "a"));
          g_assert_false (mig_skipped_guest_has_gone (x, NULL));
          g_assert_cmpint (mig_skipped_guest_has_gone (x, "b"), ==, cases[i].gone_on_b);
          g_assert_cmpint (mig_skipped_guest_has_gone (x, "c"), ==, cases[i].gone_on_c);
        }
      end (&fixture);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/skipped-guests/last-word", test_last_word);
  g_test_add_func ("/skipped-guests/busy", test_busy);
  return g_test_run ();
}
