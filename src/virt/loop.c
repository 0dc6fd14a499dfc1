/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/units.h"
#include "virt/internal.h"
#include "virt/loop.h"

/* An implementation of libvirt's event API by poll(2).
 *
 * libvirt's default one makes a new GSource whenever the interest in a descriptor changes and wakes
 * itself up through an eventfd each time, also from its own thread: three to four times for each
 * line of a console. With 400 heartbeats a second that was most of the CPU time that migcost took.
 * Here a change from the loop's own thread is a change of a struct. */

typedef struct {
  int id;
  int fd;           /* a handle's; -1: a timeout */
  int events;       /* handle: VIR_EVENT_HANDLE_* */
  gint64 period_ns; /* timeout; -1: disabled */
  gint64 due_ns;    /* timeout */
  gboolean removed; /* freed by the loop, outside of all callbacks */
  union {
    virEventHandleCallback handle;
    virEventTimeoutCallback timeout;
  } func;
  void *opaque;
  virFreeCallback free_opaque;
} Watch;

static GMutex lock;
static GPtrArray *watches; /* under lock; of Watch */
static int last_id;        /* under lock */
static gboolean waiting;   /* under lock: the loop is in poll() or about to be */
static int wake_fd = -1;
static GThread *thread;
static int thread_id; /* as the kernel numbers it */
static gint stopping;

static void
wake_up (void)
{
  guint64 one = 1;

  if (!waiting || g_thread_self () == thread)
    return;
  waiting = FALSE;
  if (write (wake_fd, &one, sizeof one) < 0)
    g_warn_if_fail (errno == EAGAIN);
}

static Watch *
find (int id, gboolean handle)
{
  for (guint i = 0; i < watches->len; i++)
    {
      Watch *watch = g_ptr_array_index (watches, i);
      if (watch->id == id && (watch->fd >= 0) == handle && !watch->removed)
        return watch;
    }
  return NULL;
}

static int
add_watch (Watch watch)
{
  g_mutex_lock (&lock);
  watch.id = ++last_id;
  g_ptr_array_add (watches, g_memdup2 (&watch, sizeof watch));
  wake_up ();
  g_mutex_unlock (&lock);
  return watch.id;
}

static int
remove_watch (int id, gboolean handle)
{
  g_mutex_lock (&lock);
  Watch *watch = find (id, handle);
  if (watch)
    {
      watch->removed = TRUE;
      wake_up ();
    }
  g_mutex_unlock (&lock);
  return watch ? 0 : -1;
}

/* ---- the API that libvirt calls ---- */

static int
add_handle (int fd, int events, virEventHandleCallback func, void *opaque,
            virFreeCallback free_opaque)
{
  return add_watch ((Watch){ .fd = fd,
                             .events = events,
                             .func.handle = func,
                             .opaque = opaque,
                             .free_opaque = free_opaque });
}

static void
update_handle (int id, int events)
{
  g_mutex_lock (&lock);
  Watch *watch = find (id, TRUE);
  if (watch && watch->events != events)
    {
      watch->events = events;
      wake_up ();
    }
  g_mutex_unlock (&lock);
}

static int
remove_handle (int id)
{
  return remove_watch (id, TRUE);
}

static void
set_period (Watch *watch, int period_ms)
{
  watch->period_ns = period_ms < 0 ? -1 : period_ms * MIG_NS_PER_MS;
  watch->due_ns = mig_clock_now () + MAX (watch->period_ns, 0);
}

static int
add_timeout (int period_ms, virEventTimeoutCallback func, void *opaque, virFreeCallback free_opaque)
{
  Watch watch = { .fd = -1, .func.timeout = func, .opaque = opaque, .free_opaque = free_opaque };
  set_period (&watch, period_ms);
  return add_watch (watch);
}

static void
update_timeout (int id, int period_ms)
{
  g_mutex_lock (&lock);
  Watch *watch = find (id, FALSE);
  if (watch)
    {
      set_period (watch, period_ms);
      wake_up ();
    }
  g_mutex_unlock (&lock);
}

static int
remove_timeout (int id)
{
  return remove_watch (id, FALSE);
}

/* ---- the loop ---- */

static short
to_poll (int events)
{
  return (events & VIR_EVENT_HANDLE_READABLE ? POLLIN : 0) |
         (events & VIR_EVENT_HANDLE_WRITABLE ? POLLOUT : 0);
}

static int
from_poll (short events)
{
  return (events & POLLIN ? VIR_EVENT_HANDLE_READABLE : 0) |
         (events & POLLOUT ? VIR_EVENT_HANDLE_WRITABLE : 0) |
         (events & (POLLERR | POLLNVAL) ? VIR_EVENT_HANDLE_ERROR : 0) |
         (events & POLLHUP ? VIR_EVENT_HANDLE_HANGUP : 0);
}

/* Frees what was removed. Under the lock, which it drops for the callbacks. */
static void
sweep (void)
{
  for (guint i = 0; i < watches->len;)
    {
      Watch *watch = g_ptr_array_index (watches, i);
      if (!watch->removed)
        {
          i++;
          continue;
        }
      g_ptr_array_remove_index (watches, i);
      g_mutex_unlock (&lock);
      if (watch->free_opaque)
        watch->free_opaque (watch->opaque);
      g_free (watch);
      g_mutex_lock (&lock);
      i = 0; /* a callback may have changed the array */
    }
}

