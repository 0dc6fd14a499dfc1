/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "probe/load-generator.h"
#include "probe/probe.h"
#include "probe/request.h"

#define MAX_CLIENTS 64
#define MAX_RATE 1000
#define GIVEN_UP_S "20" /* a request that is not answered by then */
#define MAX_OUTPUT (64 * 1024 * 1024)
#define READ_BYTES 65536

struct _MigLoadGenerator {
  guint guest;
  GPid pid; /* 0: it has ended */
  int fd;   /* -1: the same */
  gint64 start_ns;
  GString *output;
};

/* become_client: as every other program, not ahead of them as the prober is; gone with it. */
static void
become_client (gpointer data)
{
  (void) setpriority (PRIO_PROCESS, 0, 0);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* start: arguments of hey 0.1.4; it goes on until it is interrupted. */
static gboolean
start (MigLoadGenerator *generator, const char *program, const char *clients, const char *rate,
       const char *url)
{
  const char *argv[] = { program,    "-z",    "24h", "-c", clients, "-q", rate, "-t",
                         GIVEN_UP_S, "-cpus", "1",   "-o", "csv",   url,  NULL };

  generator->start_ns = mig_clock_now ();
  return g_spawn_async_with_pipes (
      NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL,
      become_client, NULL, &generator->pid, NULL, &generator->fd, NULL, NULL);
}

MigLoadGenerator *
mig_load_generator_start (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 6);
  guint64 guest, number;

  if (g_strv_length (words) != 5 || !g_path_is_absolute (words[1]) ||
      !g_ascii_string_to_unsigned (words[0], 10, 0, MIG_PROBE_MAX_GUESTS - 1, &guest, NULL) ||
      !g_ascii_string_to_unsigned (words[2], 10, 1, MAX_CLIENTS, &number, NULL) ||
      !g_ascii_string_to_unsigned (words[3], 10, 1, MAX_RATE, &number, NULL))
    return NULL;
  MigLoadGenerator *generator = g_new0 (MigLoadGenerator, 1);
  generator->guest = (guint) guest;
  generator->output = g_string_new (NULL);
  generator->fd = -1;
  if (start (generator, words[1], words[2], words[3], words[4]))
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
  generator->fd = -1;
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
  g_free (generator);
}

int
mig_load_generator_fd (const MigLoadGenerator *generator)
{
  return generator->fd;
}

void
mig_load_generator_read (MigLoadGenerator *generator)
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
mig_load_generator_stop (const MigLoadGenerator *generator)
{
  if (generator->pid > 0)
    kill (generator->pid, SIGINT);
}

void
mig_load_generator_tell (const MigLoadGenerator *generator, GString *text)
{
  g_auto (GStrv) lines = g_strsplit (generator->output->str, "\n", -1);
  MigRequest request = { .guest = generator->guest };

  for (guint i = 0; lines[i]; i++)
    if (mig_request_parse_hey (lines[i], generator->start_ns, &request))
      mig_request_format (text, &request);
}
