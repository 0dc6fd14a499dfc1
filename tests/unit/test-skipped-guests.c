/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "execute/skipped-guests.h"

/* Guests that one plan after the other skips. */

typedef struct {
  MigSurvey survey;
  MigPlan plan;
  MigPlanSession planning;
} Fixture;

static void
begin (Fixture *self)
{
  const MigFleetHost host = { .name = (char *) "a" };

  *self = (Fixture){ .survey = { .uuids = g_hash_table_new (g_str_hash, g_str_equal) },
                     .plan = { .best = { .moves = g_array_new (FALSE, FALSE, sizeof (MigMove)) },
                               .skipped = mig_obstacles_new () } };
  self->planning = (MigPlanSession){ .survey = &self->survey,
                                     .plan = &self->plan,
                                     .own_fleet = mig_fleet_new () };
  mig_fleet_add_host (self->planning.own_fleet, &host);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/skipped-guests/last-word", test_last_word);
  return g_test_run ();
}