/* What to wait for, and until when (ms; -1: no end). ids: parallel to fds. Under the lock. */
static int
prepare (GArray *fds, GArray *ids)
{
  gint64 due_ns = G_MAXINT64;

  g_array_set_size (fds, 0);
  g_array_set_size (ids, 0);
  for (guint i = 0; i < watches->len; i++)
    {
      const Watch *watch = g_ptr_array_index (watches, i);
      if (watch->fd < 0 && watch->period_ns >= 0)
        due_ns = MIN (due_ns, watch->due_ns);
      if (watch->fd < 0 || watch->events == 0)
        continue;
      struct pollfd entry = { .fd = watch->fd, .events = to_poll (watch->events) };
      g_array_append_val (fds, entry);
      g_array_append_val (ids, watch->id);
    }
  struct pollfd wake = { .fd = wake_fd, .events = POLLIN };
  g_array_append_val (fds, wake);
  if (due_ns == G_MAXINT64)
    return -1;
  return (int) CLAMP ((due_ns - mig_clock_now () + MIG_NS_PER_MS - 1) / MIG_NS_PER_MS, 0, 60000);
}

static void
dispatch_handle (int id, short events)
{
  g_mutex_lock (&lock);
  Watch *watch = find (id, TRUE);
  Watch copy = watch ? *watch : (Watch){ 0 };
  g_mutex_unlock (&lock);
  if (watch)
    copy.func.handle (id, copy.fd, from_poll (events), copy.opaque);
}

static void
dispatch_timeouts (GArray *due)
{
  gint64 now = mig_clock_now ();

  g_array_set_size (due, 0);
  g_mutex_lock (&lock);
  for (guint i = 0; i < watches->len; i++)
    {
      Watch *watch = g_ptr_array_index (watches, i);
      if (watch->fd >= 0 || watch->removed || watch->period_ns < 0 || watch->due_ns > now)
        continue;
      watch->due_ns = now + watch->period_ns;
      g_array_append_val (due, watch->id);
    }
  g_mutex_unlock (&lock);
  for (guint i = 0; i < due->len; i++)
    {
      g_mutex_lock (&lock);
      Watch *watch = find (g_array_index (due, int, i), FALSE);
      Watch copy = watch ? *watch : (Watch){ 0 };
      g_mutex_unlock (&lock);
      if (watch)
        copy.func.timeout (copy.id, copy.opaque);
    }
}

static void
drain_wake_ups (void)
{
  guint64 count;
  if (read (wake_fd, &count, sizeof count) < 0)
    g_warn_if_fail (errno == EAGAIN);
}

static gpointer
run_loop (gpointer data)
{
  g_atomic_int_set (&thread_id, gettid ());
  g_autoptr (GArray) fds = g_array_new (FALSE, FALSE, sizeof (struct pollfd));
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GArray) due = g_array_new (FALSE, FALSE, sizeof (int));

  while (!g_atomic_int_get (&stopping))
    {
      g_mutex_lock (&lock);
      sweep ();
      int timeout_ms = prepare (fds, ids);
      waiting = TRUE;
      g_mutex_unlock (&lock);
      int ready = poll ((struct pollfd *) (gpointer) fds->data, fds->len, timeout_ms);
      g_mutex_lock (&lock);
      waiting = FALSE;
      g_mutex_unlock (&lock);
      if (ready > 0 && g_array_index (fds, struct pollfd, fds->len - 1).revents)
        drain_wake_ups ();
      for (guint i = 0; ready > 0 && i < ids->len; i++)
        if (g_array_index (fds, struct pollfd, i).revents)
          dispatch_handle (g_array_index (ids, int, i),
                           g_array_index (fds, struct pollfd, i).revents);
      dispatch_timeouts (due);
    }
  return NULL;
}

/* ---- life ---- */

/* libvirt prints every error to standard error unless told otherwise; here each becomes a GError */
static void
discard_error (void *data, virErrorPtr error)
{
}

gboolean
mig_loop_start (GError **error)
{
  if (thread)
    return TRUE;
  if (virInitialize () < 0)
    {
      mig_virt_error (error, "cannot start libvirt");
      return FALSE;
    }
  if (!watches)
    {
      wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
      if (wake_fd < 0)
        {
          mig_error_set_errno (error, errno, "cannot make an eventfd");
          return FALSE;
        }
      watches = g_ptr_array_new ();
      virEventRegisterImpl (add_handle, update_handle, remove_handle, add_timeout, update_timeout,
                            remove_timeout);
      virSetErrorFunc (NULL, discard_error);
    }
  g_atomic_int_set (&stopping, 0);
  g_mutex_lock (&lock);
  thread = g_thread_new ("events", run_loop, NULL);
  g_mutex_unlock (&lock);
  return TRUE;
}

gint64
mig_loop_waited_ns (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/schedstat",
                                           g_atomic_int_get (&thread_id));
  g_autofree char *text = NULL;

  /* ran, waited, time slices */
  const char *waited = g_file_get_contents (path, &text, NULL, NULL) ? strchr (text, ' ') : NULL;
  return waited ? g_ascii_strtoll (waited, NULL, 10) : MIG_MISSING_INT;
}

void
mig_loop_stop (void)
{
  if (!thread)
    return;
  g_atomic_int_set (&stopping, 1);
  g_mutex_lock (&lock);
  waiting = TRUE; /* whatever it is doing, it must come round once more */
  wake_up ();
  g_mutex_unlock (&lock);
  g_thread_join (thread);
  thread = NULL;
  g_mutex_lock (&lock);
  sweep ();
  g_mutex_unlock (&lock);
}
