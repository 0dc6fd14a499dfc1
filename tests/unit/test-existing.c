/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/libvirt.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "check/check-existing.h"
#include "hosts/found-guest.h"
#include "measure/migration-state.h"
#include "measure/run-handle.h"
#include "tests/unit/existing-world.h"
#include "virt/definition.h"
#include "virt/loop.h"

/* Guests that are there, on hosts that libvirt makes up for tests: taken by who they are, not by
 * what they are called. */

static char *mine, *other; /* UUIDs */

/* the downtime limit of any guest, in place of libvirt's; how often it was set */
static unsigned long long limit_ms = 300;
static guint limits_set;

int
virDomainMigrateGetMaxDowntime (virDomainPtr domain, unsigned long long *ms, unsigned int flags)
{
  *ms = limit_ms;
  return 0;
}

int
virDomainMigrateSetMaxDowntime (virDomainPtr domain, unsigned long long ms, unsigned int flags)
{
  limit_ms = ms;
  limits_set++;
  return 0;
}

static GHashTable *
preflight_again (const ExistingWorld *world, GHashTable *known, MigCheckLevel *worst)
{
  g_autoptr (GPtrArray) checks = g_ptr_array_new_with_free_func (mig_check_free);
  g_autoptr (GHashTable) existing = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  mig_check_existing (checks, world->hosts, world->study, known, existing);
  *worst = MIG_CHECK_PASS;
  for (guint i = 0; i < checks->len; i++)
    *worst = MAX (*worst, ((MigCheck *) checks->pdata[i])->level);
  return mig_check_identities (checks);
}

static GHashTable *
preflight (const ExistingWorld *world, MigCheckLevel *worst)
{
  return preflight_again (world, NULL, worst);
}

/* Between a run and its resumption another domain comes by its name, on either host. */
static void
test_resumed (void)
{
  ExistingWorld world;
  MigCheckLevel worst;

  existing_world_init (&world, mine, NULL);
  g_autoptr (GHashTable) identities = preflight (&world, &worst);
  g_autoptr (GHashTable) same = preflight_again (&world, identities, &worst);
  g_assert_cmpint (worst, <, MIG_CHECK_FAIL);
  g_assert_cmpstr (g_hash_table_lookup (same, "vm"), ==, mine);
  for (guint at = 0; at < 2; at++)
    {
      existing_world_hosts (
          &world, (const char *const[]){ at == 0 ? other : NULL, at == 1 ? other : NULL });
      g_autoptr (GHashTable) replaced = preflight_again (&world, identities, &worst);
      g_assert_cmpint (worst, ==, MIG_CHECK_FAIL);
      g_assert_null (g_hash_table_lookup (replaced, "vm"));
    }
  existing_world_clear (&world);
}

static void
test_find (void)
{
  ExistingWorld world;
  existing_world_init (&world, mine, other);
  {
    g_auto (MigFoundGuest) any = { NULL };
    g_assert_true (mig_found_guest_search (&any, world.hosts, existing_world_guest (&world), NULL));
    g_assert_cmpstr (mig_guest_uuid (any.guest), ==, mine);
    g_assert_null (any.also);
  }
  {
    g_auto (MigFoundGuest) second = { NULL };
    g_assert_true (
        mig_found_guest_search (&second, world.hosts, existing_world_guest (&world), other));
    g_assert_true (second.where == world.hosts->pdata[1]);
    g_assert_true (second.stranger == world.hosts->pdata[0]);
    g_assert_cmpstr (second.stranger_uuid, ==, mine);
  }
  existing_world_clear (&world);
}

/* who looks into a hash table with such keys is to hold this; NULL: nobody has to */
static GMutex *held;

static guint
hash_locked (gconstpointer key)
{
  g_assert_false (held && g_mutex_trylock (held));
  return g_str_hash (key);
}

/* What its host started by itself before it moved without migcost, its new host does; once. The
 * guests of a repetition are all taken at the same time. */
