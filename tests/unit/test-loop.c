/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib-unix.h>
#include <libvirt/libvirt.h>
#include <unistd.h>

#include "virt/loop.h"

static GMutex lock;
static GCond changed;

typedef struct {
  int calls, freed; /* under lock */
  int last_events;  /* under lock */
  int fd;           /* read one byte from it at each call; -1: none */
  int id;
  gboolean remove_self;
} Probe;

static void
took_place (int *counter)
{
  g_mutex_lock (&lock);
  ++*counter;
  g_cond_broadcast (&changed);
  g_mutex_unlock (&lock);
}

static void
wait_for (const int *counter, int at_least)
{
  g_mutex_lock (&lock);
  while (*counter < at_least)
    g_cond_wait (&changed, &lock);
  g_mutex_unlock (&lock);
}

static void
on_free (void *opaque)
{
  took_place (&((Probe *) opaque)->freed);
}

static void
on_handle (int watch, int fd, int events, void *opaque)
{
  Probe *probe = opaque;
  char byte;

  probe->last_events = events;
  if (events & VIR_EVENT_HANDLE_READABLE)
    g_assert_cmpint (read (fd, &byte, 1), >=, 0);
  if (probe->remove_self)
    {
      g_assert_cmpint (virEventRemoveHandle (watch), ==, 0);
      /* never from inside the removal: libvirt holds locks there */
      g_assert_cmpint (probe->freed, ==, 0);
    }
  took_place (&probe->calls);
}

static void
on_timeout (int timer, void *opaque)
{
  took_place (&((Probe *) opaque)->calls);
}

static void
test_handle (void)
{
  Probe probe = { 0 };
  int fds[2];

  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  probe.id = virEventAddHandle (fds[0], VIR_EVENT_HANDLE_READABLE, on_handle, &probe, on_free);
  g_assert_cmpint (probe.id, >, 0);
  g_assert_cmpint (write (fds[1], "a", 1), ==, 1);
  wait_for (&probe.calls, 1);
  g_assert_cmpint (probe.last_events, ==, VIR_EVENT_HANDLE_READABLE);

  /* without interest nothing comes; with it again, what has been waiting does */
  virEventUpdateHandle (probe.id, 0);
  g_assert_cmpint (write (fds[1], "b", 1), ==, 1);
  virEventUpdateHandle (probe.id, VIR_EVENT_HANDLE_READABLE);
  wait_for (&probe.calls, 2);

  g_assert_cmpint (virEventRemoveHandle (probe.id), ==, 0);
  wait_for (&probe.freed, 1);
  g_assert_cmpint (virEventRemoveHandle (probe.id), ==, -1);
  close (fds[0]);
  close (fds[1]);
}

static void
test_remove_inside (void)
{
  Probe probe = { .remove_self = TRUE };
  int fds[2];

  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  probe.id = virEventAddHandle (fds[0], VIR_EVENT_HANDLE_READABLE, on_handle, &probe, on_free);
  g_assert_cmpint (write (fds[1], "a", 1), ==, 1);
  wait_for (&probe.freed, 1);
  g_assert_cmpint (probe.calls, ==, 1);
  close (fds[0]);
  close (fds[1]);
}

static void
test_hang_up (void)
{
  Probe probe = { .remove_self = TRUE };
  int fds[2];

  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  close (fds[1]);
  probe.id = virEventAddHandle (fds[0], VIR_EVENT_HANDLE_READABLE, on_handle, &probe, on_free);
  wait_for (&probe.freed, 1);
  g_assert_true (probe.last_events & VIR_EVENT_HANDLE_HANGUP);
  close (fds[0]);
}

static void
test_timeout (void)
{
  Probe repeated = { 0 }, disabled = { 0 }, at_once = { 0 };

  disabled.id = virEventAddTimeout (-1, on_timeout, &disabled, on_free);
  repeated.id = virEventAddTimeout (1, on_timeout, &repeated, on_free);
  wait_for (&repeated.calls, 5);
  g_assert_cmpint (disabled.calls, ==, 0);
  virEventUpdateTimeout (disabled.id, 0);
  wait_for (&disabled.calls, 1);
  at_once.id = virEventAddTimeout (0, on_timeout, &at_once, on_free);
  wait_for (&at_once.calls, 1);
  virEventRemoveTimeout (repeated.id);
  virEventRemoveTimeout (disabled.id);
  virEventRemoveTimeout (at_once.id);
  wait_for (&repeated.freed, 1);
  wait_for (&disabled.freed, 1);
  wait_for (&at_once.freed, 1);
}

/* A loop that waits without end notices what another thread adds, and ends when it is told to. */
static void
test_restart (void)
{
  for (guint i = 0; i < 50; i++)
    {
      mig_loop_stop ();
      g_assert_true (mig_loop_start (NULL));
    }
  test_handle ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (mig_loop_start (NULL));
  g_test_add_func ("/loop/handle", test_handle);
  g_test_add_func ("/loop/remove-inside", test_remove_inside);
  g_test_add_func ("/loop/hang-up", test_hang_up);
  g_test_add_func ("/loop/timeout", test_timeout);
  g_test_add_func ("/loop/restart", test_restart);
  int status = g_test_run ();
  mig_loop_stop ();
  return status;
}
