/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/terminal.h"

/* Interrupts that come just before the end, many times: what hears them runs in a thread of its
 * own, which may not have run yet. */

#define TIMES 200

/* status_of: of a process that interrupts reach shortly before its end, and after that is told to
 * the terminal */
static int
status_of (void (*func) (gpointer data), gboolean again)
{
  int status = 0, heard = 0;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      mig_terminal_start ();
      mig_terminal_on_interrupt (func, &heard);
      raise (SIGINT);
      mig_terminal_stop ();
      if (again)
        raise (SIGINT);
      _exit (heard);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
count (gpointer heard)
{
  *(int *) heard += 1;
}

static void
test_nobody_waits (void)
{
  for (int i = 0; i < TIMES; i++)
    g_assert_cmpint (status_of (NULL, FALSE), ==, 128 + SIGINT);
}

static void
test_somebody_waits (void)
{
  for (int i = 0; i < TIMES; i++)
    g_assert_cmpint (status_of (count, FALSE), ==, 1);
}

/* timeout(1) sends each signal twice: the second one takes nothing from what is still printed. */
static void
test_twice (void)
{
  for (int i = 0; i < TIMES; i++)
    g_assert_cmpint (status_of (count, TRUE), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/terminal/last-interrupt/nobody-waits", test_nobody_waits);
  g_test_add_func ("/terminal/last-interrupt/somebody-waits", test_somebody_waits);
  g_test_add_func ("/terminal/last-interrupt/twice", test_twice);
  return g_test_run ();
}
