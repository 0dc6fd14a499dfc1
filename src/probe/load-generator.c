/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "probe/load-generator.h"
#include "probe/load-relay.h"
#include "probe/probe-spec.h"
#include "probe/probe.h"
#include "probe/request.h"

#define MAX_CLIENTS 64
#define MAX_RATE 1000
#define MAX_OUTPUT (64 * 1024 * 1024)
#define READ_BYTES 65536

struct _MigLoadGenerator {
  guint guest;
  GPid pid;            /* 0: it has ended */
  int epoll_fd;        /* -1: the same */
  int fd;              /* of what it writes; -1: the same */
  MigLoadRelay *relay; /* by which it reaches the server */
  gint64 start_ns;
  gint64 stopped_ns, given_up_ns; /* missing: it goes on */
  GString *output;
  GArray *unanswered; /* gint64: when those were sent that were given up */
};

/* become_client: as every other program, not ahead of them as the prober is; gone with it. */
static void
become_client (gpointer data)
{
  (void) setpriority (PRIO_PROCESS, 0, 0);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static gboolean
watch (const MigLoadGenerator *generator, int fd)
{
  struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

  return epoll_ctl (generator->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* start_relay: to the server that is asked. */
static gboolean
start_relay (MigLoadGenerator *generator, const MigProbeSpec *spec)
{
  MigProbeAddress address;

  generator->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (!mig_probe_address_parse (spec->address, spec->port, &address))
    return FALSE;
  generator->relay = mig_load_relay_new (&address);
  return generator->relay && watch (generator, mig_load_relay_fd (generator->relay));
}

/* start: arguments of hey 0.1.4; it goes on until it is interrupted, and waits without a limit. */
static gboolean
start (MigLoadGenerator *generator, const char *program, const char *clients, const char *rate,
       const MigProbeSpec *spec)
{
  g_autofree char *address = mig_probe_address_host (spec->address);
  g_autofree char *host = g_strdup_printf ("%s:%u", address, spec->port);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u%s",
                                          mig_load_relay_port (generator->relay), spec->path);
  const char *argv[] = { program, "-z", "24h",   "-c", clients, "-q",  rate, "-t", "0",
                         "-cpus", "1",  "-host", host, "-o",    "csv", url,  NULL };

  generator->start_ns = mig_clock_now ();
  return g_spawn_async_with_pipes (
             NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL,
             become_client, NULL, &generator->pid, NULL, &generator->fd, NULL, NULL) &&
         watch (generator, generator->fd);
}

MigLoadGenerator *
mig_load_generator_start (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 6);
  g_autoptr (MigProbeSpec) spec = NULL;
  guint64 guest, number;

  if (g_strv_length (words) != 5 || !g_path_is_absolute (words[1]) ||
      !g_ascii_string_to_unsigned (words[0], 10, 0, MIG_PROBE_MAX_GUESTS - 1, &guest, NULL) ||
      !g_ascii_string_to_unsigned (words[2], 10, 1, MAX_CLIENTS, &number, NULL) ||
      !g_ascii_string_to_unsigned (words[3], 10, 1, MAX_RATE, &number, NULL) ||
      !(spec = mig_probe_spec_parse (words[4], FALSE, NULL)) || spec->method != MIG_PROBE_BY_HTTP)
    return NULL;
  MigLoadGenerator *generator = g_new0 (MigLoadGenerator, 1);
  generator->guest = (guint) guest;
  generator->output = g_string_new (NULL);
  generator->unanswered = g_array_new (FALSE, FALSE, sizeof (gint64));
  generator->epoll_fd = generator->fd = -1;
  generator->stopped_ns = generator->given_up_ns = MIG_MISSING_INT;
  if (start_relay (generator, spec) && start (generator, words[1], words[2], words[3], spec))
    return generator;
  mig_load_generator_free (generator);
  return NULL;
}

/* bury: it has ended, or does now. */
static void
bury (MigLoadGenerator *generator)
{
  if (generator->fd >= 0)
    close (generator->fd);
  if (generator->epoll_fd >= 0)
    close (generator->epoll_fd);
  generator->epoll_fd = generator->fd = -1;
  g_clear_pointer (&generator->relay, mig_load_relay_free);
  if (generator->pid > 0)
    while (waitpid (generator->pid, NULL, 0) < 0 && errno == EINTR)
      ;
  generator->pid = 0;
}

void
mig_load_generator_free (MigLoadGenerator *generator)
{
  if (!generator)
    return;
  if (generator->pid > 0)
    kill (generator->pid, SIGKILL);
  bury (generator);
  g_string_free (generator->output, TRUE);
  g_array_unref (generator->unanswered);
  g_free (generator);
}

int
mig_load_generator_fd (const MigLoadGenerator *generator)
{
  return generator->epoll_fd;
}

/* read_output: at its end it has ended. */
static void
read_output (MigLoadGenerator *generator)
{
  char bytes[READ_BYTES];
  ssize_t got = read (generator->fd, bytes, sizeof bytes);

  if (got < 0 && errno == EINTR)
    return;
  if (got > 0 && generator->output->len < MAX_OUTPUT)
    {
      g_string_append_len (generator->output, bytes, got);
      return;
    }
  if (generator->pid > 0) /* one that has nothing more to say is not waited for */
    kill (generator->pid, SIGKILL);
  bury (generator);
}

void
mig_load_generator_ready (MigLoadGenerator *generator)
{
  struct epoll_event event;

  if (epoll_wait (generator->epoll_fd, &event, 1, 0) < 1)
    return;
  if (event.data.fd == generator->fd)
    read_output (generator);
  else
    mig_load_relay_ready (generator->relay);
}

void
mig_load_generator_stop (MigLoadGenerator *generator)
{
  generator->stopped_ns = mig_clock_now ();
  if (generator->pid > 0)
    kill (generator->pid, SIGINT);
}

void
mig_load_generator_give_up (MigLoadGenerator *generator)
{
  if (!generator->relay)
    return;
  generator->given_up_ns = mig_clock_now ();
  mig_load_relay_give_up (generator->relay, generator->unanswered);
}

void
mig_load_generator_tell (const MigLoadGenerator *generator, GString *text)
{
  g_auto (GStrv) lines = g_strsplit (generator->output->str, "\n", -1);
  MigRequest request = { .guest = generator->guest };

  for (guint i = 0; lines[i]; i++)
    if (mig_request_parse_hey (lines[i], generator->start_ns, &request))
      mig_request_format (text, &request);
  request.answered_ns = request.status = MIG_MISSING_INT;
  request.given_up_ns = generator->given_up_ns;
  for (guint i = 0; i < generator->unanswered->len; i++)
    {
      request.sent_ns = g_array_index (generator->unanswered, gint64, i);
      if (request.sent_ns < generator->stopped_ns)
        mig_request_format (text, &request);
    }
}
