/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "probe/announcement.h"
#include "probe/load-generator.h"
#include "probe/probe-target.h"
#include "probe/prober.h"

#define MAX_EVENTS 64
#define MAX_LINE (MIG_PROBE_MAX_PATH + 128)
/* data of events that are not a target's: no target has that number */
#define TIMER G_MAXUINT64
#define CLIENT (G_MAXUINT64 - 1)
#define ANNOUNCEMENTS (G_MAXUINT64 - 2)
#define LOAD(index) (G_MAXUINT64 - 3 - (index))
#define LAST_LOAD LOAD (MIG_PROBE_MAX_GUESTS - 1)
/* for so long answers are waited for that are on their way in the end, those to load generators,
 * too; and then for the load generators to end */
#define LAST_ANSWERS_NS (2 * MIG_NS_PER_S)
#define LAST_LOADS_NS (10 * MIG_NS_PER_S)

typedef struct {
  int client, epoll_fd, timer;
  int announcements;  /* -1: none are heard */
  GArray *announced;  /* MigAnnouncement */
  GPtrArray *targets; /* MigProbeTarget, by the guests' numbers */
  GPtrArray *loads;   /* MigLoadGenerator */
  gint64 start_ns;    /* of the grid; missing: it has not begun */
  gboolean ending;    /* no more is sent: what is on its way may still be answered */
  gboolean over;      /* nothing more is waited for */
  gint64 cpu_ns;      /* of this thread, before it */
  char line[MAX_LINE];
  gsize length; /* of what is there of a line */
} Session;

/* ---- one who asks ---- */

static gboolean
answer (const Session *session, const char *text, gsize size)
{
  while (size > 0)
    {
      ssize_t done = send (session->client, text, size, MSG_NOSIGNAL);
      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        return FALSE;
      text += done;
      size -= (gsize) done;
    }
  return TRUE;
}

/* add_target: SPEC PERIOD */
static gboolean
add_target (Session *session, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 3);
  g_autoptr (MigProbeSpec) spec = NULL;
  gint64 period_ns = 0;

  if (g_strv_length (words) != 2 || session->targets->len == MIG_PROBE_MAX_GUESTS ||
      !g_ascii_string_to_signed (words[1], 10, 0, MIG_NS_PER_S, &period_ns, NULL) ||
      !(spec = mig_probe_spec_parse (words[0], TRUE, NULL)))
    return FALSE;
  MigProbeTarget *target = mig_probe_target_new (session->epoll_fd, session->targets->len, spec,
                                                 period_ns, NULL);
  if (target)
    g_ptr_array_add (session->targets, target);
  return target != NULL;
}

