/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cached-verdict.h"
#include "base/clock.h"
#include "base/units.h"
#include "lab/report.h"
#include "lab/setup.h"

#define DEVICE "/dev/kvm"
#define BOOT_TIMEOUT_NS (10 * MIG_NS_PER_S)
#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define VERDICT "kvm"

/* device_error: 0 where the lab's daemons can open the device; else errno. */
static int
device_error (const MigSetup *setup)
{
  int status;
  pid_t pid = fork ();

  if (pid == 0)
    {
      if (!mig_identity_assume (setup))
        _exit (errno);
      _exit (open (DEVICE, O_RDWR | O_CLOEXEC) < 0 ? errno : 0);
    }
  if (pid < 0)
    return errno;
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  return WIFEXITED (status) ? WEXITSTATUS (status) : EIO;
}

static pid_t
start_guest (const MigSetup *setup, int *console)
{
  const MigLabState *state = setup->state;
  const char *argv[] = {
    state->emulator,
    "-accel",
    "kvm",
    "-m",
    "512",
    "-nodefaults",
    "-display",
    "none",
    "-no-user-config",
    "-no-reboot",
    "-serial",
    "stdio",
    "-kernel",
    state->kernel,
    "-initrd",
    state->initrd,
    "-append",
    "console=ttyS0 panic=-1",
    NULL,
  };
  char *env[] = { (char *) "PATH=/usr/bin:/bin", NULL };
  sigset_t none;
  int ends[2];
  pid_t pid;

  if (pipe2 (ends, O_CLOEXEC) < 0)
    return -1;
  pid = fork ();
  if (pid == 0)
    {
      int null = open ("/dev/null", O_RDONLY);
      dup2 (null, STDIN_FILENO);
      dup2 (ends[1], STDOUT_FILENO);
      dup2 (ends[1], STDERR_FILENO);
      sigemptyset (&none);
      sigprocmask (SIG_SETMASK, &none, NULL);
      if (mig_identity_assume (setup))
        execve (argv[0], (char **) argv, env);
      _exit (127);
    }
  close (ends[1]);
  *console = ends[0];
  return pid;
}

/* guest_spoke: a line of the heartbeat protocol's that only a running guest program writes: READY,
 * or FATAL, if it does not like its parameters. */
static gboolean
guest_spoke (const GString *text)
{
  return strstr (text->str, "\n@R ") || strstr (text->str, "\n@F ");
}

/* listen_to: TRUE as soon as the guest speaks; FALSE when it is over or takes too long. */
static gboolean
listen_to (int console, GString *text, gboolean *ended)
{
  gint64 deadline = mig_clock_now () + BOOT_TIMEOUT_NS;
  gint64 left;

  g_string_assign (text, "\n");
  while (!guest_spoke (text) && (left = deadline - mig_clock_now ()) > 0)
    {
      struct pollfd item = { .fd = console, .events = POLLIN };
      char buffer[4096];

      if (poll (&item, 1, (int) (left / MIG_NS_PER_MS) + 1) <= 0)
        continue;
      ssize_t got = read (console, buffer, sizeof buffer);
      if (got <= 0)
        {
          *ended = TRUE;
          return FALSE;
        }
      for (ssize_t i = 0; i < got; i++)
        if (buffer[i] != '\0')
          g_string_append_c (text, buffer[i]);
    }
  return guest_spoke (text);
}

static char *
last_line (GString *text)
{
  g_strchomp (text->str);
  const char *newline = strrchr (text->str, '\n');
  return g_str_to_ascii (newline ? newline + 1 : text->str, "C");
}

/* boot: NULL where a guest runs under KVM; else why not. */
static char *
boot (const MigSetup *setup)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean ended = FALSE;
  int console;
  pid_t pid = start_guest (setup, &console);

  if (pid < 0)
    return g_strdup_printf ("cannot start QEMU: %s", g_strerror (errno));
  gboolean spoke = listen_to (console, text, &ended);
  kill (pid, SIGKILL);
  while (waitpid (pid, NULL, 0) < 0 && errno == EINTR)
    ;
  close (console);
  if (spoke)
    return NULL;
  g_autofree char *line = last_line (text);
  if (ended)
    return g_strdup_printf ("QEMU ended before the guest was ready: %s",
                            *line ? line : "no output");
  return g_strdup_printf ("%s opens, but a guest was not ready within 10 s%s%s", DEVICE,
                          *line ? "; its last line: " : "; no output", line);
}

static void
add_file (GString *key, const char *path)
{
  struct stat st;

  if (stat (path, &st) == 0)
    g_string_append_printf (key, " %lld.%ld/%lld", (long long) st.st_mtim.tv_sec,
                            st.st_mtim.tv_nsec, (long long) st.st_size);
}

/* verdict_key: what the verdict depends on. Kernel and initramfs are copies made for this lab:
 * their sizes tell them apart. */
static char *
verdict_key (const MigSetup *setup)
{
  g_autoptr (GString) key = g_string_new (NULL);
  g_autofree char *boot_id = NULL;
  struct stat kernel, initrd;

  if (!g_file_get_contents (BOOT_ID, &boot_id, NULL, NULL) ||
      stat (setup->state->kernel, &kernel) < 0 || stat (setup->state->initrd, &initrd) < 0)
    return NULL;
  g_string_printf (key, "%s %u %lld %lld %s", g_strchomp (boot_id), setup->daemon_uid,
                   (long long) kernel.st_size, (long long) initrd.st_size, setup->state->emulator);
  add_file (key, setup->state->emulator);
  return g_string_free (g_steal_pointer (&key), FALSE);
}

static char *
why_not_kvm (const MigSetup *setup)
{
  int errnum = device_error (setup);
  g_autofree char *key = NULL;
  char *why_not = NULL;

  if (errnum == ENOENT)
    return g_strdup ("there is no " DEVICE);
  if (errnum != 0)
    return g_strdup_printf (DEVICE " cannot be opened by the user who runs the guests (uid %u): %s",
                            setup->daemon_uid, g_strerror (errnum));
  key = verdict_key (setup);
  if (mig_cached_verdict_recall (VERDICT, key, &why_not))
    return why_not;
  mig_report_send (setup->report_fd, MIG_REPORT_PROGRESS, "trying to run a guest under KVM");
  why_not = boot (setup);
  mig_cached_verdict_keep (VERDICT, key, why_not);
  return why_not;
}

void
mig_kvm_probe (MigSetup *setup)
{
  setup->state->kvm_why_not = why_not_kvm (setup);
  setup->state->kvm = setup->state->kvm_why_not == NULL;
}
