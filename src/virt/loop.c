/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "virt/internal.h"
#include "virt/loop.h"

static GThread *thread;
static gint stopping;

/* libvirt prints every error to standard error unless told otherwise; here each becomes a GError */
static void
discard_error (void *data, virErrorPtr error)
{
}

static gpointer
run_loop (gpointer data)
{
  while (!g_atomic_int_get (&stopping))
    virEventRunDefaultImpl ();
  return NULL;
}

gboolean
mig_loop_start (GError **error)
{
  if (thread)
    return TRUE;
  if (virInitialize () < 0 || virEventRegisterDefaultImpl () < 0)
    {
      mig_virt_error (error, "cannot start libvirt's event loop");
      return FALSE;
    }
  virSetErrorFunc (NULL, discard_error);
  g_atomic_int_set (&stopping, 0);
  thread = g_thread_new ("events", run_loop, NULL);
  return TRUE;
}

static void
wake_up (int timer, void *data)
{
}

void
mig_loop_stop (void)
{
  if (!thread)
    return;
  g_atomic_int_set (&stopping, 1);
  int timer = virEventAddTimeout (0, wake_up, NULL, NULL);
  g_thread_join (thread);
  thread = NULL;
  if (timer >= 0)
    virEventRemoveTimeout (timer);
}
