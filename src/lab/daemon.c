/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/units.h"
#include "lab/command.h"
#include "lab/report.h"
#include "lab/setup.h"

#define START_TIMEOUT_NS (60 * MIG_NS_PER_S)
#define RETRY_NS (20 * MIG_NS_PER_MS)
#define LOG_NAME "daemon.log"
#define CONFIG_NAME "daemon.conf"

/* Ports that a destination's QEMU may listen on. In loopback mode all hosts of all labs share the
 * machine's ports: each lab takes a slot by its process number; where two share one, libvirt itself
 * passes over the ports that are in use. */
#define FIRST_PORT 49152
#define PORTS_PER_HOST 64
#define HOSTS_OF_ALL_LABS ((65536 - FIRST_PORT) / PORTS_PER_HOST)

/* Directories of a host's own, and the variables by which its daemon is told. */
static const struct {
  const char *name, *variable;
} directories[] = {
  { ".", "HOME" },
  { "config", "XDG_CONFIG_HOME" },
  { "run", "XDG_RUNTIME_DIR" },
  { "cache", "XDG_CACHE_HOME" },
  { "data", "XDG_DATA_HOME" },
};

char *
mig_setup_host_path (const MigSetup *setup, guint host, const char *name)
{
  return g_strdup_printf ("%s/%u/%s", setup->state->directory, host, name);
}

static gboolean
make_directory (const MigSetup *setup, const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0700) == 0 &&
      (setup->uid != 0 || chown (path, setup->daemon_uid, setup->daemon_gid) == 0))
    return TRUE;
  mig_error_set_errno (error, errno, "cannot create '%s'", path);
  return FALSE;
}

/* write_config: a file below the host's directory, readable by the daemon. */
static gboolean
write_config (const MigSetup *setup, guint host, const char *name, const char *text, GError **error)
{
  g_autofree char *path = mig_setup_host_path (setup, host, name);

  if (!mig_files_write (path, text, strlen (text), error))
    return FALSE;
  if (setup->uid == 0 && chown (path, setup->daemon_uid, setup->daemon_gid) < 0)
    {
      mig_error_set_errno (error, errno, "cannot hand over '%s'", path);
      return FALSE;
    }
  return TRUE;
}

/* tls_config: where the certificates are for migrations, of disks too. Without them it is the
 * daemon's choice, which asks for the machine's own. */
static char *
tls_config (const MigSetup *setup, guint host)
{
  g_autofree char *directory = mig_certificates_directory (setup, host);

  return setup->state->tls_why_not ? g_strdup ("")
                                   : g_strdup_printf ("migrate_tls_x509_cert_dir = \"%s\"\n"
                                                      "migrate_tls_x509_verify = 1\n",
                                                      directory);
}

static gboolean
write_configs (const MigSetup *setup, guint host, GError **error)
{
  guint hosts = setup->state->n_hosts;
  guint slot = setup->netns[0] < 0 ? (guint) getpid () % (HOSTS_OF_ALL_LABS / hosts) * hosts + host
                                   : 0;
  guint first = FIRST_PORT + slot * PORTS_PER_HOST;
  g_autofree char *uuid = g_uuid_string_random ();
  /* two daemons with one UUID would refuse to migrate "to the same host" */
  g_autofree char *daemon = g_strdup_printf ("host_uuid = \"%s\"\n"
                                             "log_outputs = \"3:stderr\"\n",
                                             uuid);
  /* "file": no virtlogd is needed for QEMU's log */
  g_autofree char *qemu = g_strdup_printf ("stdio_handler = \"file\"\n"
                                           "security_driver = \"none\"\n"
                                           "migration_port_min = %u\n"
                                           "migration_port_max = %u\n",
                                           first, first + PORTS_PER_HOST - 1);
  g_autofree char *tls = tls_config (setup, host);
  g_autofree char *all = g_strconcat (qemu, tls, NULL);

  return write_config (setup, host, CONFIG_NAME, daemon, error) &&
         write_config (setup, host, "config/libvirt/qemu.conf", all, error);
}

