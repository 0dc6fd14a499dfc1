/* SPDX-License-Identifier: GPL-3.0-or-later */
/* migcost-lab: keeps a lab: brings it up, takes it down when its starter ends or it is asked to.
 * Started by migcost only (src/lab/report.h). */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "lab/autogroups.h"
#include "lab/boot-image.h"
#include "lab/cpus.h"
#include "lab/directory.h"
#include "lab/report.h"
#include "lab/setup.h"
#include "lab/cleanup.h"
#include "lab/tools.h"

typedef struct {
  char *kernel, *initrd, *emulator;
  gint64 link_rate;
  char *cpus;
  int hosts, taps, forward_delay;
  gboolean loopback;
} Options;

typedef struct {
  MigSetup setup;
  char *base;
  int lock_fd;
  pid_t supervisor;
  int go_fd;     /* to it */
  gboolean kept; /* outlives its starter */
} Keeper;

static gboolean
parse_options (int argc, char **argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "kernel", 0, 0, G_OPTION_ARG_FILENAME, &options->kernel, "guest kernel", "FILE" },
    { "initrd", 0, 0, G_OPTION_ARG_FILENAME, &options->initrd, "initramfs with the workloads",
      "FILE" },
    { "emulator", 0, 0, G_OPTION_ARG_FILENAME, &options->emulator, "QEMU", "FILE" },
    { "link-rate", 0, 0, G_OPTION_ARG_INT64, &options->link_rate, "bytes per second", "N" },
    { "hosts", 0, 0, G_OPTION_ARG_INT, &options->hosts, "number of hosts", "N" },
    { "cpus", 0, 0, G_OPTION_ARG_STRING, &options->cpus, "CPU of each host (default: chosen)",
      "N,N..." },
    { "taps", 0, 0, G_OPTION_ARG_INT, &options->taps, "guests on a LAN", "N" },
    { "forward-delay", 0, 0, G_OPTION_ARG_INT, &options->forward_delay,
      "of the spanning tree of that LAN's bridges, ms (default: none)", "N" },
    { "loopback", 0, 0, G_OPTION_ARG_NONE, &options->loopback, "without namespaces", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- started by migcost; keeps a lab");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  if (argc > 1 || !options->kernel || !options->initrd || options->link_rate <= 0 ||
      options->hosts < 2 || options->hosts > MIG_LAB_MAX_HOSTS || options->taps < 0 ||
      options->taps > MIG_LAB_MAX_TAPS || options->forward_delay < 0)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_USAGE,
                   "migcost-lab is started by migcost: see migcost lab --help");
      return FALSE;
    }
  return TRUE;
}

/* copy_in: a file into the lab's directory, where the daemons can read it. */
static char *
copy_in (const Keeper *keeper, const char *from, const char *name, GError **error)
{
  g_autofree char *to = g_build_filename (keeper->setup.state->directory, name, NULL);

  if (!mig_files_copy (from, to, 0644, error))
    {
      g_prefix_error (error, "cannot copy '%s' into the lab: ", from);
      return NULL;
    }
  return g_steal_pointer (&to);
}

/* copy_initrd: with the modules that a network card needs, where guests are to have one. Without
 * them the lab has no LAN. */
static char *
copy_initrd (Keeper *keeper, const Options *options, GError **error)
{
  MigSetup *setup = &keeper->setup;
  g_autofree char *to = g_build_filename (setup->state->directory, "initrd", NULL);
  g_autoptr (GError) why = NULL;

  if (options->taps > 0 && mig_boot_image_write (options->initrd, options->kernel, to, &why))
    {
      setup->taps = (guint) options->taps;
      setup->forward_delay_ms = (guint) options->forward_delay;
      return g_steal_pointer (&to);
    }
  if (why)
    setup->state->lan_why_not = g_strdup (why->message);
  return copy_in (keeper, options->initrd, "initrd", error);
}

/* log_errors: standard error is the starter's, who may wait for its end, and the lab may outlive
 * him: what is said there from now on, by libraries, is kept with the lab. */
static gboolean
log_errors (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "keeper.log", NULL);
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean ok = fd >= 0 && dup2 (fd, STDERR_FILENO) >= 0;

  if (!ok)
    mig_error_set_errno (error, errno, "cannot create '%s'", path);
  if (fd >= 0)
    close (fd);
  return ok;
}

static gboolean
make_place (Keeper *keeper, GError **error)
{
  g_autofree char *directory = NULL;

  keeper->base = mig_lab_directory_base (error);
  if (!keeper->base)
    return FALSE;
  int lock = mig_lab_directory_lock (keeper->base, error);
  if (lock < 0)
    return FALSE;
  directory = mig_lab_directory_create (keeper->base, &keeper->lock_fd, error);
  if (directory)
    keeper->setup.state = mig_lab_state_new (directory);
  mig_lab_directory_unlock (keeper->base, lock);
  return directory && log_errors (directory, error);
}

