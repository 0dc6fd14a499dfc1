/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "measure/probe-selection.h"
#include "measure/probing.h"
#include "workloads/protocol.h"

/* a prober that has nothing to say for so long is gone */
#define PATIENCE_S 60

struct _MigProbing {
  MigRun *run;
  GPtrArray *guests; /* MigRunGuest, as the prober counts them */
  GArray *probes;    /* MigProbe, once it has ended */
  int fd;            /* to the prober; -1: it has ended */
  FILE *answers;
};

static int
open_prober (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  struct timeval patience = { .tv_sec = PATIENCE_S };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd >= 0 &&
      (g_strlcpy (address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path ||
       setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0 ||
       connect (fd, (struct sockaddr *) &address, sizeof address) < 0))
    {
      close (fd);
      fd = -1;
    }
  return fd;
}

static gboolean
say (const MigProbing *probing, const char *line)
{
  gsize size = strlen (line);

  return send (probing->fd, line, size, MSG_NOSIGNAL) == (gssize) size;
}

static gboolean
ask_guests (const MigProbing *probing)
{
  gboolean ok = TRUE;

  for (guint i = 0; i < probing->guests->len && ok; i++)
    {
      g_autofree char *address = mig_run_guest_address (probing->guests->pdata[i]);
      g_autofree char *line = g_strdup_printf ("guest %s %d\n", address, MIG_PROTOCOL_ECHO_PORT);
      ok = say (probing, line);
    }
  return ok && say (probing, "go\n");
}

MigProbing *
mig_probing_start (MigRun *run, const GPtrArray *guests)
{
  g_autoptr (GPtrArray) probed = g_ptr_array_new ();

  for (guint i = 0; i < guests->len; i++)
    if (mig_run_guest_has_network (guests->pdata[i]))
      g_ptr_array_add (probed, guests->pdata[i]);
  if (probed->len == 0)
    return NULL;

  g_autoptr (MigProbing) probing = g_new0 (MigProbing, 1);
  probing->run = run;
  probing->guests = g_steal_pointer (&probed);
  probing->probes = g_array_new (FALSE, FALSE, sizeof (MigProbe));
  probing->fd = open_prober (run->options.prober);
  probing->answers = probing->fd >= 0 ? fdopen (probing->fd, "r") : NULL;
  if (probing->answers && ask_guests (probing))
    return g_steal_pointer (&probing);
  mig_warning ("the lab's prober does not answer (%s): what clients notice is not measured",
               g_strerror (errno));
  return NULL;
}

/* hang_up: the prober is done, or does not answer any more. */
static void
hang_up (MigProbing *probing)
{
  if (probing->answers)
    fclose (probing->answers);
  else if (probing->fd >= 0)
    close (probing->fd);
  probing->answers = NULL;
  probing->fd = -1;
}

gboolean
mig_probing_has_heard (MigProbing *probing, gint64 since_ns)
{
  g_autofree char *line = NULL;
  size_t size = 0;
  gint64 heard_ns;

  if (!probing || probing->fd < 0)
    return TRUE;
  if (!say (probing, "heard\n") || getline (&line, &size, probing->answers) <= 0)
    {
      mig_warning ("the lab's prober has ended: what clients notice is not measured");
      hang_up (probing);
      return TRUE;
    }
  g_strchomp (line);
  return !g_ascii_string_to_signed (line, 10, 0, G_MAXINT64, &heard_ns, NULL) ||
         heard_ns > since_ns;
}

/* warn_of_silence: a guest that has never answered has no network. */
static void
warn_of_silence (const MigProbing *probing)
{
  for (guint g = 0; g < probing->guests->len; g++)
    {
      gboolean answered = FALSE;
      for (guint i = 0; i < probing->probes->len && !answered; i++)
        {
          const MigProbe *probe = &g_array_index (probing->probes, MigProbe, i);
          answered = probe->guest == g && !MIG_IS_MISSING (probe->answered_ns);
        }
      if (!answered)
        mig_warning ("guest '%s' does not answer on its network: its console log in the result "
                     "directory says why",
                     mig_run_guest_name (probing->guests->pdata[g]));
    }
}

void
mig_probing_end (MigProbing *probing)
{
  g_autofree char *line = NULL;
  size_t size = 0;
  gboolean done = FALSE;
  MigProbe probe;

  if (!probing || probing->fd < 0)
    return;
  if (say (probing, "end\n"))
    while (!done && getline (&line, &size, probing->answers) > 0)
      {
        g_strchomp (line);
        done = strcmp (line, "done") == 0;
        if (!done && mig_probe_parse (line, &probe) && probe.guest < probing->guests->len)
          g_array_append_val (probing->probes, probe);
      }
  hang_up (probing);
  if (done)
    warn_of_silence (probing);
  else
    mig_warning ("the lab's prober has ended: what clients notice is not measured");
}

static void
append_probe (const MigProbing *probing, const MigProbe *probe)
{
  static const char *const kinds[MIG_N_PROBE_KINDS] = {
    [MIG_PROBE_UDP] = MIG_PROBE_OF_PACKETS,
    [MIG_PROBE_TCP] = MIG_PROBE_OF_CONNECTIONS,
    [MIG_PROBE_ICMP] = MIG_PROBE_OF_PINGS,
    [MIG_PROBE_CONNECT] = MIG_PROBE_OF_CONNECTS,
  };
  const MigProbeRecord record = {
    .run = probing->run->number,
    .guest = (char *) mig_run_guest_name (probing->guests->pdata[probe->guest]),
    .probe = (char *) kinds[probe->kind],
    .connection = probe->kind == MIG_PROBE_TCP ? (gint64) probe->connection + 1 : MIG_MISSING_INT,
    .sequence = probe->sequence,
    .due_ns = probe->due_ns,
    .sent_ns = probe->sent_ns,
    .answered_ns = probe->answered_ns,
    .covers_ns = probe->covers_ns,
  };

  mig_run_append (probing->run, MIG_TABLE_PROBES, &record);
}

void
mig_probing_write (const MigProbing *probing, const GPtrArray *migrations)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint cut = 0;

  if (!probing)
    return;
  for (guint i = 0; i < probing->guests->len; i++)
    g_ptr_array_add (names, (gpointer) mig_run_guest_name (probing->guests->pdata[i]));
  g_autoptr (GArray) kept = mig_probes_select (probing->probes, names, migrations, &cut);
  for (guint i = 0; i < kept->len; i++)
    if (g_array_index (kept, gboolean, i))
      append_probe (probing, &g_array_index (probing->probes, MigProbe, i));
  if (cut > 0)
    mig_warning ("clients waited for answers so often that %u of their probes are not stored: what "
                 "they noticed lasted longer than the report says",
                 cut);
}

void
mig_probing_free (MigProbing *probing)
{
  if (!probing)
    return;
  hang_up (probing);
  g_ptr_array_unref (probing->guests);
  g_array_unref (probing->probes);
  g_free (probing);
}