/* link_relay: by which other hosts' daemons reach this one. A link, because the lab's directory may
 * be where no program can be run. libvirt wants the name of a server in the URI, and takes one
 * without for the source itself. */
static gboolean
link_relay (MigSetup *setup, guint host, GError **error)
{
  g_autofree char *path = mig_setup_host_path (setup, host, MIG_RELAY_NAME);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", error);

  if (!self)
    return FALSE;
  if (symlink (self, path) < 0)
    {
      mig_error_set_errno (error, errno, "cannot create '%s'", path);
      return FALSE;
    }
  setup->state->peer_uris[host] = g_strdup_printf ("qemu+ext://host%u.lab/session?command=%s", host,
                                                   path);
  return TRUE;
}

gboolean
mig_daemon_prepare (MigSetup *setup, guint host, GError **error)
{
  MigLabState *state = setup->state;
  g_autofree char *libvirt = mig_setup_host_path (setup, host, "config/libvirt");

  for (guint i = 0; i < G_N_ELEMENTS (directories); i++)
    {
      g_autofree char *path = mig_setup_host_path (setup, host, directories[i].name);
      if (!make_directory (setup, path, error))
        return FALSE;
    }
  if (!make_directory (setup, libvirt, error) || !write_configs (setup, host, error))
    return FALSE;
  if (!link_relay (setup, host, error))
    return FALSE;
  state->migrate_uris[host] = g_strdup_printf (
      "tcp://%s", setup->netns[0] >= 0 ? mig_link_address (host) : "127.0.0.1");
  return TRUE;
}

static char **
daemon_environment (const MigSetup *setup, guint host)
{
  g_auto (GStrv) env = NULL;

  env = g_environ_setenv (env, "PATH",
                          "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", TRUE);
  env = g_environ_setenv (env, "LC_ALL", "C.UTF-8", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (directories); i++)
    {
      g_autofree char *path = mig_setup_host_path (setup, host, directories[i].name);
      env = g_environ_setenv (env, directories[i].variable, path, TRUE);
    }
  return g_steal_pointer (&env);
}

/* become_daemon: between fork and exec; on failure the log says which step failed. */
static void
become_daemon (const MigSetup *setup, guint host, int log_fd, const char **argv, char **env)
{
  int netns = setup->netns[host];
  const char *step = "pin the daemon to its CPU";
  sigset_t none;
  cpu_set_t cpus;

  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  if (dup2 (log_fd, STDOUT_FILENO) < 0 || dup2 (log_fd, STDERR_FILENO) < 0)
    _exit (126);
  mig_command_enter_netns (&netns);
  CPU_ZERO (&cpus);
  CPU_SET (setup->state->cpus[host], &cpus);
  if (sched_setaffinity (0, sizeof cpus, &cpus) == 0)
    {
      step = "give up privileges";
      if (mig_identity_assume (setup))
        {
          step = "start the daemon";
          signal (SIGPIPE, SIG_DFL);
          execve (argv[0], (char **) argv, env);
        }
    }
  dprintf (STDERR_FILENO, "cannot %s: %s\n", step, strerror (errno));
  _exit (127);
}

static int
open_log (const MigSetup *setup, guint host, GError **error)
{
  g_autofree char *path = mig_setup_host_path (setup, host, LOG_NAME);
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    mig_error_set_errno (error, errno, "cannot create '%s'", path);
  return fd;
}

