/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/libvirt.h>
#include <string.h>

#include "base/files.h"
#include "base/log.h"
#include "measure/left-definitions.h"
#include "tests/unit/existing-world.h"
#include "tests/unit/one-domain-host.h"
#include "virt/definition.h"
#include "virt/internal.h"
#include "virt/loop.h"
#include "virt/migrate.h"

/* What hosts keep of a guest that has left them, on hosts that libvirt makes up for tests. */

#define UUID "5a3ac0de-0000-4000-8000-00000000de11"
#define UEFI                                                                                       \
  "<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE.fd</loader>"                     \
  "<nvram>/var/lib/libvirt/qemu/nvram/web_VARS.fd</nvram>"

static char *top;

static MigHost *
open_host (const char *name, const char *uri)
{
  g_autoptr (GError) error = NULL;
  MigHost *host = mig_host_open (name, uri, &error);

  g_assert_no_error (error);
  return host;
}

/* host_with: one that has it in that state; os: as of one_domain_host(). */
static MigHost *
host_with (const char *name, int state, const char *os)
{
  g_autofree char *uri = one_domain_host (top, name, UUID, state, os);

  return open_host (name, uri);
}

static GPtrArray *
left_by (MigHost *const *hosts, gboolean autostart, guint n, MigHost *on)
{
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (MigLeftHost));

  for (guint i = 0; i < n; i++)
    {
      const MigLeftHost one = { hosts[i], autostart };
      g_array_append_val (left, one);
    }
  return mig_definitions_left (left, on, UUID);
}

static const char *
command_of (const GPtrArray *found, guint index)
{
  return ((const MigLeftDefinition *) found->pdata[index])->command;
}

static void
set_autostart (MigHost *host)
{
  g_autoptr (virDomain) domain = virDomainLookupByUUIDString (host->connection, UUID);

  g_assert_cmpint (virDomainSetAutostart (domain, 1), ==, 0);
}

/* A guest that was on 'a' and on 'b', which both started it by themselves: that the one where it is
 * does not is told once, whatever they still have of it, their autostart too. */
static void
test_told_once (void)
{
  for (guint kept = 0; kept < 3; kept++) /* 2: and they still start it */
    {
      MigHost *a = kept ? host_with ("a", VIR_DOMAIN_SHUTOFF, NULL)
                        : open_host ("a", "test:///default");
      MigHost *b = kept ? host_with ("b", VIR_DOMAIN_SHUTOFF, NULL)
                        : open_host ("b", "test:///default");
      MigHost *on = host_with ("c", VIR_DOMAIN_RUNNING, NULL);
      MigHost *const hosts[] = { a, b, a, on }; /* back on 'a' between, and here before */
      if (kept == 2)
        {
          set_autostart (a);
          set_autostart (b);
        }
      g_autoptr (GPtrArray) found = left_by (hosts, TRUE, G_N_ELEMENTS (hosts), on);

      g_assert_cmpuint (found->len, ==, kept ? 2 : 1);
      g_assert_nonnull (strstr (command_of (found, 0), " autostart " UUID));
      if (kept)
        g_assert_null (strstr (command_of (found, 1), " autostart " UUID));
      for (guint i = 0; i < found->len; i++)
        g_assert_cmpint (strstr (command_of (found, i), "autostart --disable") != NULL, ==,
                         kept == 2);
      mig_host_free (a);
      mig_host_free (b);
      mig_host_free (on);
    }
}

/* The first host left without an autostart hides none of a later one. */
static void
test_later_autostart (void)
{
  MigHost *a = host_with ("a", VIR_DOMAIN_SHUTOFF, NULL), *b = open_host ("b", "test:///default"),
          *on = host_with ("c", VIR_DOMAIN_RUNNING, NULL);
  const MigLeftHost both[] = { { a, FALSE }, { b, TRUE } };
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (MigLeftHost));

  g_array_append_vals (left, both, G_N_ELEMENTS (both));
  g_autoptr (GPtrArray) found = mig_definitions_left (left, on, UUID);
  g_assert_cmpuint (found->len, ==, 2);
  g_assert_null (strstr (command_of (found, 0), "autostart"));
  g_assert_nonnull (strstr (command_of (found, 1), " autostart " UUID));
  mig_host_free (a);
  mig_host_free (b);
  mig_host_free (on);
}

/* libvirt does not undefine a guest with UEFI unless it is told what becomes of its variables,
 * which the guest may have open where it is now. */
