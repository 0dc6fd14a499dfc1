/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/log.h"
#include "measure/saved-guests.h"

/* Which guests are restored, and when that is given up. Saving and restoring themselves take a
 * host: tests/lab/test-run-restore.sh. */

static void
count_warnings (MigLogLevel level, const char *message, gpointer data)
{
  *(guint *) data += level == MIG_LOG_WARNING;
}

static void
test_refused (void)
{
  g_autoptr (MigSavedGuests) saved = mig_saved_guests_new (NULL);
  g_autoptr (GError) why = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_IO, "it is cut off");
  char *path = NULL, *uuid = NULL;
  guint warnings = 0, sink = mig_log_add_sink (count_warnings, &warnings);

  g_assert_true (mig_saved_guests_wants (saved, "a"));
  mig_saved_guests_refuse (saved, "a", why);
  mig_saved_guests_refuse (saved, "b", why);
  g_assert_false (mig_saved_guests_wants (saved, "a"));
  g_assert_false (mig_saved_guests_find (saved, "a", &path, &uuid));
  g_assert_null (path);
  g_assert_true (mig_saved_guests_wants (saved, "c"));
  g_assert_cmpuint (warnings, ==, 1);
  mig_log_remove_sink (sink);
}

static void
test_room (void)
{
  g_autoptr (MigSavedGuests) saved = mig_saved_guests_new (NULL);
  MigRunHost host = { .save_directory = (char *) "/" };
  guint warnings = 0, sink = mig_log_add_sink (count_warnings, &warnings);

  g_assert_false (mig_saved_guests_allow (saved, &host, G_MAXINT64, 0));
  g_assert_false (mig_saved_guests_allow (saved, &host, 0, 0));
  g_assert_false (mig_saved_guests_wants (saved, "a"));
  g_assert_cmpuint (warnings, ==, 1);
  mig_log_remove_sink (sink);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/saved-guests/refused", test_refused);
  g_test_add_func ("/saved-guests/room", test_room);
  return g_test_run ();
}