static gboolean
watch (const Session *session, int fd, guint64 data)
{
  struct epoll_event event = { .events = EPOLLIN, .data.u64 = data };

  return fd >= 0 && epoll_ctl (session->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* start_load: one that cannot be run has no requests. */
static gboolean
start_load (Session *session, const char *words)
{
  MigLoadGenerator *load = session->loads->len < MIG_PROBE_MAX_GUESTS
                               ? mig_load_generator_start (words)
                               : NULL;

  if (!load)
    return TRUE;
  g_ptr_array_add (session->loads, load);
  return watch (session, mig_load_generator_fd (load), LOAD (session->loads->len - 1));
}

/* loads_go_on: some have not ended yet. */
static gboolean
loads_go_on (const Session *session)
{
  for (guint i = 0; i < session->loads->len; i++)
    if (mig_load_generator_fd (session->loads->pdata[i]) >= 0)
      return TRUE;
  return FALSE;
}

static gboolean
forget (Session *session, const char *text)
{
  gint64 before_ns;

  if (!g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &before_ns, NULL))
    return FALSE;
  for (guint i = 0; i < session->targets->len; i++)
    mig_probe_target_forget (session->targets->pdata[i], before_ns);
  guint n = 0;
  while (n < session->announced->len &&
         g_array_index (session->announced, MigAnnouncement, n).time_ns < before_ns)
    n++;
  g_array_remove_range (session->announced, 0, n);
  return TRUE;
}

static gboolean
set_timer (const Session *session, gint64 first_ns, gint64 period_ns)
{
  struct itimerspec times = { .it_interval.tv_nsec = period_ns,
                              .it_value = { .tv_sec = first_ns / MIG_NS_PER_S,
                                            .tv_nsec = first_ns % MIG_NS_PER_S } };

  return timerfd_settime (session->timer, TFD_TIMER_ABSTIME, &times, NULL) == 0;
}

static gboolean
add_streams (Session *session, const char *text)
{
  guint64 guest;

  if (session->targets->len == 0 ||
      !g_ascii_string_to_unsigned (text, 10, 0, session->targets->len - 1, &guest, NULL))
    return FALSE;
  mig_probe_target_stream (session->targets->pdata[guest]);
  return TRUE;
}

static gboolean
start_probing (Session *session, const char *rest)
{
  session->start_ns = mig_clock_now () + MIG_PROBE_TICK_NS;
  return set_timer (session, session->start_ns, MIG_PROBE_TICK_NS);
}

static gboolean
end_probing (Session *session, const char *rest)
{
  session->ending = TRUE;
  for (guint i = 0; i < session->loads->len; i++)
    mig_load_generator_stop (session->loads->pdata[i]);
  return set_timer (session, mig_clock_now () + LAST_ANSWERS_NS, 0);
}

/* is_quiet: nothing that was sent last is still to be answered. */
static gboolean
is_quiet (const Session *session)
{
  for (guint i = 0; i < session->targets->len; i++)
    if (!mig_probe_target_is_quiet (session->targets->pdata[i]))
      return FALSE;
  return TRUE;
}

/* The latest of its targets decides: all that have ever answered and are still asked have been
 * answered up to then. */
static gboolean
tell_heard (Session *session, const char *rest)
{
  gint64 heard_ns = MIG_MISSING_INT;

  for (guint i = 0; i < session->targets->len; i++)
    {
      const MigProbeTarget *target = session->targets->pdata[i];
      gint64 target_ns = mig_probe_target_heard (target);
      if (MIG_IS_MISSING (target_ns) || mig_probe_target_is_limited (target))
        continue;
      heard_ns = MIG_IS_MISSING (heard_ns) ? target_ns : MIN (heard_ns, target_ns);
    }
  g_autofree char *text = MIG_IS_MISSING (heard_ns)
                              ? g_strdup ("-\n")
                              : g_strdup_printf ("%" G_GINT64_FORMAT "\n", heard_ns);
  return answer (session, text, strlen (text));
}

/* tell_unheard: those that are asked no more are waited for no more, either. */
static gboolean
tell_unheard (Session *session, const char *rest)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < session->targets->len; i++)
    if (!mig_probe_target_has_answered (session->targets->pdata[i]) &&
        !mig_probe_target_is_limited (session->targets->pdata[i]))
      g_string_append_printf (text, "%s%u", text->len ? " " : "", i);
  g_string_append (text, text->len ? "\n" : "-\n");
  return answer (session, text->str, text->len);
}

/* thread_cpu: the CPU time that this thread has taken. */
static gint64
thread_cpu (void)
{
  struct timespec cpu = { 0 };

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &cpu);
  return cpu.tv_sec * MIG_NS_PER_S + cpu.tv_nsec;
}

/* tell_done: the last line of what is told: with the CPU time that the session has taken. */
static gboolean
tell_done (const Session *session)
{
  g_autofree char *text = g_strdup_printf (MIG_PROBER_DONE "%" G_GINT64_FORMAT "\n",
                                           thread_cpu () - session->cpu_ns);
  return answer (session, text, strlen (text));
}

static gboolean
tell_announced (const Session *session)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < session->announced->len; i++)
    mig_announcement_format (text, &g_array_index (session->announced, MigAnnouncement, i));
  return answer (session, text->str, text->len);
}

/* tell_all: while it is still asked, without what is on its way. */
static gboolean
tell_all (Session *session, const char *rest)
{
  gint64 since_ns = session->ending ? G_MAXINT64 : mig_clock_now () - MIG_PROBE_LOST_NS;
  gboolean ok = TRUE;

  for (guint i = 0; i < session->targets->len && ok; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      mig_probe_target_tell (session->targets->pdata[i], since_ns, text);
      ok = answer (session, text->str, text->len);
    }
  for (guint i = 0; i < session->loads->len && session->ending && ok; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      mig_load_generator_tell (session->loads->pdata[i], text);
      ok = answer (session, text->str, text->len);
    }
  if (ok)
    ok = tell_announced (session);
  return ok && tell_done (session);
}

/* What is asked of the prober: the words of prober.h. A command's rest may be empty. */
static const struct {
  const char *word;
  gboolean (*obey) (Session *session, const char *rest);
} commands[] = {
  { "guest ", add_target },    { "forget ", forget },       { "go", start_probing },
  { "heard", tell_heard },     { "unheard", tell_unheard }, { "load ", start_load },
  { "streams ", add_streams }, { "tell", tell_all },        { "end", end_probing },
};

