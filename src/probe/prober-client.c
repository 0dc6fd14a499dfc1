/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.h"
#include "base/units.h"
#include "probe/probe-echo.h"
#include "probe/prober-client.h"
#include "probe/prober.h"

/* a prober that has nothing to say for so long is gone */
#define PATIENCE_S 60
/* of the thread: ahead of what else runs here */
#define NICENESS (-10)

struct _MigProberClient {
  int fd; /* -1: it has ended */
  FILE *answers;
  GThread *thread; /* NULL: it is a lab's */
};

static void
hang_up (MigProberClient *client)
{
  if (client->answers)
    fclose (client->answers);
  else if (client->fd >= 0)
    close (client->fd);
  client->answers = NULL;
  client->fd = -1;
  if (client->thread)
    g_thread_join (client->thread);
  client->thread = NULL;
}

void
mig_prober_client_free (MigProberClient *client)
{
  if (!client)
    return;
  hang_up (client);
  g_free (client);
}

/* client_new: fd is taken. */
static MigProberClient *
client_new (int fd)
{
  struct timeval patience = { .tv_sec = PATIENCE_S };
  MigProberClient *client = g_new0 (MigProberClient, 1);

  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  client->fd = fd;
  client->answers = fdopen (fd, "r");
  return client;
}

MigProberClient *
mig_prober_client_connect (const char *path, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd >= 0 &&
      g_strlcpy (address.sun_path, path, sizeof address.sun_path) < sizeof address.sun_path &&
      connect (fd, (struct sockaddr *) &address, sizeof address) == 0)
    return client_new (fd);
  mig_error_set_errno (error, errno, "the lab's prober does not answer");
  if (fd >= 0)
    close (fd);
  return NULL;
}

static gpointer
serve (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);

  /* where it is allowed */
  (void) !setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), NICENESS);
  int announcements = mig_announcements_open ();
  mig_prober_serve (fd, announcements);
  if (announcements >= 0)
    close (announcements);
  close (fd);
  return NULL;
}

MigProberClient *
mig_prober_client_start (GError **error)
{
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    {
      mig_error_set_errno (error, errno, "cannot start a prober");
      return NULL;
    }
  MigProberClient *client = client_new (ends[0]);
  client->thread = g_thread_new ("prober", serve, GINT_TO_POINTER (ends[1]));
  return client;
}

gboolean
mig_prober_may_ask (const MigProbeSpec *spec, GError **error)
{
  MigProbeAddress nobody;
  MigProbeEcho echo = { 0 };

  if (spec->method != MIG_PROBE_BY_ICMP)
    return TRUE;
  mig_probe_address_parse (strchr (spec->address, ':') ? "::1" : "127.0.0.1", 0, &nobody);
  mig_probe_echo_init (&echo);
  gboolean ok = mig_probe_echo_open (&echo, MIG_PROBE_ICMP, 0, spec->period_ns, &nobody);
  if (!ok)
    mig_error_set_errno (error, errno,
                         "cannot send ICMP echo to %s; allow it to this group by "
                         "'sysctl net.ipv4.ping_group_range', or probe it by tcp:PORT",
                         spec->address);
  mig_probe_echo_clear (&echo);
  return ok;
}

static gboolean G_GNUC_PRINTF (2, 3) say (const MigProberClient *client, const char *format, ...)
{
  va_list args;

  if (client->fd < 0)
    return FALSE;
  va_start (args, format);
  g_autofree char *line = g_strdup_vprintf (format, args);
  va_end (args);
  gsize size = strlen (line);
  return send (client->fd, line, size, MSG_NOSIGNAL) == (gssize) size;
}

gboolean
mig_prober_client_add (MigProberClient *client, const char *spec, gint64 period_ns)
{
  return say (client, "guest %s %" G_GINT64_FORMAT "\n", spec, period_ns);
}

gboolean
mig_prober_client_streams (MigProberClient *client, guint guest)
{
  return say (client, "streams %u\n", guest);
}

gboolean
mig_prober_client_go (MigProberClient *client)
{
  return say (client, "go\n");
}

gboolean
mig_prober_client_load (MigProberClient *client, guint guest, const char *program, guint clients,
                        guint rate, const char *spec)
{
  return say (client, "load %u %s %u %u %s\n", guest, program, clients, rate, spec);
}

gboolean
mig_prober_client_forget (MigProberClient *client, gint64 before_ns)
{
  return say (client, "forget %" G_GINT64_FORMAT "\n", MAX (before_ns, 0));
}

/* read_line: the next one, without its end. A signal ends a wait that has a limit, as this one's,
 * and is no end of the prober. */