static char *
find_emulator (const Options *options, GError **error)
{
  if (!options->emulator)
    return mig_tool_find (MIG_TOOL_EMULATOR, error);
  if (g_path_is_absolute (options->emulator) &&
      g_file_test (options->emulator, G_FILE_TEST_IS_EXECUTABLE))
    return g_strdup (options->emulator);
  g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
               "the emulator '%s' cannot be run: give the full path of a QEMU program",
               options->emulator);
  return NULL;
}

/* share_cpus: threads of all guests alike. A lab without that works; its guests take turns of
 * seconds. */
static void
share_cpus (MigLabState *state)
{
  g_autoptr (GError) error = NULL;

  if (mig_autogroups_disable ("", state->directory, &error))
    {
      state->cpu_sharing = g_strdup ("threads alike");
      return;
    }
  state->cpu_sharing = g_strdup_printf ("sessions alike (autogroups; %s)", error->message);
  mig_report_send (STDOUT_FILENO, MIG_REPORT_WARNING,
                   "the kernel's autogroups make guests share a CPU unfairly, so results scatter "
                   "(%s): as root, set sysctl kernel.sched_autogroup_enabled=0 while measuring",
                   error->message);
}

static gboolean
fill_place (Keeper *keeper, const Options *options, GError **error)
{
  MigLabState *state = keeper->setup.state;

  state->link_bytes_per_s = (guint64) options->link_rate;
  state->n_hosts = (guint) options->hosts;
  state->emulator = find_emulator (options, error);
  return state->emulator &&
         mig_lab_cpus_choose (options->cpus, state->cpus, state->n_hosts, error) &&
         mig_identity_find (&keeper->setup, error) &&
         (state->kernel = copy_in (keeper, options->kernel, "vmlinuz", error)) &&
         (state->initrd = copy_initrd (keeper, options, error));
}

static void
remove_place (Keeper *keeper)
{
  g_autoptr (GError) error = NULL;
  MigLabState *state = keeper->setup.state;

  if (state)
    {
      int lock = mig_lab_directory_lock (keeper->base, NULL);
      mig_autogroups_restore ("", state->directory);
      if (!mig_files_remove_tree (state->directory, &error))
        mig_report_send (STDOUT_FILENO, MIG_REPORT_WARNING, "%s", error->message);
      close (keeper->lock_fd);
      if (lock >= 0)
        mig_lab_directory_unlock (keeper->base, lock);
    }
  mig_lab_state_free (state);
  g_free (keeper->base);
}

/* start_supervisor: it waits for a byte before it does anything: one that misses the keeper's end
 * would live on. */
static gboolean
start_supervisor (Keeper *keeper, MigLabMode mode, GError **error)
{
  int go[2];

  keeper->setup.state->mode = mode;
  keeper->setup.switch_netns = -1;
  for (guint host = 0; host < MIG_LAB_MAX_HOSTS; host++)
    keeper->setup.netns[host] = -1;
  if (pipe2 (go, O_CLOEXEC) < 0)
    {
      mig_error_set_errno (error, errno, "cannot make a pipe");
      return FALSE;
    }
  keeper->supervisor = mode == MIG_LAB_MODE_NAMESPACES ? mig_namespaces_fork (&keeper->setup)
                                                       : fork ();
  if (keeper->supervisor == 0)
    {
      close (go[1]);
      if (keeper->go_fd >= 0)
        close (keeper->go_fd);
      close (keeper->lock_fd); /* the lock is the keeper's: this does not touch it */
      _exit (mig_supervisor_run (&keeper->setup, go[0]));
    }
  if (keeper->supervisor < 0)
    mig_error_set_errno (error, errno, "cannot start the lab's supervisor");
  else if (write (go[1], "g", 1) < 0)
    mig_error_set_errno (error, errno, "the lab's supervisor ended at once");
  close (go[0]);
  if (keeper->go_fd >= 0)
    close (keeper->go_fd);
  keeper->go_fd = go[1];
  return keeper->supervisor > 0;
}

/* hand_on_rate: the rest of the starter's line, to the supervisor, which answers. */
static void
hand_on_rate (const Keeper *keeper)
{
  char text[32] = "", byte;
  guint64 rate = 0;

  for (guint i = 0; i < sizeof text - 1 && read (STDIN_FILENO, &byte, 1) == 1 && byte != '\n'; i++)
    text[i] = byte;
  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT64 / 8, &rate, NULL) ||
      write (keeper->go_fd, &rate, sizeof rate) != sizeof rate)
    mig_report_send (STDOUT_FILENO, MIG_REPORT_ERROR, "%d the link cannot have the rate '%s'",
                     MIG_ERROR_FAILED, text);
}

/* input_ended: the starter has ended; unless it said before that the lab is to be kept. */
static gboolean
input_ended (Keeper *keeper, struct pollfd *input)
{
  char byte;
  ssize_t got = read (STDIN_FILENO, &byte, 1);

  if (got > 0 && byte == MIG_REPORT_KEEP[0])
    keeper->kept = TRUE;
  if (got > 0 && byte == MIG_REPORT_SHAPE[0])
    hand_on_rate (keeper);
  if (got > 0)
    return FALSE;
  input->fd = -1;
  return !keeper->kept;
}