static void
test_autostart (void)
{
  ExistingWorld world;
  MigCheckLevel worst;
  MigDefinition definition;
  g_autoptr (GHashTable) known = g_hash_table_new (hash_locked, g_str_equal);

  existing_world_init (&world, NULL, mine);
  g_autoptr (GHashTable) identities = preflight (&world, &worst);
  existing_world_begin (&world, identities);
  world.run->options.autostarts = known;
  g_assert_true (mig_run_guest_take (world.run_guest, NULL));
  const MigRunHost *there = world.hosts->pdata[1];
  mig_host_definition (there->host, mine, &definition);
  g_assert_true (definition.persistent);
  g_assert_false (definition.autostart);
  g_hash_table_add (known, (char *) "vm");
  existing_world_begin (&world, identities);
  held = &world.run->lock;
  g_assert_true (mig_run_guest_take (world.run_guest, NULL));
  held = NULL;
  mig_host_definition (there->host, mine, &definition);
  g_assert_true (definition.autostart);
  g_assert_cmpuint (g_hash_table_size (known), ==, 0);
  existing_world_clear (&world);
}

/* One guest that runs twice is told of, whichever host it belongs to. */
static void
test_twice (void)
{
  ExistingWorld world;
  MigCheckLevel worst;

  existing_world_init (&world, mine, mine);
  for (guint home = 0; home < 2; home++)
    {
      g_auto (MigFoundGuest) found = { NULL };
      existing_world_guest (&world)->host = world.study->hosts->pdata[home];
      g_assert_true (
          mig_found_guest_search (&found, world.hosts, existing_world_guest (&world), mine));
      g_assert_true (found.where == world.hosts->pdata[home]);
      g_assert_true (found.also == world.hosts->pdata[1 - home]);
    }
  g_autoptr (GHashTable) identities = preflight (&world, &worst);
  g_assert_cmpint (worst, ==, MIG_CHECK_FAIL);
  existing_world_begin (&world, identities);
  g_assert_false (mig_run_guest_take (world.run_guest, NULL));
  mig_run_guest_tell (world.run_guest);
  g_assert_true (mig_run_guest_is_lost (world.run_guest));
  existing_world_clear (&world);
}

/* Between two repetitions another domain comes by its name: not taken, not told of as the guest. */
static void
test_replaced (void)
{
  for (guint seen = 0; seen < 2; seen++) /* by preflight, or at the first repetition only */
    for (guint at = 0; at < 2; at++)
      {
        ExistingWorld world;
        MigCheckLevel worst;
        g_autoptr (GError) error = NULL;

        existing_world_init (&world, mine, NULL);
        g_autoptr (GHashTable) identities = preflight (&world, &worst);
        g_assert_cmpstr (g_hash_table_lookup (identities, "vm"), ==, mine);
        existing_world_begin (&world, seen ? identities : NULL);
        g_assert_true (mig_run_guest_take (world.run_guest, &error));
        g_assert_no_error (error);
        g_assert_cmpstr (mig_run_guest_uuid (world.run_guest), ==, mine);
        g_clear_pointer (&world.run_guest, mig_run_guest_free);

        existing_world_hosts (
            &world, (const char *const[]){ at == 0 ? other : NULL, at == 1 ? other : NULL });
        existing_world_begin (&world, NULL);
        g_assert_false (mig_run_guest_take (world.run_guest, &error));
        g_assert_error (error, MIG_ERROR, MIG_ERROR_EXISTS);
        g_assert_nonnull (strstr (error->message, mine));
        g_assert_nonnull (strstr (error->message, other));
        g_assert_null (strchr (error->message, '\n'));
        for (guint h = 0; h < 2; h++)
          g_assert_null (mig_run_guest_handle (world.run_guest, world.hosts->pdata[h]));
        mig_run_guest_tell (world.run_guest);
        g_assert_true (mig_run_guest_is_lost (world.run_guest));
        existing_world_clear (&world);
      }
}

