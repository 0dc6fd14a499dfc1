/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "workloads/protocol.h"

/* The program itself, as an ordinary process: the one for the guests (static) and the one of the
 * tests (with sanitizers, where they are on). */
static const char *const programs[] = { "workloads/migcost-guest-check",
                                        "workloads/migcost-guest" };

typedef struct {
  GSubprocess *process;
  GDataInputStream *output;
} Program;

/* whatever the tests' own standard input is */
#define PIPES (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE)

static void
program_begin (Program *program, const char *name, const char *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("top_builddir"), name, NULL);
  g_autofree char *line = g_strdup_printf ("%s %s", path, arguments);
  g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", -1);

  program->process = g_subprocess_newv ((const char *const *) words, PIPES, &error);
  g_assert_no_error (error);
  program->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (program->process));
}

static void
program_end (Program *program)
{
  g_object_unref (program->output);
  g_object_unref (program->process);
}

/* FALSE at the end. */
static gboolean
next_line (Program *program, MigLine *line)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  g_autofree char *text = g_data_input_stream_read_line (program->output, &length, NULL, &error);

  g_assert_no_error (error);
  if (text)
    mig_protocol_parse (text, length, line);
  return text != NULL;
}

/* READY, then heartbeats from 0 without a gap, clock and work never going back; SIGTERM ends it. */
static void
check_life (const char *name, const char *arguments, const char *ready)
{
  Program program;
  MigLine line, last = { 0 };
  g_autoptr (GError) error = NULL;

  program_begin (&program, name, arguments);
  g_assert_true (next_line (&program, &line));
  g_assert_cmpint (line.kind, ==, MIG_LINE_READY);
  g_assert_cmpstr (line.text, ==, ready);
  g_assert_cmpuint (line.period_ns, ==, 1000000);
  for (guint64 i = 0; i < 50; i++)
    {
      g_assert_true (next_line (&program, &line));
      g_assert_cmpint (line.kind, ==, MIG_LINE_HEARTBEAT);
      g_assert_cmpuint (line.sequence, ==, i);
      g_assert_cmpuint (line.guest_ns, >, last.guest_ns);
      g_assert_cmpuint (line.work_units, >=, last.work_units);
      last = line;
    }
  g_subprocess_send_signal (program.process, SIGTERM);
  while (next_line (&program, &line))
    g_assert_cmpint (line.kind, ==, MIG_LINE_HEARTBEAT);
  g_assert_true (g_subprocess_wait_check (program.process, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (last.work_units > 0, ==, !strstr (arguments, "idle"));
  program_end (&program);
}

static void
check_fatal (const char *name, const char *arguments, const char *part)
{
  Program program;
  MigLine line;

  program_begin (&program, name, arguments);
  g_assert_true (next_line (&program, &line));
  g_assert_cmpint (line.kind, ==, MIG_LINE_FATAL);
  g_assert_nonnull (strstr (line.text, part));
  g_assert_false (next_line (&program, &line));
  g_assert_true (g_subprocess_wait (program.process, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (program.process), ==, 1);
  program_end (&program);
}

static void
check_life_with_disk (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("migcost-disk-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (ftruncate (fd, 1000000), ==, 0);
  g_setenv ("MIGCOST_GUEST_DISK", path, TRUE);
  check_life (name, "io period=1ms wss=1000000", "io block");
  check_life (name, "io period=1ms wss=1000000 rate=5000 order=random threads=2", "io block");
  check_fatal (name, "io wss=1000001", "does not fit on the disk of 1000000 bytes");
  g_unsetenv ("MIGCOST_GUEST_DISK");
  check_fatal (name, "io", "cannot open the disk");
  close (fd);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_life (gconstpointer name)
{
  check_life (name, "idle period=1ms", "idle nothing");
  check_life (name, "cpu period=1ms", "cpu 65536-increments");
  check_life (name, "memory period=1ms wss=1000000", "memory page");
  check_life (name, "memory period=1ms wss=1000000 rate=20000 order=random", "memory page");
  check_life (name, "memory period=1ms wss=1000000 threads=3", "memory page");
  check_life (name, "idle period=1ms threads=2", "idle nothing");
  check_life_with_disk (name);
}

/* 20 ms of heartbeats, and no more */
static void
test_off (gconstpointer name)
{
  Program program;
  MigLine line;
  guint beats = 0;

  program_begin (&program, name, "idle period=1ms off-after=20ms");
  g_assert_true (next_line (&program, &line));
  g_assert_cmpint (line.kind, ==, MIG_LINE_READY);
  for (; next_line (&program, &line); beats++)
    g_assert_cmpint (line.kind, ==, MIG_LINE_HEARTBEAT);
  g_assert_cmpuint (beats, >=, 1);
  g_assert_cmpuint (beats, <=, 20);
  g_assert_true (g_subprocess_wait_check (program.process, NULL, NULL));
  program_end (&program);
}

static void
ask_for (Program *program, guint64 period_ns)
{
  GOutputStream *input = g_subprocess_get_stdin_pipe (program->process);
  char line[MIG_PROTOCOL_MAX_LINE];
  gsize length = mig_protocol_format_period (line, period_ns);

  g_assert_true (g_output_stream_write_all (input, line, length, NULL, NULL, NULL));
}

/* A period that is asked for is answered at once, by a line that says it; the end of standard input
 * changes nothing. */
static void
test_asked (gconstpointer name)
{
  Program program;
  MigLine line;

  program_begin (&program, name, "cpu period=60s");
  g_assert_true (next_line (&program, &line));
  g_assert_true (next_line (&program, &line));
  g_assert_cmpuint (line.period_ns, ==, 60000000000);
  ask_for (&program, 50000000000);
  g_assert_true (next_line (&program, &line));
  g_assert_cmpuint (line.sequence, ==, 1);
  g_assert_cmpuint (line.period_ns, ==, 50000000000);
  ask_for (&program, 1000000);
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (program.process), NULL, NULL));
  for (guint i = 2; i < 20; i++)
    {
      g_assert_true (next_line (&program, &line));
      g_assert_cmpuint (line.sequence, ==, i);
      g_assert_cmpuint (line.period_ns, ==, 1000000);
    }
  g_subprocess_send_signal (program.process, SIGTERM);
  g_assert_true (g_subprocess_wait_check (program.process, NULL, NULL));
  program_end (&program);
}

static void
test_fatal (gconstpointer name)
{
  check_fatal (name, "", "no workload given");
  check_fatal (name, "disk", "unknown workload 'disk'");
  check_fatal (name, "memory wss=1", "bad value '1' of wss");
  check_fatal (name, "memory wss=17592186044416", "not enough memory");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *base = g_path_get_basename (programs[i]);
      g_autofree char *life = g_strdup_printf ("/workload-program/%s/life", base);
      g_autofree char *fatal = g_strdup_printf ("/workload-program/%s/fatal", base);
      g_autofree char *off = g_strdup_printf ("/workload-program/%s/off", base);
      g_test_add_data_func (life, programs[i], test_life);
      g_test_add_data_func (fatal, programs[i], test_fatal);
      g_autofree char *asked = g_strdup_printf ("/workload-program/%s/asked", base);
      g_test_add_data_func (asked, programs[i], test_asked);
      g_test_add_data_func (off, programs[i], test_off);
    }
  return g_test_run ();
}