/* obey: a line; FALSE: the session is over. */
static gboolean
obey (Session *session, const char *line)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_has_prefix (line, commands[i].word))
      return commands[i].obey (session, line + strlen (commands[i].word));
  return FALSE;
}

static gboolean
read_client (Session *session)
{
  ssize_t got = read (session->client, session->line + session->length,
                      sizeof session->line - session->length - 1);
  char *end;

  if (got <= 0)
    return got < 0 && errno == EINTR;
  session->length += (gsize) got;
  session->line[session->length] = '\0';
  while ((end = strchr (session->line, '\n')))
    {
      *end = '\0';
      if (!obey (session, session->line))
        return FALSE;
      session->length -= (gsize) (end + 1 - session->line);
      memmove (session->line, end + 1, session->length + 1);
    }
  return session->length < sizeof session->line - 1;
}

/* end_loads: what they still wait for is given up; later, those that do not end by that. */
static void
end_loads (Session *session)
{
  if (session->over)
    {
      g_ptr_array_set_size (session->loads, 0);
      return;
    }
  for (guint i = 0; i < session->loads->len; i++)
    mig_load_generator_give_up (session->loads->pdata[i]);
  set_timer (session, mig_clock_now () + LAST_LOADS_NS, 0);
}

static void
tick (Session *session)
{
  guint64 expirations;

  if (read (session->timer, &expirations, sizeof expirations) != sizeof expirations)
    return;
  if (session->ending)
    {
      end_loads (session);
      session->over = TRUE;
      return;
    }
  gint64 due_ns = mig_probe_due (session->start_ns, MIG_PROBE_TICK_NS, mig_clock_now ());
  guint64 index = (guint64) ((due_ns - session->start_ns) / MIG_PROBE_TICK_NS);
  for (guint i = 0; i < session->targets->len; i++)
    mig_probe_target_tick (session->targets->pdata[i], due_ns, index);
}

static gboolean
handle (Session *session, guint64 data)
{
  if (data == CLIENT)
    return read_client (session);
  if (data == TIMER)
    tick (session);
  else if (data == ANNOUNCEMENTS)
    mig_announcements_take (session->announcements, session->announced);
  else if (data >= LAST_LOAD && LOAD (data) < session->loads->len)
    mig_load_generator_ready (session->loads->pdata[LOAD (data)]);
  else if (mig_probe_guest_of (data) < session->targets->len)
    mig_probe_target_ready (session->targets->pdata[mig_probe_guest_of (data)], data);
  return TRUE;
}

void
mig_prober_serve (int client, int announcements)
{
  Session session = { .client = client,
                      .epoll_fd = epoll_create1 (EPOLL_CLOEXEC),
                      .timer = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
                      .announcements = announcements,
                      .announced = g_array_new (FALSE, FALSE, sizeof (MigAnnouncement)),
                      .start_ns = MIG_MISSING_INT,
                      .cpu_ns = thread_cpu () };
  struct epoll_event events[MAX_EVENTS];
  gboolean ok = watch (&session, session.timer, TIMER) && watch (&session, client, CLIENT);

  if (announcements >= 0)
    {
      mig_announcements_take (announcements, session.announced);
      g_array_set_size (session.announced, 0); /* from before */
      ok = ok && watch (&session, announcements, ANNOUNCEMENTS);
    }
  session.targets = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_probe_target_free);
  session.loads = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_load_generator_free);
  while (ok)
    {
      int n = epoll_wait (session.epoll_fd, events, MAX_EVENTS, -1);
      ok = n > 0 || errno == EINTR;
      for (int i = 0; i < n && ok; i++)
        ok = handle (&session, events[i].data.u64);
      if (ok && session.ending && !loads_go_on (&session) && (session.over || is_quiet (&session)))
        {
          tell_all (&session, NULL);
          ok = FALSE;
        }
    }
  g_ptr_array_unref (session.targets);
  g_ptr_array_unref (session.loads);
  g_array_unref (session.announced);
  close (session.timer);
  close (session.epoll_fd);
}

int
mig_prober_run (int listener, int announcements)
{
  int client;

  for (;;)
    {
      client = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);
      if (client >= 0)
        {
          mig_prober_serve (client, announcements);
          close (client);
        }
      else if (errno != EINTR && errno != ECONNABORTED)
        return 1;
    }
}
