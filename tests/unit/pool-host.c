/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/virterror.h>
#include <string.h>

#include "base/files.h"
#include "tests/unit/pool-host.h"
#include "virt/loop.h"

static char *top;
static virConnectPtr connection;

static void
be_quiet (void *user, virErrorPtr error)
{
}

void
pool_host_start (void)
{
  g_autoptr (GError) error = NULL;

  top = g_dir_make_tmp ("migcost-test-XXXXXX", NULL);
  g_setenv ("XDG_STATE_HOME", top, TRUE);
  g_assert_true (mig_loop_start (&error));
  virSetErrorFunc (NULL, be_quiet);
  connection = virConnectOpen (POOL_HOST_URI);
  g_assert_nonnull (connection);
}

void
pool_host_end (void)
{
  virConnectClose (connection);
  mig_loop_stop ();
  mig_files_remove_tree (top, NULL);
  g_free (top);
}

virConnectPtr
pool_host_connection (void)
{
  return connection;
}

MigHost *
pool_host_open (void)
{
  g_autoptr (GError) error = NULL;
  MigHost *host = mig_host_open ("h", POOL_HOST_URI, &error);
  g_assert_no_error (error);
  return host;
}

void
pool_host_put (const char *name)
{
  virStoragePoolPtr pool = virStoragePoolLookupByName (connection, POOL);
  g_autofree char *xml = g_strdup_printf ("<volume><name>%s</name><capacity>%u</capacity></volume>",
                                          name, (guint) strlen (DATA));
  virStorageVolPtr volume = virStorageVolCreateXML (pool, xml, 0);

  g_assert_nonnull (volume);
  virStorageVolFree (volume);
  virStoragePoolFree (pool);
}
