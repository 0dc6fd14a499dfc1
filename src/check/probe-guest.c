/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "base/units.h"
#include "check/probe-guest.h"
#include "hosts/guest-machine.h"
#include "virt/console.h"
#include "virt/template.h"
#include "workloads/line-reader.h"
#include "workloads/protocol.h"

#define MEMORY_BYTES (96 * MIG_MIB)
/* an emulated host boots it in less than 20 s */
#define PATIENCE_NS (120 * MIG_NS_PER_S)

typedef struct {
  GMutex lock;
  GCond changed;
  MigLineReader lines;
  gboolean ready, ended;
} Listener;

/* In the event loop's thread. */
static void
on_console (const char *data, gsize size, gint64 arrival_ns, const char *reason, gpointer user)
{
  Listener *listener = user;
  MigLine line;

  g_mutex_lock (&listener->lock);
  listener->ended |= size == 0;
  while (size > 0 && mig_line_reader_next (&listener->lines, &data, &size))
    {
      mig_protocol_parse (listener->lines.text, listener->lines.length, &line);
      listener->ready |= line.kind == MIG_LINE_READY || line.kind == MIG_LINE_HEARTBEAT;
      listener->ended |= line.kind == MIG_LINE_FATAL;
    }
  g_cond_broadcast (&listener->changed);
  g_mutex_unlock (&listener->lock);
}

static gboolean
wait_ready (Listener *listener)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_NS / MIG_NS_PER_US;

  g_mutex_lock (&listener->lock);
  while (!listener->ready && !listener->ended &&
         g_cond_wait_until (&listener->changed, &listener->lock, end))
    ;
  gboolean ready = listener->ready;
  g_mutex_unlock (&listener->lock);
  return ready;
}

/* boot: the console is opened before the first instruction, so that READY is not missed. */
static gboolean
boot (MigGuest *guest, GError **error)
{
  Listener listener = { .ready = FALSE };

  g_mutex_init (&listener.lock);
  g_cond_init (&listener.changed);
  MigConsole *console = mig_console_open (guest, on_console, &listener, error);
  gboolean ok = console && mig_guest_resume (guest, error);
  if (ok && !wait_ready (&listener))
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_TIMEOUT,
                   "probe guest '%s' was not ready within %d s; check that its kernel and "
                   "initramfs boot on this host",
                   mig_guest_name (guest), (int) (PATIENCE_NS / MIG_NS_PER_S));
      ok = FALSE;
    }
  if (console)
    mig_console_close (console);
  g_cond_clear (&listener.changed);
  g_mutex_clear (&listener.lock);
  return ok;
}

/* Of a paravirtual guest Xen saves what its kernel has set up ("Bad mfn 0 for p2m frame list list"
 * before that), and it stops it by asking its kernel. */
static gboolean
must_have_booted (const MigRunHost *host)
{
  return g_strcmp0 (mig_host_info (host->host)->driver, "Xen") == 0;
}

char *
mig_probe_guest_name (const char *uuid)
{
  /* those of a study are "migcost-" and a name, which begins with a letter */
  return g_strdup_printf ("migcost_probe-%.8s", uuid);
}

MigGuest *
mig_probe_guest_start (const MigRunHost *host, const char *template_file, const char *uuid,
                       gboolean wants_running, gboolean diskless, GError **error)
{
  g_autofree char *name = mig_probe_guest_name (uuid);
  MigTemplateValues values = { .name = name,
                               .uuid = uuid,
                               .owner = "probe",
                               .memory_bytes = MEMORY_BYTES,
                               .diskless = diskless,
                               .kernel = host->kernel,
                               .initrd = host->initrd,
                               .arguments = "idle",
                               .emulator = host->emulator,
                               .machine = mig_guest_common_machine (host, template_file),
                               .cpu = template_file ? NULL : host->baseline_cpu };
  g_autofree char *xml = mig_template_fill (template_file ? template_file : host->template_file,
                                            &values, error);
  g_autoptr (MigGuest) guest = xml ? mig_guest_start (host->host, xml, error) : NULL;

  if (!guest)
    return NULL;
  gboolean ok = must_have_booted (host) ? boot (guest, error)
                                        : !wants_running || mig_guest_resume (guest, error);
  return ok ? g_steal_pointer (&guest) : NULL;
}
