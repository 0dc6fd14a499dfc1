/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/units.h"
#include "virt/internal.h"
#include "virt/ssh-transport.h"

/* A daemon that hangs takes a connection and never answers, and until a connection is open libvirt
 * does not look whether it does: so long it is waited for, and long enough to type a password. */
#define PATIENCE_NS (30 * MIG_NS_PER_S)

/* a lost connection is noticed after interval x count seconds */
#define KEEPALIVE_INTERVAL_S 5
#define KEEPALIVE_COUNT 5

/* Who did not answer is not waited for again so soon: what is taken back asks a host many times. */
#define PAUSE_NS (20 * MIG_NS_PER_S)

static GMutex silent_lock;
static GHashTable *silent; /* uri -> gint64: since when it has not answered */

/* set_silent: at_ns: 0: it answers. */
static void
set_silent (const char *uri, gint64 at_ns)
{
  g_mutex_lock (&silent_lock);
  if (!silent)
    silent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (at_ns)
    g_hash_table_replace (silent, g_strdup (uri), g_memdup2 (&at_ns, sizeof at_ns));
  else
    g_hash_table_remove (silent, uri);
  g_mutex_unlock (&silent_lock);
}

static gboolean
is_silent (const char *uri)
{
  g_mutex_lock (&silent_lock);
  const gint64 *at_ns = silent ? g_hash_table_lookup (silent, uri) : NULL;
  gboolean recently = at_ns && mig_clock_now () < *at_ns + PAUSE_NS;
  g_mutex_unlock (&silent_lock);
  return recently;
}

typedef struct {
  gint references; /* who waits, and the thread */
  GMutex lock;
  GCond done;
  char *name, *uri;
  gboolean read_only, is_done;
  virConnectPtr connection;
  GError *problem;
} Opening;

static void
opening_unref (Opening *opening)
{
  if (!g_atomic_int_dec_and_test (&opening->references))
    return;
  if (opening->connection) /* nobody waits for it any more */
    virConnectClose (opening->connection);
  g_clear_error (&opening->problem);
  g_cond_clear (&opening->done);
  g_mutex_clear (&opening->lock);
  g_free (opening->name);
  g_free (opening->uri);
  g_free (opening);
}

static gpointer
run_opening (gpointer data)
{
  Opening *opening = data;
  g_autofree char *helper = mig_files_find_program ("migcost-ssh");
  g_autofree char *uri = mig_ssh_transport_uri (opening->uri, helper);
  virConnectPtr connection = opening->read_only ? virConnectOpenReadOnly (uri)
                                                : virConnectOpen (uri);

  set_silent (opening->uri, 0);
  g_mutex_lock (&opening->lock);
  opening->connection = connection;
  if (!connection)
    mig_virt_error (&opening->problem, "cannot connect to host '%s' (%s)", opening->name,
                    opening->uri);
  opening->is_done = TRUE;
  g_cond_signal (&opening->done);
  g_mutex_unlock (&opening->lock);
  opening_unref (opening);
  return NULL;
}

/* wait_for: FALSE: it does not answer. */
static gboolean
wait_for (Opening *opening)
{
  gint64 deadline_ns = mig_clock_now () + PATIENCE_NS;

  g_mutex_lock (&opening->lock);
  while (!opening->is_done && mig_clock_now () < deadline_ns)
    g_cond_wait_until (&opening->done, &opening->lock, deadline_ns / MIG_NS_PER_US + 1);
  gboolean done = opening->is_done;
  g_mutex_unlock (&opening->lock);
  return done;
}

static void
set_silence_error (GError **error, const MigHost *host)
{
  g_set_error (error, MIG_ERROR, MIG_ERROR_TIMEOUT,
               "cannot connect to host '%s' (%s): it did not answer within %d s; see whether it "
               "can be reached, and whether its libvirt daemon hangs",
               host->name, host->uri, (int) (PATIENCE_NS / MIG_NS_PER_S));
}

static Opening *
opening_start (const MigHost *host)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->references = 2;
  g_mutex_init (&opening->lock);
  g_cond_init (&opening->done);
  opening->name = g_strdup (host->name);
  opening->uri = g_strdup (host->uri);
  opening->read_only = host->read_only;
  g_thread_unref (g_thread_new ("connect", run_opening, opening));
  return opening;
}

virConnectPtr
mig_host_connect (const MigHost *host, GError **error)
{
  if (is_silent (host->uri))
    {
      set_silence_error (error, host);
      return NULL;
    }
  Opening *opening = opening_start (host);
  gboolean done = wait_for (opening);
  virConnectPtr connection = done ? g_steal_pointer (&opening->connection) : NULL;
  if (!done)
    {
      set_silent (host->uri, mig_clock_now ());
      set_silence_error (error, host);
    }
  else if (!connection)
    g_propagate_error (error, g_steal_pointer (&opening->problem));
  /* not every transport has keepalive (a local socket of an old daemon): then it goes without */
  if (connection)
    virConnectSetKeepAlive (connection, KEEPALIVE_INTERVAL_S, KEEPALIVE_COUNT);
  opening_unref (opening);
  return connection;
}