/* supervisor_ended: TRUE and *status set when it is the supervisor that has ended. */
static gboolean
supervisor_ended (Keeper *keeper, int *status)
{
  pid_t pid;

  while ((pid = waitpid (-1, status, WNOHANG)) > 0)
    if (pid == keeper->supervisor)
      {
        *status = WIFEXITED (*status) ? WEXITSTATUS (*status) : 1;
        return TRUE;
      }
  return FALSE;
}

/* keep_lab: until the lab is to end. Returns the supervisor's exit status, 0 where it still runs.
 */
static int
keep_lab (Keeper *keeper, int signal_fd)
{
  struct pollfd items[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
                             { .fd = signal_fd, .events = POLLIN } };

  if (keeper->kept)
    items[0].fd = -1;
  for (;;)
    {
      struct signalfd_siginfo info;
      int status;

      if (poll (items, 2, -1) < 0 && errno != EINTR)
        return 1;
      if (items[0].revents && input_ended (keeper, &items[0]))
        return 0;
      if (!items[1].revents || read (signal_fd, &info, sizeof info) != sizeof info)
        continue;
      if (info.ssi_signo != SIGCHLD)
        return 0;
      if (supervisor_ended (keeper, &status))
        return status;
    }
}

static char *
refusal (const Keeper *keeper)
{
  g_autofree char *path = g_build_filename (keeper->setup.state->directory, MIG_SETUP_REFUSED,
                                            NULL);
  char *why = NULL;

  return g_file_get_contents (path, &why, NULL, NULL) ? why : g_strdup ("no reason was given");
}

/* run_mode: a lab in this mode from start to end; returns the supervisor's exit status. */
static int
run_mode (Keeper *keeper, MigLabMode mode, int signal_fd, GError **error)
{
  int status = MIG_SETUP_EXIT_REFUSED;

  if (start_supervisor (keeper, mode, error))
    {
      status = keep_lab (keeper, signal_fd);
      mig_cleanup_children ();
      if (mode == MIG_LAB_MODE_LOOPBACK)
        mig_cleanup_locks (keeper->setup.daemon_uid);
    }
  return status;
}

static int
run (Keeper *keeper, const Options *options, int signal_fd, GError **error)
{
  MigLabState *state = keeper->setup.state;
  g_autoptr (GError) refused = NULL;

  if (!options->loopback)
    {
      int status = run_mode (keeper, MIG_LAB_MODE_NAMESPACES, signal_fd, &refused);
      if (status != MIG_SETUP_EXIT_REFUSED)
        return status;
      state->mode_why = refused ? g_strdup (refused->message) : refusal (keeper);
      mig_report_send (STDOUT_FILENO, MIG_REPORT_WARNING,
                       "the lab's hosts share this machine's loopback, because namespaces are not "
                       "available (%s): parallel migrations do not share a link",
                       state->mode_why);
    }
  else
    state->mode_why = g_strdup ("asked for");
  return run_mode (keeper, MIG_LAB_MODE_LOOPBACK, signal_fd, error);
}

/* Ctrl-C on the terminal is the starter's business: this is a session of its own. */
static int
detach (void)
{
  sigset_t signals;

  setsid ();
  signal (SIGPIPE, SIG_IGN);
  umask (022);
  sigemptyset (&signals);
  sigaddset (&signals, SIGTERM);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGHUP);
  sigaddset (&signals, SIGCHLD);
  sigprocmask (SIG_BLOCK, &signals, NULL);
  prctl (PR_SET_CHILD_SUBREAPER, 1);
  return signalfd (-1, &signals, SFD_CLOEXEC);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Options options = { .hosts = 2 };
  Keeper keeper = { .setup = { .report_fd = STDOUT_FILENO }, .go_fd = -1 };
  int status = 1;

  g_autofree char *name = g_path_get_basename (argv[0]);
  if (strcmp (name, MIG_RELAY_NAME) == 0)
    return mig_relay_run (argv[0]);
  setlocale (LC_ALL, "");
  g_setenv ("GIO_USE_VFS", "local", TRUE); /* one thread, or the namespaces cannot be had */
  if (parse_options (argc, argv, &options, &error))
    {
      int signal_fd = detach ();
      if (make_place (&keeper, &error))
        share_cpus (keeper.setup.state);
      if (!error && fill_place (&keeper, &options, &error))
        status = run (&keeper, &options, signal_fd, &error);
      close (signal_fd);
    }
  if (error)
    mig_report_send_error (STDOUT_FILENO, error);
  remove_place (&keeper);
  g_free (options.kernel);
  g_free (options.initrd);
  g_free (options.emulator);
  g_free (options.cpus);
  return error ? 1 : status;
}
