/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <libvirt/libvirt.h>
#include <string.h>

#include "base/files.h"
#include "execute/settle.h"
#include "measure/migration.h"
#include "virt/loop.h"

/* What became of migrations that an execution had begun when it was killed, on hosts that libvirt
 * makes up for tests. */

#define GUEST "vm-7"

static char *top, *uuid;

/* why a domain that is shut off has ended, in place of libvirt's answer */
static int shutoff_reason;

int
virDomainGetState (virDomainPtr domain, int *state, int *reason, unsigned int flags)
{
  int (*get) (virDomainPtr, int *, int *, unsigned int) = (int (*) (
      virDomainPtr, int *, int *, unsigned int)) dlsym (RTLD_NEXT, "virDomainGetState");
  int result = get (domain, state, reason, flags);

  if (result == 0 && *state == VIR_DOMAIN_SHUTOFF)
    *reason = shutoff_reason;
  return result;
}

/* What a host has of the guest. */
typedef enum { NOTHING, SHUT_OFF, RUNNING } Has;

/* host_with: its URI; the caller frees it. */
static char *
host_with (const char *name, Has has)
{
  g_autofree char *path = g_build_filename (top, name, NULL);
  g_autofree char *domain = g_strdup_printf (
      "<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>"
      "<name>" GUEST "</name><uuid>%s</uuid><memory>65536</memory><os><type>hvm</type></os>"
      "<test:runstate>%d</test:runstate></domain>",
      uuid, has == RUNNING ? VIR_DOMAIN_RUNNING : VIR_DOMAIN_SHUTOFF);
  g_autofree char *node = g_strdup_printf ("<node>%s</node>", has == NOTHING ? "" : domain);

  g_assert_true (g_file_set_contents (path, node, -1, NULL));
  return g_strdup_printf ("test://%s", path);
}

static void
add_move (MigInterrupted *self, const char *from, const char *to, MigMoveState state)
{
  MigPlannedMove *move = mig_planned_move_new (GUEST, uuid, from, to, 0);

  move->plan = 1;
  move->place = self->moves->len;
  move->state = state;
  if (state == MIG_MOVE_RUNNING)
    {
      MigInterruptedStart *start = g_new0 (MigInterruptedStart, 1);
      move->attempt = 1;
      g_hash_table_insert (self->starts, move, start);
    }
  g_ptr_array_add (self->moves, move);
}

static MigInterrupted *
interrupted_new (void)
{
  MigInterrupted *self = g_new0 (MigInterrupted, 1);

  self->moves = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_planned_move_free);
  self->starts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->open = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->plans = 1;
  return self;
}

/* settle: with hosts 'a' and 'b' that have that of the guest. */
static void
settle (MigInterrupted *interrupted, Has a, Has b)
{
  static const char xml[] = "<execution/>";
  const MigManifest manifest = { .study_name = (char *) "plan", .study_title = (char *) "t" };
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (top, "r", NULL);
  g_autofree char *uri_a = host_with ("a", a), *uri_b = host_with ("b", b);
  const MigPlanExecutorHost both[] = { { .name = "a", .uri = uri_a },
                                       { .name = "b", .uri = uri_b } };
  g_autoptr (GArray) hosts = g_array_new (FALSE, FALSE, sizeof (MigPlanExecutorHost));
  MigResultWriter *writer = mig_result_writer_new (path, xml, strlen (xml), &manifest, &error);

  g_assert_no_error (error);
  g_array_append_vals (hosts, both, G_N_ELEMENTS (both));
  g_assert_true (mig_settle (interrupted, hosts, writer, &error));
  g_assert_no_error (error);
  mig_result_writer_free (writer);
  g_assert_true (mig_files_remove_tree (path, NULL));
}

static const MigPlannedMove *
move_of (const MigInterrupted *interrupted, guint index)
{
  return interrupted->moves->pdata[index];
}