/* It is where it was, and another domain of its name has come to the host that it is to go to. */
static void
test_in_the_way (void)
{
  ExistingWorld world;
  MigCheckLevel worst;
  g_autoptr (GError) error = NULL;

  existing_world_init (&world, mine, NULL);
  g_autoptr (GHashTable) identities = preflight (&world, &worst);
  existing_world_hosts (&world, (const char *const[]){ mine, other });
  existing_world_begin (&world, identities);
  g_assert_false (mig_run_guest_take (world.run_guest, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_EXISTS);
  g_assert_nonnull (strstr (error->message, "on host 'b'"));
  g_clear_error (&error);
  world.moves = FALSE;
  existing_world_begin (&world, NULL);
  g_assert_true (mig_run_guest_take (world.run_guest, &error));
  mig_run_guest_tell (world.run_guest);
  g_assert_false (mig_run_guest_is_lost (world.run_guest));
  existing_world_clear (&world);
}

static void
test_gone (void)
{
  ExistingWorld world;
  MigCheckLevel worst;
  g_autoptr (GError) error = NULL;

  existing_world_init (&world, NULL, NULL);
  g_autoptr (GHashTable) identities = preflight (&world, &worst);
  g_assert_cmpint (worst, ==, MIG_CHECK_FAIL);
  g_assert_cmpuint (g_hash_table_size (identities), ==, 0);
  existing_world_begin (&world, identities);
  g_assert_false (mig_run_guest_take (world.run_guest, &error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_FAILED);
  mig_run_guest_tell (world.run_guest);
  g_assert_true (mig_run_guest_is_lost (world.run_guest));
  existing_world_clear (&world);
}

/* control: by which URI the source's daemon would drive the guest's migration; NULL: none. */
static char *
control (ExistingWorld *world)
{
  MigMigration *migration = mig_migration_new (world->run, world->run_guest, world->hosts->pdata[1],
                                               1);
  char *uri = g_strdup (migration->peer_uri);

  mig_migration_free (migration);
  return uri;
}

/* A guest that is somebody's goes peer-to-peer where that may be. */
static void
test_control (void)
{
  static const char peer[] = "qemu+tls://b.example/system";
  g_autoptr (GError) error = NULL;
  ExistingWorld world;

  existing_world_init (&world, mine, NULL);
  existing_world_begin (&world, NULL);
  g_assert_true (mig_run_guest_take (world.run_guest, &error));
  g_assert_no_error (error);
  g_autofree char *unnamed = control (&world);
  g_assert_null (unnamed); /* test:///... names no server */

  MigRunHost *to = world.hosts->pdata[1];
  g_free (to->peer_uri);
  to->peer_uri = g_strdup (peer);
  g_autofree char *named = control (&world);
  g_assert_cmpstr (named, ==, peer);
  world.study->direct = TRUE;
  g_autofree char *direct = control (&world);
  g_assert_null (direct);
  world.study->direct = FALSE;

  g_assert_true (mig_run_set_unreachable (world.run, world.hosts->pdata[0], to));
  g_assert_false (mig_run_set_unreachable (world.run, world.hosts->pdata[0], to));
  g_assert_false (mig_run_is_unreachable (world.run, to, world.hosts->pdata[0]));
  g_autofree char *unreachable = control (&world);
  g_assert_null (unreachable);
  world.study->peer_to_peer = TRUE; /* whoever insists gets it */
  g_autofree char *insisted = control (&world);
  g_assert_cmpstr (insisted, ==, peer);
  existing_world_clear (&world);
}

/* A migration that fails, as all do on these hosts, leaves the guest the downtime limit that it
 * had; where that cannot be put back at once, the undo journal does it. */
static void
test_limit (void)
{
  g_autoptr (GError) error = NULL;
  ExistingWorld world;

  existing_world_init (&world, mine, NULL);
  existing_world_begin (&world, NULL);
  world.study->max_downtime_ns = 2 * MIG_NS_PER_MS;
  g_assert_true (mig_run_guest_take (world.run_guest, &error));
  world.run->undo = mig_undo_new (&error);
  g_assert_no_error (error);
  limit_ms = 450;
  MigMigration *migration = mig_migration_new (world.run, world.run_guest, world.hosts->pdata[1],
                                               1);
  mig_migration_start (migration);
  mig_migration_join (migration);
  g_assert_false (mig_migration_is_ok (migration));
  g_assert_cmpuint (limits_set, ==, 2); /* it was another one meanwhile */
  g_assert_cmpuint (limit_ms, ==, 450);
  mig_migration_free (migration);
  g_assert_true (mig_undo_all (world.run->undo, &error));
  g_assert_cmpuint (limits_set, ==, 2); /* nothing is left to do */

  guint id;
  MigGuest *guest = mig_run_guest_handle (world.run_guest, world.hosts->pdata[0]);
  g_assert_true (mig_undo_push_max_downtime (world.run->undo, mig_guest_host (guest), guest,
                                             600 * MIG_NS_PER_MS, &id, &error));
  g_assert_true (mig_undo_all (world.run->undo, &error));
  g_assert_cmpuint (limit_ms, ==, 600);
  g_clear_pointer (&world.run->undo, mig_undo_end);
  existing_world_clear (&world);
}

static guint told;

static void
may_stop (void)
{
  told++;
}

/* begin_direct: in a thread of its own, where it waits while the run is held. */
static gpointer
begin_direct (gpointer data)
{
  MigRun *run = data;

  g_mutex_lock (&run->lock);
  gboolean begun = mig_run_begin_direct (run);
  g_mutex_unlock (&run->lock);
  return GINT_TO_POINTER (begun);
}

static void
end_direct (MigRun *run)
{
  g_mutex_lock (&run->lock);
  mig_run_end_direct (run);
  g_mutex_unlock (&run->lock);
}

/* Ctrl-Z waits for the direct migrations that are under way, and no other begins meanwhile; what is
 * interrupted does not begin any more. */
static void
test_hold (void)
{
  ExistingWorld world;

  told = 0;
  existing_world_init (&world, mine, NULL);
  existing_world_begin (&world, NULL);
  world.run->options.observer.may_stop = may_stop;
  g_assert_true (mig_run_hold (world.run)); /* none is under way */
  mig_run_release (world.run);
  for (guint i = 0; i < 2; i++)
    g_assert_true (GPOINTER_TO_INT (begin_direct (world.run)));
  end_direct (world.run);
  g_assert_false (mig_run_hold (world.run));
  GThread *waiting = g_thread_new ("waits", begin_direct, world.run);
  end_direct (world.run);
  g_assert_cmpuint (told, ==, 1);
  g_assert_true (mig_run_hold (world.run)); /* the other one has not begun */
  mig_run_release (world.run);
  g_assert_true (GPOINTER_TO_INT (g_thread_join (waiting)));
  g_assert_cmpuint (world.run->direct, ==, 1);

  g_assert_false (mig_run_hold (world.run));
  waiting = g_thread_new ("waits", begin_direct, world.run);
  mig_run_cancel (world.run);
  g_assert_false (GPOINTER_TO_INT (g_thread_join (waiting)));
  mig_run_release (world.run);
  end_direct (world.run);
  g_assert_cmpuint (told, ==, 1); /* who was interrupted is not to be stopped any more */
  existing_world_clear (&world);
}

/* What is asked while no run goes on holds for the one to come. */
static void
test_handle (void)
{
  MigRunHandle handle;
  ExistingWorld world;

  existing_world_init (&world, mine, NULL);
  existing_world_begin (&world, NULL);
  mig_run_handle_init (&handle);
  g_assert_true (mig_run_handle_hold (&handle));
  mig_run_handle_set (&handle, world.run);
  g_assert_true (world.run->held);
  mig_run_handle_release (&handle);
  g_assert_false (world.run->held);
  g_assert_true (GPOINTER_TO_INT (begin_direct (world.run)));
  g_assert_false (mig_run_handle_hold (&handle));
  mig_run_handle_set (&handle, NULL);
  g_assert_true (mig_run_handle_hold (&handle)); /* its run is over */
  mig_run_handle_cancel (&handle);
  g_assert_false (world.run->cancelled);
  mig_run_handle_set (&handle, world.run);
  g_assert_true (world.run->cancelled);
  g_assert_true (mig_run_handle_is_cancelled (&handle));
  mig_run_handle_clear (&handle);
  end_direct (world.run);
  existing_world_clear (&world);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_autofree char *state = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  mine = g_uuid_string_random ();
  other = g_uuid_string_random ();
  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (&error));
  g_test_add_func ("/existing/find", test_find);
  g_test_add_func ("/existing/resumed", test_resumed);
  g_test_add_func ("/existing/autostart", test_autostart);
  g_test_add_func ("/existing/twice", test_twice);
  g_test_add_func ("/existing/replaced", test_replaced);
  g_test_add_func ("/existing/in-the-way", test_in_the_way);
  g_test_add_func ("/existing/gone", test_gone);
  g_test_add_func ("/existing/control", test_control);
  g_test_add_func ("/existing/limit", test_limit);
  g_test_add_func ("/existing/hold", test_hold);
  g_test_add_func ("/existing/handle", test_handle);
  int status = g_test_run ();
  mig_loop_stop ();
  mig_files_remove_tree (state, NULL);
  g_free (mine);
  g_free (other);
  return status;
}
