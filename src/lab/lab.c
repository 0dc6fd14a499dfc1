/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/units.h"
#include "lab/helper-arguments.h"
#include "lab/report.h"
#include "lab/state.h"

struct _MigLab {
  MigLabState *state;
  gboolean persistent;
  GPid helper;                      /* 0: it has been waited for */
  int control_fd;                   /* the helper's standard input: when it ends, so does the lab */
  FILE *report;                     /* the helper's standard output */
  pid_t daemons[MIG_LAB_MAX_HOSTS]; /* as this process sees them; 0: unknown */
};

static MigLab *
start_helper (GPtrArray *argv, GError **error)
{
  g_autofree MigLab *lab = g_new0 (MigLab, 1);
  int report_fd;

  if (!g_spawn_async_with_pipes (NULL, (char **) argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                 NULL, &lab->helper, &lab->control_fd, &report_fd, NULL, error))
    {
      g_prefix_error (error, "cannot start the lab's helper: ");
      return NULL;
    }
  lab->report = fdopen (report_fd, "r");
  g_assert (lab->report);
  return g_steal_pointer (&lab);
}

/* pass_on: what is news for the user. */
static void
pass_on (MigHelperReport report, const char *line, const char *text)
{
  switch (report)
    {
    case MIG_REPORT_PROGRESS:
      mig_info ("%s", text);
      break;
    case MIG_REPORT_WARNING:
      mig_warning ("%s", text);
      break;
    default:
      mig_debug ("the lab's helper says: %s", line);
      break;
    }
}

/* pass_on_rest: what it has said since it was listened to; it has ended, so nothing is waited for.
 */
static void
pass_on_rest (MigLab *lab)
{
  g_autofree char *line = NULL;
  size_t size = 0;
  int fd = fileno (lab->report);

  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) | O_NONBLOCK);
  while (getline (&line, &size, lab->report) > 0)
    {
      const char *text;
      int code;
      g_strchomp (line);
      MigHelperReport report = mig_report_parse (line, &code, &text);
      pass_on (report, line, text);
    }
}

/* end_helper: it takes the lab down when its standard input ends; then it is waited for. */
static void
end_helper (MigLab *lab)
{
  if (lab->control_fd >= 0)
    close (lab->control_fd);
  lab->control_fd = -1;
  if (lab->helper)
    while (waitpid (lab->helper, NULL, 0) < 0 && errno == EINTR)
      ;
  lab->helper = 0;
  if (lab->report)
    {
      pass_on_rest (lab);
      fclose (lab->report);
    }
  lab->report = NULL;
}

/* wait_report: goes through the helper's report until it says this; *answer receives its text. */
static gboolean
wait_report (MigLab *lab, MigHelperReport wanted, char **answer, GError **error)
{
  g_autofree char *line = NULL;
  size_t size = 0;

  while (getline (&line, &size, lab->report) > 0)
    {
      const char *text;
      int code;

      g_strchomp (line);
      MigHelperReport report = mig_report_parse (line, &code, &text);
      if (report == wanted)
        {
          *answer = g_strdup (text);
          return TRUE;
        }
      if (report == MIG_REPORT_ERROR)
        {
          g_set_error (error, MIG_ERROR, code, "%s", text);
          return FALSE;
        }
      pass_on (report, line, text);
    }
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
               "the lab's helper ended; the next start removes what it left");
  return FALSE;
}

static gboolean
wait_ready (MigLab *lab, GError **error)
{
  g_autofree char *directory = NULL;

  if (wait_report (lab, MIG_REPORT_READY, &directory, error))
    lab->state = mig_lab_state_load (directory, error);
  return lab->state != NULL;
}

gboolean
mig_lab_shape_link (MigLab *lab, guint64 bytes_per_s, guint64 *measured, GError **error)
{
  g_autofree char *command = g_strdup_printf (MIG_REPORT_SHAPE "%" G_GUINT64_FORMAT "\n",
                                              bytes_per_s);
  g_autofree char *answer = NULL;

  if (lab->state->mode != MIG_LAB_MODE_NAMESPACES)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_UNSUPPORTED,
                   "a lab on loopback has no link to shape");
      return FALSE;
    }
  if (write (lab->control_fd, command, strlen (command)) != (gssize) strlen (command))
    {
      mig_error_set_errno (error, errno, "the lab's helper ended");
      return FALSE;
    }
  if (!wait_report (lab, MIG_REPORT_LINK, &answer, error))
    return FALSE;
  lab->state->link_bytes_per_s = bytes_per_s;
  lab->state->link_measured_bytes_per_s = g_ascii_strtoull (answer, NULL, 10);
  *measured = lab->state->link_measured_bytes_per_s;
  return TRUE;
}

/* find_daemon: who listens to the host's socket. The daemon's own file has its number in the lab's
 * namespace, which means another process here. */
static pid_t
find_daemon (const MigLab *lab, guint host)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  const char *path = strstr (mig_lab_uri (lab, host), "socket=");
  struct ucred peer = { .pid = 0 };
  socklen_t size = sizeof peer;
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0 || !path ||
      g_strlcpy (address.sun_path, path + strlen ("socket="), sizeof address.sun_path) >=
          sizeof address.sun_path ||
      connect (fd, (const struct sockaddr *) &address, sizeof address) < 0 ||
      getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
    peer.pid = 0;
  if (fd >= 0)
    close (fd);
  return peer.pid;
}