static gboolean
read_line (const MigProberClient *client, GString *line)
{
  int c;

  g_string_truncate (line, 0);
  while ((c = getc_unlocked (client->answers)) != '\n')
    if (c != EOF)
      g_string_append_c (line, (char) c);
    else if (ferror (client->answers) && errno == EINTR)
      clearerr (client->answers);
    else
      return FALSE;
  return TRUE;
}

/* ask: what is answered by a line. */
static gboolean
ask (MigProberClient *client, const char *question, GString *line)
{
  if (say (client, "%s", question) && read_line (client, line))
    return TRUE;
  hang_up (client);
  return FALSE;
}

gboolean
mig_prober_client_heard (MigProberClient *client, gint64 *heard_ns)
{
  g_autoptr (GString) line = g_string_new (NULL);

  *heard_ns = MIG_MISSING_INT;
  if (!ask (client, "heard\n", line))
    return FALSE;
  g_ascii_string_to_signed (line->str, 10, 0, G_MAXINT64, heard_ns, NULL);
  return TRUE;
}

gboolean
mig_prober_client_unheard (MigProberClient *client, GArray *unheard)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_array_set_size (unheard, 0);
  if (!ask (client, "unheard\n", line))
    return FALSE;
  g_auto (GStrv) words = g_strsplit (line->str, " ", -1);
  for (guint i = 0; words[i]; i++)
    {
      guint64 number;
      if (!g_ascii_string_to_unsigned (words[i], 10, 0, MIG_PROBE_MAX_GUESTS - 1, &number, NULL))
        continue; /* "-" */
      guint guest = (guint) number;
      g_array_append_val (unheard, guest);
    }
  return TRUE;
}

/* ---- what it tells ---- */

void
mig_prober_told_init (MigProberTold *told)
{
  told->probes = g_array_new (FALSE, FALSE, sizeof (MigProbe));
  told->limited = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  told->announcements = g_array_new (FALSE, FALSE, sizeof (MigAnnouncement));
  told->requests = g_array_new (FALSE, FALSE, sizeof (MigRequest));
  told->cpu_ns = MIG_MISSING_INT;
}

void
mig_prober_told_clear (MigProberTold *told)
{
  g_clear_pointer (&told->probes, g_array_unref);
  g_clear_pointer (&told->limited, g_hash_table_unref);
  g_clear_pointer (&told->announcements, g_array_unref);
  g_clear_pointer (&told->requests, g_array_unref);
}

static void
read_limited (MigProberTold *told, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 4);
  guint64 guest;

  if (g_strv_length (words) == 3 &&
      g_ascii_string_to_unsigned (words[0], 10, 0, G_MAXUINT, &guest, NULL))
    g_hash_table_replace (told->limited, GUINT_TO_POINTER ((guint) guest),
                          g_strdup_printf ("%s of %s", words[1], words[2]));
}

/* take_line: TRUE: it is the last one. */
static gboolean
take_line (MigProberTold *told, const char *line)
{
  MigAnnouncement announcement;
  MigRequest request;
  MigProbe probe;

  if (mig_probe_parse (line, &probe))
    g_array_append_val (told->probes, probe);
  else if (mig_announcement_parse (line, &announcement))
    g_array_append_val (told->announcements, announcement);
  else if (mig_request_parse (line, &request))
    g_array_append_val (told->requests, request);
  else if (g_str_has_prefix (line, MIG_PROBER_LIMITED))
    read_limited (told, line + strlen (MIG_PROBER_LIMITED));
  return g_str_has_prefix (line, MIG_PROBER_DONE) &&
         g_ascii_string_to_signed (line + strlen (MIG_PROBER_DONE), 10, 0, G_MAXINT64,
                                   &told->cpu_ns, NULL);
}

static gboolean
read_told (MigProberClient *client, MigProberTold *told)
{
  g_autoptr (GString) line = g_string_new (NULL);
  gboolean done = FALSE;

  g_array_set_size (told->probes, 0);
  g_hash_table_remove_all (told->limited);
  g_array_set_size (told->announcements, 0);
  g_array_set_size (told->requests, 0);
  while (!done && read_line (client, line))
    done = take_line (told, line->str);
  return done;
}

gboolean
mig_prober_client_tell (MigProberClient *client, MigProberTold *told)
{
  if (say (client, "tell\n") && read_told (client, told))
    return TRUE;
  hang_up (client);
  return FALSE;
}

gboolean
mig_prober_client_end (MigProberClient *client, MigProberTold *told)
{
  gboolean ok = say (client, "end\n") && read_told (client, told);

  hang_up (client);
  return ok;
}