/* A guest of a migration that was under way: what is left of it on both hosts tells its end. */
static void
test_ends (void)
{
  static const struct {
    Has a, b;
    int reason;
    MigMoveState state;
    const char *status;
  } cases[] = {
    { NOTHING, RUNNING, 0, MIG_MOVE_DONE, "ok" },
    { SHUT_OFF, RUNNING, VIR_DOMAIN_SHUTOFF_MIGRATED, MIG_MOVE_DONE, "ok" },
    { RUNNING, NOTHING, 0, MIG_MOVE_DROPPED, "aborted" },
    { NOTHING, NOTHING, 0, MIG_MOVE_FAILED, "failed" },
    { SHUT_OFF, NOTHING, VIR_DOMAIN_SHUTOFF_CRASHED, MIG_MOVE_FAILED, "failed" },
    { SHUT_OFF, SHUT_OFF, VIR_DOMAIN_SHUTOFF_UNKNOWN, MIG_MOVE_FAILED, "failed" },
    { SHUT_OFF, SHUT_OFF, VIR_DOMAIN_SHUTOFF_MIGRATED, MIG_MOVE_FAILED, "failed" },
    { SHUT_OFF, NOTHING, VIR_DOMAIN_SHUTOFF_SHUTDOWN, MIG_MOVE_GONE, "aborted" },
    { NOTHING, SHUT_OFF, VIR_DOMAIN_SHUTOFF_DESTROYED, MIG_MOVE_GONE, "aborted" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MigInterrupted) interrupted = interrupted_new ();
      add_move (interrupted, "a", "b", MIG_MOVE_RUNNING);
      shutoff_reason = cases[i].reason;
      settle (interrupted, cases[i].a, cases[i].b);
      const MigPlannedMove *move = move_of (interrupted, 0);
      g_assert_cmpint (move->state, ==, cases[i].state);
      g_assert_cmpstr (move->record->status, ==, cases[i].status);
      g_assert_cmpint (move->lost, ==, cases[i].state == MIG_MOVE_FAILED);
      g_assert_cmpint (move->lost, ==, mig_migration_row_is_lost (move->record));
    }
}

/* Nothing had begun to move it: then it has ended. What is lost on its first way does not end
 * before the second. */
static void
test_not_begun (void)
{
  g_autoptr (MigInterrupted) waiting = interrupted_new (), lost = interrupted_new ();

  add_move (waiting, "a", "b", MIG_MOVE_WAITING);
  settle (waiting, NOTHING, NOTHING);
  g_assert_cmpint (move_of (waiting, 0)->state, ==, MIG_MOVE_GONE);
  add_move (lost, "a", "b", MIG_MOVE_RUNNING);
  add_move (lost, "b", "a", MIG_MOVE_WAITING);
  settle (lost, NOTHING, NOTHING);
  g_assert_cmpint (move_of (lost, 0)->state, ==, MIG_MOVE_FAILED);
  g_assert_cmpint (move_of (lost, 1)->state, ==, MIG_MOVE_WAITING);
  g_assert_cmpuint (move_of (lost, 1)->attempt, ==, 0);
}

/* What an earlier process wrote of a failure. */
static void
test_row (void)
{
  static const struct {
    const char *reason;
    gint64 resumed_ns;
    gboolean lost;
  } cases[] = {
    { "no; the guest is running on host 'a' alone", MIG_MISSING_INT, FALSE },
    { "no; " MIG_MIGRATION_LOST, MIG_MISSING_INT, TRUE },
    { "no; " MIG_MIGRATION_LOST "; host 'a' said: stopped crashed", MIG_MISSING_INT, TRUE },
    { "no; " MIG_MIGRATION_LOST "; host 'a' said: stopped shut down", MIG_MISSING_INT, FALSE },
    { "no; " MIG_MIGRATION_LOST "; host 'a' said: stopped destroyed", 1, TRUE },
    { NULL, MIG_MISSING_INT, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MigMigrationRecord row;
      mig_record_init (MIG_TABLE_MIGRATIONS, &row);
      row.source = (char *) "a";
      row.reason = (char *) cases[i].reason;
      row.resumed_ns = cases[i].resumed_ns;
      g_assert_cmpint (mig_migration_row_is_lost (&row), ==, cases[i].lost);
    }
}

int
main (int argc, char **argv)
{
  top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  uuid = g_uuid_string_random ();
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (NULL));
  g_test_add_func ("/settle/ends", test_ends);
  g_test_add_func ("/settle/not-begun", test_not_begun);
  g_test_add_func ("/settle/row", test_row);
  int status = g_test_run ();
  mig_loop_stop ();
  mig_files_remove_tree (top, NULL);
  g_free (uuid);
  g_free (top);
  return status;
}
