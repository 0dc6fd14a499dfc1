/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "summary/occupancy.h"

/* One guest that stays on b; one that goes from a to b at step 2; one from b to a at step 3. */
static void
test_steps (void)
{
  static const guint on_a[] = { 1, 1, 0, 1 }, on_b[] = { 2, 2, 3, 2 };
  g_autoptr (MigOccupancy) self = mig_occupancy_new ();

  mig_occupancy_arrive (self, "b", MIG_STEP_FIRST);
  mig_occupancy_arrive (self, "b", MIG_STEP_FIRST);
  mig_occupancy_leave (self, "b", 3);
  mig_occupancy_arrive (self, "a", 3);
  mig_occupancy_arrive (self, "a", MIG_STEP_FIRST);
  mig_occupancy_leave (self, "a", 2);
  mig_occupancy_arrive (self, "b", 2);
  for (gint64 step = 0; step < 4; step++)
    {
      g_assert_cmpuint (mig_occupancy_count (self, "a", step), ==, on_a[step]);
      g_assert_cmpuint (mig_occupancy_count (self, "b", step), ==, on_b[step]);
    }
  g_assert_cmpuint (mig_occupancy_count (self, "b", MIG_STEP_FIRST), ==, 2);
  g_assert_cmpuint (mig_occupancy_count (self, "c", 9), ==, 0);
  g_assert_cmpuint (mig_occupancy_count (self, NULL, 9), ==, 0);
  mig_occupancy_arrive (self, NULL, 1);
  g_assert_cmpuint (mig_occupancy_count (self, NULL, 9), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/occupancy/steps", test_steps);
  return g_test_run ();
}
