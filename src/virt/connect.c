/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/units.h"
#include "virt/internal.h"

/* A daemon that hangs takes a connection and never answers, and until a connection is open libvirt
 * does not look whether it does: so long it is waited for, and long enough to type a password. */
#define PATIENCE_NS (30 * MIG_NS_PER_S)

/* a lost connection is noticed after interval x count seconds */
#define KEEPALIVE_INTERVAL_S 5
#define KEEPALIVE_COUNT 5

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
  virConnectPtr connection = opening->read_only ? virConnectOpenReadOnly (opening->uri)
                                                : virConnectOpen (opening->uri);

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

virConnectPtr
mig_host_connect (const MigHost *host, GError **error)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->references = 2;
  g_mutex_init (&opening->lock);
  g_cond_init (&opening->done);
  opening->name = g_strdup (host->name);
  opening->uri = g_strdup (host->uri);
  opening->read_only = host->read_only;
  g_thread_unref (g_thread_new ("connect", run_opening, opening));
  gboolean done = wait_for (opening);
  virConnectPtr connection = done ? g_steal_pointer (&opening->connection) : NULL;
  if (!done)
    g_set_error (error, MIG_ERROR, MIG_ERROR_TIMEOUT,
                 "cannot connect to host '%s' (%s): it did not answer within %d s; see whether it "
                 "can be reached, and whether its libvirt daemon hangs",
                 host->name, host->uri, (int) (PATIENCE_NS / MIG_NS_PER_S));
  else if (!connection)
    g_propagate_error (error, g_steal_pointer (&opening->problem));
  /* not every transport has keepalive (a local socket of an old daemon): then it goes without */
  if (connection)
    virConnectSetKeepAlive (connection, KEEPALIVE_INTERVAL_S, KEEPALIVE_COUNT);
  opening_unref (opening);
  return connection;
}