MigLab *
mig_lab_up (const MigLabOptions *options, GError **error)
{
  g_autoptr (GPtrArray) argv = NULL;
  g_autoptr (MigLab) lab = NULL;

  if (!mig_lab_clean (NULL, error))
    return NULL;
  argv = mig_helper_arguments (options, error);
  if (!argv)
    return NULL;
  lab = start_helper (argv, error);
  if (!lab || !wait_ready (lab, error))
    return NULL;
  for (guint host = 0; host < mig_lab_n_hosts (lab); host++)
    lab->daemons[host] = find_daemon (lab, host);
  if (options->persistent)
    {
      if (write (lab->control_fd, MIG_REPORT_KEEP, 1) != 1)
        {
          mig_error_set_errno (error, errno, "the lab's helper ended at once");
          return NULL;
        }
      lab->persistent = TRUE;
    }
  return g_steal_pointer (&lab);
}

gboolean
mig_lab_down (MigLab *lab, GError **error)
{
  gboolean ok = TRUE;

  if (lab->persistent)
    ok = mig_lab_stop (lab->state->directory, error);
  if (ok)
    {
      lab->persistent = FALSE;
      end_helper (lab);
    }
  if (ok && g_file_test (lab->state->directory, G_FILE_TEST_EXISTS))
    ok = mig_lab_stop (lab->state->directory, error);
  return ok;
}

void
mig_lab_free (MigLab *lab)
{
  if (!lab)
    return;
  if (lab->persistent)
    {
      close (lab->control_fd);
      fclose (lab->report);
    }
  else
    end_helper (lab);
  mig_lab_state_free (lab->state);
  g_free (lab);
}

const char *
mig_lab_directory (const MigLab *lab)
{
  return lab->state->directory;
}

MigLabMode
mig_lab_mode (const MigLab *lab)
{
  return lab->state->mode;
}

const char *
mig_lab_mode_why (const MigLab *lab)
{
  return lab->state->mode_why;
}

guint
mig_lab_n_hosts (const MigLab *lab)
{
  return lab->state->n_hosts;
}

const char *
mig_lab_disk_directory (const MigLab *lab)
{
  return lab->state->disks;
}

const char *
mig_lab_disks_why_not (const MigLab *lab)
{
  return lab->state->disks_why_not;
}

const char *
mig_lab_tls_why_not (const MigLab *lab)
{
  return lab->state->tls_why_not;
}

char *
mig_lab_host_directory (const MigLab *lab, guint host)
{
  g_return_val_if_fail (host < lab->state->n_hosts, NULL);
  return g_strdup_printf ("%s/%u", lab->state->directory, host);
}

const char *
mig_lab_peer_uri (const MigLab *lab, guint host)
{
  g_return_val_if_fail (host < lab->state->n_hosts, NULL);
  return lab->state->peer_uris[host];
}

const char *
mig_lab_uri (const MigLab *lab, guint host)
{
  g_return_val_if_fail (host < lab->state->n_hosts, NULL);
  return lab->state->uris[host];
}

const char *
mig_lab_migrate_uri (const MigLab *lab, guint host)
{
  g_return_val_if_fail (host < lab->state->n_hosts, NULL);
  return lab->state->migrate_uris[host];
}

int
mig_lab_cpu (const MigLab *lab, guint host)
{
  g_return_val_if_fail (host < lab->state->n_hosts, -1);
  return lab->state->cpus[host];
}

guint64
mig_lab_link_rate (const MigLab *lab)
{
  return lab->state->link_bytes_per_s;
}

const char *
mig_lab_cpu_sharing (const MigLab *lab)
{
  return lab->state->cpu_sharing;
}

const char *
mig_lab_congestion_control (const MigLab *lab)
{
  return lab->state->congestion_control;
}

const char *
mig_lab_prober (const MigLab *lab)
{
  return lab->state->prober;
}

const char *
mig_lab_lan_why_not (const MigLab *lab)
{
  return lab->state->lan_why_not;
}

guint64
mig_lab_link_rate_measured (const MigLab *lab)
{
  return lab->state->link_measured_bytes_per_s;
}

const char *
mig_lab_kernel (const MigLab *lab)
{
  return lab->state->kernel;
}

const char *
mig_lab_initrd (const MigLab *lab)
{
  return lab->state->initrd;
}

const char *
mig_lab_emulator (const MigLab *lab)
{
  return lab->state->emulator;
}

gboolean
mig_lab_has_kvm (const MigLab *lab, const char **why_not)
{
  if (why_not)
    *why_not = lab->state->kvm_why_not;
  return lab->state->kvm;
}

gint64
mig_lab_daemon_cpu (const MigLab *lab, guint host)
{
  clockid_t clock;
  struct timespec time;

  if (!lab->daemons[host] || clock_getcpuclockid (lab->daemons[host], &clock) != 0 ||
      clock_gettime (clock, &time) != 0)
    return MIG_MISSING_INT;
  return time.tv_sec * MIG_NS_PER_S + time.tv_nsec;
}