static void
test_nvram (void)
{
  for (guint uefi = 0; uefi < 2; uefi++)
    {
      MigHost *left = host_with ("a", VIR_DOMAIN_SHUTOFF, uefi ? UEFI : NULL);
      MigHost *on = host_with ("c", VIR_DOMAIN_RUNNING, uefi ? UEFI : NULL);
      g_autoptr (GPtrArray) found = left_by (&left, FALSE, 1, on);

      g_assert_cmpuint (found->len, ==, 1);
      g_assert_true (g_str_has_suffix (command_of (found, 0),
                                       uefi ? " undefine --keep-nvram " UUID : " undefine " UUID));
      mig_host_free (left);
      mig_host_free (on);
    }
}

/* ---- at the end of a run ---- */

static void
keep_warning (MigLogLevel level, const char *message, gpointer data)
{
  if (level == MIG_LOG_WARNING)
    g_ptr_array_add (data, g_strdup (message));
}

/* tell: what a run says at its end. */
static GPtrArray *
tell (MigRun *run)
{
  GPtrArray *told = g_ptr_array_new_with_free_func (g_free);
  guint sink = mig_log_add_sink (keep_warning, told);

  mig_run_tell_definitions (run);
  mig_log_remove_sink (sink);
  return told;
}

/* begin: the guest runs on 'b', and 'a' has a definition of it. */
static void
begin (ExistingWorld *world)
{
  g_autoptr (GError) error = NULL;

  existing_world_init (world, UUID, UUID);
  MigHost *a = ((MigRunHost *) world->hosts->pdata[0])->host;
  g_autoptr (MigGuest) there = mig_guest_lookup_uuid (a, UUID, &error);
  g_assert_no_error (error);
  g_assert_true (mig_guest_destroy (there, &error));
  existing_world_begin (world, NULL);
  g_assert_true (mig_run_guest_take (world->run_guest, &error));
  g_assert_no_error (error);
}

/* What a host has that the guest did not leave is somebody's own affair. */
static void
test_left_alone (void)
{
  ExistingWorld world;

  for (guint moved = 0; moved < 2; moved++)
    {
      begin (&world);
      const MigRunHost *a = world.hosts->pdata[0], *b = world.hosts->pdata[1];
      g_mutex_lock (&world.run->lock);
      mig_run_guest_set_where (world.run_guest, b); /* where it is */
      if (moved)
        {
          mig_run_guest_set_where (world.run_guest, a);
          mig_run_guest_set_where (world.run_guest, NULL); /* lost sight of: left no host */
          mig_run_guest_set_where (world.run_guest, b);
        }
      g_assert_cmpint (mig_run_was_left (world.run, a, "vm"), ==, moved);
      g_assert_cmpint (mig_run_was_left (world.run, b, "vm"), ==, moved);
      g_mutex_unlock (&world.run->lock);
      g_autoptr (GPtrArray) told = tell (world.run);
      g_assert_cmpuint (told->len, ==, moved);
      if (moved)
        g_assert_true (g_str_has_prefix (told->pdata[0],
                                         "guest 'vm' is still defined on a, which it left; to"));
      existing_world_clear (&world);
    }
}

/* A migration that arrives leaves the host that it came from. */
static void
test_moved (void)
{
  ExistingWorld world;

  begin (&world);
  MigRunHost *a = world.hosts->pdata[0], *b = world.hosts->pdata[1];
  g_mutex_lock (&world.run->lock);
  mig_run_guest_moved (world.run_guest, a, mig_guest_lookup_uuid (a->host, UUID, NULL), 1);
  g_assert_true (mig_run_was_left (world.run, b, "vm"));
  g_assert_false (mig_run_was_left (world.run, a, "vm"));
  g_mutex_unlock (&world.run->lock);
  existing_world_clear (&world);
}

int
main (int argc, char **argv)
{
  top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (NULL));
  g_test_add_func ("/definitions/told-once", test_told_once);
  g_test_add_func ("/definitions/later-autostart", test_later_autostart);
  g_test_add_func ("/definitions/nvram", test_nvram);
  g_test_add_func ("/definitions/left-alone", test_left_alone);
  g_test_add_func ("/definitions/moved", test_moved);
  int status = g_test_run ();
  mig_loop_stop ();
  mig_files_remove_tree (top, NULL);
  g_free (top);
  return status;
}
