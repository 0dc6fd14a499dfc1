/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "lab/autogroups.h"
#include "lab/cpus.h"
#include "lab/directory.h"
#include "lab/report.h"
#include "lab/state.h"
#include "lab/cleanup.h"

typedef struct {
  char *directory;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fixture->directory = g_dir_make_tmp ("migcost-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (mig_files_remove_tree (fixture->directory, &error));
  g_assert_no_error (error);
  g_free (fixture->directory);
}

static MigLabState *
example_state (const char *directory, guint hosts)
{
  MigLabState *state = mig_lab_state_new (directory);

  state->mode = MIG_LAB_MODE_NAMESPACES;
  state->n_hosts = hosts;
  for (guint host = 0; host < hosts; host++)
    {
      state->uris[host] = g_strdup_printf ("qemu+unix:///session?socket=/a b/%u", host);
      state->migrate_uris[host] = g_strdup_printf ("tcp://10.111.0.%u", host + 1);
      state->peer_uris[host] = g_strdup_printf (
          "qemu+ext://host%u.lab/session?command=/a b/%u/connect", host, host);
      state->cpus[host] = (int) (MIG_LAB_MAX_HOSTS - host);
    }
  state->link_bytes_per_s = G_GUINT64_CONSTANT (12500000000);
  state->prober = g_strdup ("/a b/prober");
  state->kernel = g_strdup ("/k");
  state->initrd = g_strdup ("/i");
  state->emulator = g_strdup ("/e");
  state->tls_why_not = g_strdup ("'certtool' is not installed");
  state->kvm_why_not = g_strdup ("line with = and ; in it");
  return state;
}

static void
check_state (Fixture *fixture, guint hosts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MigLabState) state = example_state (fixture->directory, hosts);
  g_autoptr (MigLabState) read = NULL;

  g_assert_true (mig_lab_state_save (state, &error));
  read = mig_lab_state_load (fixture->directory, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read->mode, ==, MIG_LAB_MODE_NAMESPACES);
  g_assert_null (read->mode_why);
  g_assert_cmpuint (read->n_hosts, ==, hosts);
  for (guint host = 0; host < hosts; host++)
    {
      g_assert_cmpstr (read->peer_uris[host], ==, state->peer_uris[host]);
      g_assert_cmpstr (read->uris[host], ==, state->uris[host]);
      g_assert_cmpstr (read->migrate_uris[host], ==, state->migrate_uris[host]);
      g_assert_cmpint (read->cpus[host], ==, state->cpus[host]);
    }
  g_assert_cmpuint (read->link_bytes_per_s, ==, state->link_bytes_per_s);
  g_assert_cmpuint (read->link_measured_bytes_per_s, ==, 0);
  g_assert_cmpstr (read->emulator, ==, "/e");
  g_assert_false (read->kvm);
  g_assert_cmpstr (read->kvm_why_not, ==, state->kvm_why_not);
  g_assert_cmpstr (read->tls_why_not, ==, state->tls_why_not);
}