pid_t
mig_daemon_start (const MigSetup *setup, guint host, const char *program, GError **error)
{
  g_autofree char *config = mig_setup_host_path (setup, host, CONFIG_NAME);
  g_autofree char *pid_file = mig_setup_host_path (setup, host, "daemon.pid");
  g_autofree char *name = g_path_get_basename (program);
  g_autofree char *socket_name = g_strdup_printf (
      "run/libvirt/%s-sock", g_str_equal (name, "libvirtd") ? "libvirt" : name);
  g_autofree char *socket_path = mig_setup_host_path (setup, host, socket_name);
  g_auto (GStrv) env = daemon_environment (setup, host);
  const char *argv[] = { program, "--config", config, "--pid-file", pid_file, NULL };
  int log_fd = open_log (setup, host, error);
  pid_t pid;

  if (log_fd < 0)
    return -1;
  setup->state->uris[host] = g_strdup_printf ("qemu+unix:///session?socket=%s", socket_path);
  pid = fork ();
  if (pid == 0)
    become_daemon (setup, host, log_fd, argv, env);
  if (pid < 0)
    mig_error_set_errno (error, errno, "cannot start '%s'", program);
  close (log_fd);
  return pid;
}

static gboolean
accepts (const char *uri)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  const char *path = strchr (uri, '=') + 1;
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean connected;

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  connected = fd >= 0 && connect (fd, (struct sockaddr *) &address, sizeof address) == 0;
  if (fd >= 0)
    close (fd);
  return connected;
}

/* log_tail: the last lines of a daemon's log in one, for an error message. */
static char *
log_tail (const MigSetup *setup, guint host)
{
  g_autofree char *path = mig_setup_host_path (setup, host, LOG_NAME);
  g_autofree char *text = NULL;
  guint lines = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !*g_strstrip (text))
    return g_strdup ("its log is empty");
  char *tail = text + strlen (text);
  while (tail > text && lines < 3)
    if (*--tail == '\n')
      lines++;
  g_strdelimit (tail, "\n", ';');
  return g_strdup (*tail == ';' ? tail + 1 : tail);
}

/* describe_end: "(signal 11): the last lines of its log" */
static char *
describe_end (const MigSetup *setup, guint host, int status)
{
  g_autofree char *tail = log_tail (setup, host);

  return g_strdup_printf ("(%s %d): %s", WIFEXITED (status) ? "exit status" : "signal",
                          WIFEXITED (status) ? WEXITSTATUS (status) : WTERMSIG (status), tail);
}

void
mig_daemon_tell_end (const MigSetup *setup, pid_t pid, int status)
{
  for (guint host = 0; host < setup->state->n_hosts; host++)
    if (setup->daemons[host] == pid)
      {
        g_autofree char *end = describe_end (setup, host, status);
        mig_report_send (setup->report_fd, MIG_REPORT_WARNING,
                         "the libvirt daemon of the lab's host %u ended unexpectedly %s", host,
                         end);
      }
}

static gboolean
still_runs (const MigSetup *setup, guint host, GError **error)
{
  int status;

  if (waitpid (setup->daemons[host], &status, WNOHANG) == 0)
    return TRUE;
  g_autofree char *end = describe_end (setup, host, status);
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED,
               "the libvirt daemon of the lab's host %u ended at once %s", host, end);
  return FALSE;
}

gboolean
mig_daemon_wait (const MigSetup *setup, GError **error)
{
  gint64 deadline = mig_clock_now () + START_TIMEOUT_NS;
  guint up = 0; /* hosts up to here are */

  while (up < setup->state->n_hosts)
    {
      for (guint host = 0; host < setup->state->n_hosts; host++)
        if (!still_runs (setup, host, error))
          return FALSE;
      if (accepts (setup->state->uris[up]))
        {
          up++;
          continue;
        }
      if (mig_clock_now () > deadline)
        {
          g_autofree char *tail = log_tail (setup, up);
          g_set_error (error, MIG_ERROR, MIG_ERROR_TIMEOUT,
                       "the libvirt daemon of the lab's host %u does not accept connections: %s",
                       up, tail);
          return FALSE;
        }
      mig_clock_sleep_until (mig_clock_now () + RETRY_NS);
    }
  return TRUE;
}