static void
test_state (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mig_lab_state_load (fixture->directory, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  check_state (fixture, 2);
  check_state (fixture, 3);
  check_state (fixture, MIG_LAB_MAX_HOSTS);
}

static void
test_state_damaged (Fixture *fixture, gconstpointer data)
{
  static const char *const contents[] = {
    "",
    "[lab]\n",
    "[lab]\nmode=none\n",
    "[lab]\nmode=loopback\nuri-0=x\n",
    ("[lab]\nmode=loopback\nkernel=k\ninitrd=i\nemulator=e\nlink-bytes-per-s=1\n"
     "link-measured-bytes-per-s=1\nhosts=9\n"),
    "mode=loopback\n",
  };
  g_autofree char *path = g_build_filename (fixture->directory, "state", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_true (g_file_set_contents (path, contents[i], -1, NULL));
      g_assert_null (mig_lab_state_load (fixture->directory, &error));
      g_assert_nonnull (error);
      g_assert_true (g_str_has_prefix (error->message, "cannot read the lab's state '"));
    }
}

static void
test_report (void)
{
  static const struct {
    const char *line;
    MigHelperReport report;
    int code;
    const char *text;
  } cases[] = {
    { "progress making a link", MIG_REPORT_PROGRESS, -1, "making a link" },
    { "warning careful", MIG_REPORT_WARNING, -1, "careful" },
    { "ready /run/x y", MIG_REPORT_READY, -1, "/run/x y" },
    { "link 12500000", MIG_REPORT_LINK, -1, "12500000" },
    { "error 3 no 'ip'", MIG_REPORT_ERROR, 3, "no 'ip'" },
    { "errors 3 no", MIG_REPORT_UNKNOWN, -1, "errors 3 no" },
    { "err 3", MIG_REPORT_UNKNOWN, -1, "err 3" },
    { "progress", MIG_REPORT_UNKNOWN, -1, "progress" },
    { "", MIG_REPORT_UNKNOWN, -1, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int code = -1;
      const char *text = NULL;
      g_assert_cmpint (mig_report_parse (cases[i].line, &code, &text), ==, cases[i].report);
      g_assert_cmpint (code, ==, cases[i].code);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* What is sent is one line, whatever the text, and is understood. */
static void
test_report_round_trip (void)
{
  g_autoptr (GError)
      failure = g_error_new (MIG_ERROR, MIG_ERROR_UNSUPPORTED, "two\nlines of 100%% trouble");
  char line[200] = "";
  const char *text;
  int ends[2], code = -1;

  g_assert_cmpint (pipe (ends), ==, 0);
  mig_report_send_error (ends[1], failure);
  close (ends[1]);
  g_assert_cmpint (read (ends[0], line, sizeof line - 1), >, 0);
  close (ends[0]);
  g_assert_true (g_str_has_suffix (line, "\n"));
  g_strchomp (line);
  g_assert_cmpint (mig_report_parse (line, &code, &text), ==, MIG_REPORT_ERROR);
  g_assert_cmpint (code, ==, MIG_ERROR_UNSUPPORTED);
  g_assert_cmpstr (text, ==, "two lines of 100% trouble");
}

/* A child makes a lab's directory and keeps it until it is told to end. */
static pid_t
start_keeper (const char *base, int *answer, int *go)
{
  int answers[2], gos[2];

  g_assert_cmpint (pipe (answers), ==, 0);
  g_assert_cmpint (pipe (gos), ==, 0);
  pid_t pid = fork ();
  if (pid == 0)
    {
      char byte;
      int lock_fd;
      char *directory = mig_lab_directory_create (base, &lock_fd, NULL);
      close (gos[1]);
      if (!directory || write (answers[1], directory, strlen (directory) + 1) < 0 ||
          read (gos[0], &byte, 1) < 0)
        _exit (1);
      execlp ("true", "true", NULL); /* no leak checker looks at what the copy of the parent held */
    }
  close (answers[1]);
  close (gos[0]);
  *answer = answers[0];
  *go = gos[1];
  return pid;
}

static void
test_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *base = g_build_filename (fixture->directory, "base", NULL);
  char directory[PATH_MAX] = "";
  int answer, go, status;

  g_autoptr (GPtrArray) none = mig_lab_directory_list (base, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);

  int lock = mig_lab_directory_lock (base, &error);
  g_assert_no_error (error);
  pid_t pid = start_keeper (base, &answer, &go);
  g_assert_cmpint (read (answer, directory, sizeof directory - 1), >, 0);
  mig_lab_directory_unlock (base, lock); /* not empty: it stays */

  g_autoptr (GPtrArray) one = mig_lab_directory_list (base, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (one, 0), ==, directory);
  g_assert_cmpint (mig_lab_directory_holder (directory), ==, pid);

  close (go);
  close (answer);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpint (mig_lab_directory_holder (directory), ==, 0);

  g_assert_true (mig_files_remove_tree (directory, &error));
  lock = mig_lab_directory_lock (base, &error);
  g_assert_no_error (error);
  mig_lab_directory_unlock (base, lock); /* empty: it goes */
  g_assert_false (g_file_test (base, G_FILE_TEST_EXISTS));
}

/* A process whose home is below a directory is found and killed; one whose home is beside it is
 * not. */
static void
test_sweep (Fixture *fixture, gconstpointer data)
{
  const char *argv[] = { "cat", NULL }; /* ends with this process, at the latest */
  g_autofree char *inside = g_strdup_printf ("HOME=%s/0/.", fixture->directory);
  g_autofree char *beside = g_strdup_printf ("HOME=%s-0/.", fixture->directory);
  char *homes[2] = { inside, beside };
  GPid pids[2];
  int inputs[2], status;

  for (guint i = 0; i < 2; i++)
    {
      char *env[] = { homes[i], NULL };
      g_autoptr (GError) error = NULL;
      g_spawn_async_with_pipes (NULL, (char **) argv, env,
                                G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                &pids[i], &inputs[i], NULL, NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (mig_cleanup_leftovers (fixture->directory), ==, 1);
  g_assert_cmpint (waitpid (pids[0], &status, 0), ==, pids[0]);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (waitpid (pids[1], &status, WNOHANG), ==, 0);

  mig_cleanup_children ();
  close (inputs[0]);
  close (inputs[1]);
  g_assert_cmpint (waitpid (pids[1], &status, 0), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

static void
touch (const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_assert_true (g_file_set_contents (path, "kernel", -1, NULL));
}

static void
assert_kernel (const char *directory, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found = mig_guest_kernel_find (&error);
  g_autofree char *expected = g_build_filename (directory, name, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, expected);
}

/* main has set the cache directory, which GLib asks for once. */
static void
test_kernel (void)
{
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "migcost", "kernel", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *given = g_build_filename (cache, "config-9", NULL);

  g_assert_cmpint (g_mkdir_with_parents (cache, 0700), ==, 0);
  touch (cache, "config-9");
  touch (cache, "vmlinuz-6.9.0-amd64");
  assert_kernel (cache, "vmlinuz-6.9.0-amd64");
  touch (cache, "vmlinuz-6.10.0-amd64");
  assert_kernel (cache, "vmlinuz-6.10.0-amd64");
  touch (cache, "vmlinuz-6.1.0-cloud-amd64");
  assert_kernel (cache, "vmlinuz-6.1.0-cloud-amd64");

  g_setenv ("MIGCOST_KERNEL", given, TRUE);
  assert_kernel (cache, "config-9");
  g_setenv ("MIGCOST_KERNEL", "/nonexistent", TRUE);
  g_assert_null (mig_guest_kernel_find (&error));
  g_assert_error (error, MIG_ERROR, MIG_ERROR_FAILED);
  g_unsetenv ("MIGCOST_KERNEL");
}

/* each host of a lab owns its share of what may be used, which need be neither all nor the first */
static void
test_cpus (void)
{
  static const struct {
    int allowed[4];
    guint n, n_hosts;
    int hosts[3][2];
    guint each;
  } cases[] = {
    { { 1 }, 1, 2, { { 1 }, { 1 } }, 1 },
    { { 0, 1 }, 2, 2, { { 0 }, { 1 } }, 1 },
    { { 2, 5, 6 }, 3, 2, { { 2 }, { 5 } }, 1 },
    { { 0, 2, 4, 7 }, 4, 2, { { 0, 2 }, { 4, 7 } }, 2 },
    { { 1 }, 1, 3, { { 1 }, { 1 }, { 1 } }, 1 },
    { { 0, 3 }, 2, 3, { { 0 }, { 3 }, { 0 } }, 1 },
    { { 0, 2, 4, 7 }, 4, 3, { { 0 }, { 2 }, { 4 } }, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GArray) allowed = g_array_new (FALSE, FALSE, sizeof (int));
      g_array_append_vals (allowed, cases[i].allowed, cases[i].n);
      for (guint host = 0; host < cases[i].n_hosts; host++)
        {
          g_autoptr (GArray) own = mig_lab_cpus_of_host (allowed, host, cases[i].n_hosts);
          g_assert_cmpmem (own->data, own->len * sizeof (int), cases[i].hosts[host],
                           cases[i].each * sizeof (int));
        }
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) here = mig_lab_cpus_allowed (&error);
  g_assert_no_error (error);
  g_assert_cmpuint (here->len, >, 0);
}

static void
put (const char *root, const char *name, const char *text)
{
  g_autofree char *path = g_strconcat (root, name, NULL);
  g_autofree char *directory = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

#define SCHED_AUTOGROUP "/proc/sys/kernel/sched_autogroup_enabled"

/* expected: its first character; 0: there is no such file */
static void
assert_autogroups (const char *root, char expected)
{
  g_autofree char *path = g_strconcat (root, SCHED_AUTOGROUP, NULL);
  g_autofree char *text = NULL;

  g_assert_cmpint (g_file_get_contents (path, &text, NULL, NULL), ==, expected != 0);
  if (expected)
    g_assert_cmpint (text[0], ==, expected);
}

/* which machines' autogroups are turned off, and that they are as before afterwards */
static void
test_autogroups (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *autogroups, *membership, *weight;
    gboolean off;
  } cases[] = {
    { NULL, "1:cpu:/\n", NULL, FALSE },
    { "0\n", "1:cpu:/\n", NULL, FALSE },
    { "1\n", "2:cpuacct:/\n1:cpu:/\n0::/x\n", NULL, TRUE },
    { "1\n", "1:cpuacct,cpu:/box\n", NULL, FALSE },
    { "1\n", "0::/\n", NULL, TRUE },
    { "1\n", "0::/box\n", "100\n", FALSE },
    { "1\n", "0::/box\n", NULL, TRUE },
    { "1\n", "", NULL, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *root = g_strdup_printf ("%s/%u", fixture->directory, i);
      g_autofree char *lab = g_strconcat (root, "/lab-1", NULL);
      g_autoptr (GError) error = NULL;
      char before = cases[i].autogroups ? cases[i].autogroups[0] : 0;
      put (root, "/proc/self/cgroup", cases[i].membership);
      put (root, "/proc/self/mountinfo", "25 1 0:1 / /c2 rw - cgroup2 none rw\n");
      if (cases[i].autogroups)
        put (root, SCHED_AUTOGROUP, cases[i].autogroups);
      if (cases[i].weight)
        put (root, "/c2/box/cpu.weight", cases[i].weight);
      g_assert_cmpint (g_mkdir (lab, 0700), ==, 0);
      g_assert_true (mig_autogroups_disable (root, lab, &error));
      g_assert_no_error (error);
      assert_autogroups (root, cases[i].off ? '0' : before);
      mig_autogroups_restore (root, lab);
      assert_autogroups (root, before);
    }
}

/* the first of two labs ends first: autogroups stay off until the other one ends too */
static void
test_autogroups_two (Fixture *fixture, gconstpointer data)
{
  const char *root = fixture->directory;
  g_autofree char *first = g_strconcat (root, "/lab-1", NULL),
                  *second = g_strconcat (root, "/lab-2", NULL);
  g_autoptr (GError) error = NULL;

  put (root, SCHED_AUTOGROUP, "1\n");
  g_assert_cmpint (g_mkdir (first, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (second, 0700), ==, 0);
  g_assert_true (mig_autogroups_disable (root, first, &error));
  g_assert_true (mig_autogroups_disable (root, second, &error));
  mig_autogroups_restore (root, first);
  assert_autogroups (root, '0');
  g_assert_cmpint (g_rmdir (first), ==, 0);
  mig_autogroups_restore (root, second);
  assert_autogroups (root, '1');
}

/* By the socket that a host's URI names. */
static void
test_uris (void)
{
  static const char base[] = "/run/migcost";
  static const char *const others[] = { "qemu:///session",
                                        "test:///default",
                                        "xen+ssh://alpha/system",
                                        "",
                                        "qemu+unix:///session?mode=x",
                                        "qemu+unix:///session?socket=/run/libvirt/libvirt-sock" };
  g_autofree char *lab = mig_lab_directory_of_uri (
      base, "qemu+unix:///session?socket=/run/migcost/lab-a1/1/run/libvirt/libvirt-sock");

  g_assert_cmpstr (lab, ==, "/run/migcost/lab-a1");
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_null (mig_lab_directory_of_uri (base, others[i]));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *cache = g_dir_make_tmp ("migcost-XXXXXX", &error);

  g_assert_no_error (error);
  setlocale (LC_ALL, "");
  g_unsetenv ("MIGCOST_KERNEL");
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/lab/state", Fixture, NULL, set_up, test_state, tear_down);
  g_test_add ("/lab/state-damaged", Fixture, NULL, set_up, test_state_damaged, tear_down);
  g_test_add_func ("/lab/report", test_report);
  g_test_add_func ("/lab/report-round-trip", test_report_round_trip);
  g_test_add ("/lab/place", Fixture, NULL, set_up, test_place, tear_down);
  g_test_add ("/lab/sweep", Fixture, NULL, set_up, test_sweep, tear_down);
  g_test_add_func ("/lab/kernel", test_kernel);
  g_test_add_func ("/lab/cpus", test_cpus);
  g_test_add_func ("/lab/uris", test_uris);
  g_test_add ("/lab/autogroups", Fixture, NULL, set_up, test_autogroups, tear_down);
  g_test_add ("/lab/autogroups-of-two", Fixture, NULL, set_up, test_autogroups_two, tear_down);
  int status = g_test_run ();
  g_assert_true (mig_files_remove_tree (cache, NULL));
  return status;
}
