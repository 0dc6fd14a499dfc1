/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "measure/internal.h"
#include "virt/template.h"

/* of a guest's console at most this much is kept */
#define CONSOLE_LOG_BYTES (256 * 1024)
/* rates of the last seconds that differ by less than this are steady */
#define STEADY_RATIO 0.2

MigActor *
mig_actor_new (MigRunner *runner, const MigStudyGuest *guest, gboolean migrates)
{
  MigActor *actor = g_new0 (MigActor, 1);

  actor->runner = runner;
  actor->guest = guest;
  actor->migrates = migrates;
  actor->memory_bytes = guest->memory_bytes;
  actor->dirty_bytes_per_s = MIG_MISSING_INT;
  actor->domain = guest->domain;
  const char *known = g_hash_table_lookup (runner->identities, guest->name);
  actor->uuid = known ? g_strdup (known) : g_uuid_string_random ();
  actor->home = actor->where = mig_runner_host (runner, guest->host);
  actor->handles = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_guest_free);
  actor->feeds = g_ptr_array_new ();
  actor->undo = g_array_new (FALSE, FALSE, sizeof (guint));
  return actor;
}

static void
feed_free (MigFeed *feed)
{
  mig_segment_clear (&feed->segment);
  g_free (feed);
}

void
mig_actor_free (MigActor *actor)
{
  if (!actor)
    return;
  g_ptr_array_foreach (actor->feeds, (GFunc) (void (*) (void)) feed_free, NULL);
  g_ptr_array_unref (actor->feeds);
  g_ptr_array_unref (actor->handles);
  g_array_unref (actor->undo);
  g_clear_error (&actor->start_error);
  g_free (actor->uuid);
  g_free (actor->fatal);
  g_free (actor->alarm);
  g_free (actor);
}

/* ---- the console ---- */

static void
take_rate (MigActor *actor, gint64 arrival_ns, gint64 work)
{
  if (actor->bin_start_ns == 0)
    {
      actor->bin_start_ns = arrival_ns;
      actor->bin_work = work;
    }
  gint64 length = arrival_ns - actor->bin_start_ns;
  if (length < MIG_NS_PER_S)
    return;
  memmove (actor->rates + 1, actor->rates, sizeof actor->rates - sizeof actor->rates[0]);
  actor->rates[0] = (double) (work - actor->bin_work) / length;
  actor->n_rates++;
  actor->bin_start_ns = arrival_ns;
  actor->bin_work = work;
}

static void
take_heartbeat (MigFeed *feed, const MigLine *line, gint64 arrival_ns)
{
  MigActor *actor = feed->actor;
  MigHeartbeatRecord record = {
    .run = actor->runner->run,
    .guest = actor->guest->name,
    .host = feed->host->study->name,
    .sequence = (gint64) line->sequence,
    .arrival_ns = arrival_ns,
    .guest_ns = (gint64) line->guest_ns,
    .work_units = (gint64) line->work_units,
  };
  take_rate (actor, arrival_ns, record.work_units);
  mig_runner_append (actor->runner, MIG_TABLE_HEARTBEATS, &record);
}

static void
set_alarm (MigActor *actor, const char *what, const char *text)
{
  if (!actor->alarm)
    actor->alarm = g_strdup_printf ("%s: %s", what, text);
}

static void
on_line (const MigLine *line, const char *text, gint64 arrival_ns, gpointer user)
{
  MigFeed *feed = user;
  MigActor *actor = feed->actor;
  const char *sign = NULL;

  switch (line->kind)
    {
    case MIG_LINE_HEARTBEAT:
      take_heartbeat (feed, line, arrival_ns);
      return; /* not into the log */
    case MIG_LINE_READY:
      actor->ready = TRUE;
      break;
    case MIG_LINE_FATAL:
      if (!actor->fatal)
        actor->fatal = g_strdup (line->text);
      break;
    case MIG_LINE_DAMAGE:
      set_alarm (actor, "damage", line->text);
      break;
    case MIG_LINE_MALFORMED:
      break;
    case MIG_LINE_OTHER:
      sign = mig_console_alarm (text);
      if (sign)
        set_alarm (actor, "kernel message", text);
      break;
    }

  g_autofree char *name = g_strdup_printf ("console/%" G_GINT64_FORMAT "-%s-%s.log", actor->runner->run,
                                           actor->guest->name, feed->host->study->name);
  g_autofree char *logged = g_strdup_printf ("%s\n", text);
  mig_result_writer_append_file (actor->runner->options.writer, name, logged, strlen (logged),
                                 CONSOLE_LOG_BYTES, NULL);
}

/* In the event loop's thread. */
static void
on_console (const char *data, gsize size, gint64 arrival_ns, const char *reason, gpointer user)
{
  MigFeed *feed = user;
  MigRunner *runner = feed->actor->runner;

  g_mutex_lock (&runner->lock);
  gboolean was_ready = feed->actor->ready, first = feed->segment.heartbeats == 0;
  if (size > 0 && feed->before)
    mig_segment_continue (&feed->segment, g_steal_pointer (&feed->before), data, size);
  if (size > 0)
    mig_segment_feed (&feed->segment, data, size, arrival_ns, on_line, feed);
  else
    {
      feed->ended_ns = arrival_ns;
      mig_runner_event (runner, feed->host->study->name, feed->actor->guest->name, arrival_ns, "console",
                        reason ? reason : "ended");
    }
  /* waking the waiting threads for each heartbeat would cost CPU time and change nothing */
  if (size == 0 || feed->actor->ready != was_ready || first || feed->actor->fatal || feed->actor->alarm)
    g_cond_broadcast (&runner->changed);
  g_mutex_unlock (&runner->lock);
}

MigFeed *
mig_actor_open_console (MigActor *actor, const MigRunHost *host, MigGuest *guest, GError **error)
{
  MigFeed *feed = g_new0 (MigFeed, 1);

  feed->actor = actor;
  feed->host = host;
  feed->ended_ns = MIG_MISSING_INT;
  mig_segment_init (&feed->segment);
  g_mutex_lock (&actor->runner->lock);
  if (actor->feeds->len > 0)
    feed->before = &((MigFeed *) g_ptr_array_index (actor->feeds, actor->feeds->len - 1))->segment;
  g_mutex_unlock (&actor->runner->lock);
  MigConsole *console = mig_console_open (guest, on_console, feed, error);
  if (!console)
    {
      feed_free (feed);
      return NULL;
    }
  g_mutex_lock (&actor->runner->lock);
  feed->console = console;
  g_ptr_array_add (actor->feeds, feed);
  g_mutex_unlock (&actor->runner->lock);
  return feed;
}

void
mig_actor_close_consoles (MigActor *actor)
{
  for (guint i = 0; i < actor->feeds->len; i++)
    {
      MigFeed *feed = g_ptr_array_index (actor->feeds, i);
      g_clear_pointer (&feed->console, mig_console_close);
    }
}

/* ---- start and end ---- */

static char *
workload_arguments (const MigActor *actor)
{
  const MigStudyWorkload *workload = actor->guest->workload;
  GString *text = g_string_new (workload->type);

  if (strcmp (workload->type, "memory") == 0)
    {
      g_string_append_printf (text, " wss=%" G_GUINT64_FORMAT, workload->wss_bytes);
      if (workload->rate_pages_per_s)
        g_string_append_printf (text, " rate=%" G_GUINT64_FORMAT, workload->rate_pages_per_s);
      if (workload->random)
        g_string_append (text, " order=random");
    }
  if (workload->off_after_ns)
    g_string_append_printf (text, " off-after=%" G_GINT64_FORMAT "ms", workload->off_after_ns / MIG_NS_PER_MS);
  g_string_append_printf (text, " period=%" G_GINT64_FORMAT "us",
                          actor->runner->options.heartbeat_ns / MIG_NS_PER_US);
  return g_string_free (text, FALSE);
}

static char *
actor_xml (const MigActor *actor, GError **error)
{
  const MigRunHost *host = actor->home;
  g_autofree char *arguments = workload_arguments (actor);
  g_autofree char *owner = g_strdup_printf ("run %" G_GINT64_FORMAT, actor->runner->run);
  g_autofree char *found = NULL;
  const char *file = actor->guest->template_name;

  if (file && !strchr (file, '/'))
    {
      g_autofree char *name = g_strdup_printf ("domains/%s.xml", file);
      file = found = mig_files_find_data (name);
      if (!found)
        {
          g_set_error (error, MIG_ERROR, MIG_ERROR_INVALID,
                       "%s:%u: guest '%s' names template '%s', which does not ship; "
                       "expected one that 'migcost list' names or a path with a '/'",
                       actor->runner->options.study->path, actor->guest->line, actor->guest->name,
                       actor->guest->template_name);
          return NULL;
        }
    }
  MigTemplateValues values = {
    .name = actor->domain,
    .uuid = actor->uuid,
    .owner = owner,
    .memory_bytes = actor->guest->memory_bytes,
    .kernel = host->kernel,
    .initrd = host->initrd,
    .arguments = arguments,
    .emulator = host->emulator,
  };
  return mig_template_fill (file ? file : host->template_file, &values, error);
}

static gboolean
start_guest (MigActor *actor, GError **error)
{
  MigRunner *runner = actor->runner;
  guint id = 0;
  g_autofree char *xml = NULL;

  if (actor->guest->existing)
    return mig_existing_take (actor, error);
  xml = actor_xml (actor, error);
  if (!xml)
    return FALSE;
  g_autoptr (MigGuest) there = mig_guest_lookup (actor->home->host, actor->domain, NULL);
  if (there)
    {
      g_set_error (error, MIG_ERROR, MIG_ERROR_EXISTS,
                   "host '%s' has a domain '%s' already; rename the study's guest '%s' or remove that domain",
                   actor->home->study->name, actor->domain, actor->guest->name);
      return FALSE;
    }
  if (!mig_undo_push_domain (runner->undo, actor->home->host, actor->domain, actor->uuid, &id, error))
    return FALSE;
  g_array_append_val (actor->undo, id);

  MigGuest *guest = mig_guest_start (actor->home->host, xml, error);
  if (!guest)
    return FALSE;
  g_mutex_lock (&runner->lock);
  g_ptr_array_add (actor->handles, guest);
  g_mutex_unlock (&runner->lock);
  /* the console before the first instruction, so that READY is not missed */
  return mig_actor_open_console (actor, actor->home, guest, error) != NULL;
}

static gpointer
starter (gpointer data)
{
  MigActor *actor = data;
  start_guest (actor, &actor->start_error);
  return NULL;
}

void
mig_actor_start (MigActor *actor)
{
  actor->starter = g_thread_new ("start", starter, actor);
}

gboolean
mig_actor_join (MigActor *actor, GError **error)
{
  if (actor->starter)
    g_thread_join (g_steal_pointer (&actor->starter));
  if (!actor->start_error)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&actor->start_error));
  return FALSE;
}

gboolean
mig_actor_resume (MigActor *actor, GError **error)
{
  return actor->guest->existing || mig_guest_resume (g_ptr_array_index (actor->handles, 0), error);
}

gboolean
mig_actor_destroy (MigActor *actor, GError **error)
{
  gboolean ok = TRUE;

  for (guint i = 0; !actor->guest->existing && i < actor->handles->len; i++)
    {
      MigGuest *guest = g_ptr_array_index (actor->handles, i);
      ok = mig_guest_destroy (guest, ok ? error : NULL) && ok;
    }
  /* where it is not known to be, it may be left: the undo stack asks by name, and the journal keeps what stays unknown */
  for (guint i = 0; ok && !actor->lost && i < actor->undo->len; i++)
    mig_undo_forget (actor->runner->undo, g_array_index (actor->undo, guint, i));
  return ok;
}

/* ---- questions ---- */

MigGuest *
mig_actor_handle (const MigActor *actor, const MigRunHost *host)
{
  for (guint i = actor->handles->len; i > 0; i--)
    {
      MigGuest *guest = g_ptr_array_index (actor->handles, i - 1);
      if (mig_guest_host (guest) == host->host)
        return guest;
    }
  return NULL;
}

gboolean
mig_actor_is_steady (const MigActor *actor)
{
  double low = INFINITY, high = 0;

  if (actor->guest->existing)
    return TRUE;
  if (actor->n_rates < MIG_RATE_BINS)
    return FALSE;
  for (guint i = 0; i < MIG_RATE_BINS; i++)
    {
      low = MIN (low, actor->rates[i]);
      high = MAX (high, actor->rates[i]);
    }
  return high - low <= STEADY_RATIO * high;
}

gboolean
mig_actor_failed (const MigActor *actor, GError **error)
{
  const char *why = actor->fatal ? actor->fatal : actor->alarm ? actor->alarm : NULL;

  if (!why && !actor->stopped)
    return FALSE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "guest '%s' on host '%s' %s%s", actor->guest->name,
               actor->where->study->name, why ? "says: " : "ended by itself: ", why ? why : actor->stopped);
  return TRUE;
}

/* When the guest left a host by one of its migrations; missing: it did not. */
static gint64
left_at (const MigActor *actor, const MigRunHost *host)
{
  const GPtrArray *migrations = actor->runner->migrations;

  for (guint i = 0; i < migrations->len; i++)
    {
      const MigMigration *migration = g_ptr_array_index (migrations, i);
      if (migration->actor == actor && migration->from == host && mig_migration_is_ok (migration))
        return MIG_IS_MISSING (migration->suspended_ns) ? migration->start_ns : migration->suspended_ns;
    }
  return MIG_MISSING_INT;
}

const MigFeed *
mig_actor_broken_console (const MigActor *actor)
{
  for (guint i = 0; i < actor->feeds->len; i++)
    {
      const MigFeed *feed = g_ptr_array_index (actor->feeds, i);
      gint64 left_ns = left_at (actor, feed->host);
      if (MIG_IS_MISSING (feed->ended_ns) || actor->stopped || actor->lost || feed->host->lost)
        continue;
      if (MIG_IS_MISSING (left_ns) ? feed->host == actor->where : feed->ended_ns < left_ns)
        return feed;
    }
  return NULL;
}

/* What its consoles said; one that was there is not listened to. */
static void
count_heartbeats (const MigActor *actor, MigGuestRecord *record)
{
  const MigSegment *before = NULL;

  record->period_ns = actor->runner->options.heartbeat_ns;
  record->heartbeats = record->heartbeats_lost = record->heartbeats_backwards = record->checksum_errors = 0;
  for (guint i = 0; i < actor->feeds->len; i++)
    {
      const MigFeed *feed = g_ptr_array_index (actor->feeds, i);
      gint64 lost = MIG_MISSING_INT, backwards = MIG_MISSING_INT;
      record->heartbeats += feed->segment.heartbeats;
      record->heartbeats_lost += feed->segment.lost;
      record->heartbeats_backwards += feed->segment.backwards;
      record->checksum_errors += feed->segment.malformed;
      if (before)
        mig_segment_switch (before, &feed->segment, &lost, &backwards);
      if (!MIG_IS_MISSING (lost))
        {
          record->heartbeats_lost += lost;
          record->heartbeats_backwards += backwards;
        }
      if (feed->segment.heartbeats > 0)
        before = &feed->segment;
    }
}

void
mig_actor_write (MigActor *actor)
{
  const MigStudyWorkload *workload = actor->guest->workload;
  gboolean memory = strcmp (workload->type, "memory") == 0;
  MigGuestRecord record;

  mig_record_init (MIG_TABLE_GUESTS, &record);
  record.run = actor->runner->run;
  record.guest = actor->guest->name;
  record.class_name = workload->name;
  record.workload = workload->type;
  if (actor->memory_bytes)
    record.memory_bytes = (gint64) actor->memory_bytes;
  if (memory)
    record.wss_bytes = (gint64) workload->wss_bytes;
  if (memory && workload->rate_pages_per_s)
    record.rate_pages_per_s = (gint64) workload->rate_pages_per_s;
  record.migrates = actor->migrates;
  record.host_before = actor->home->study->name;
  record.host_after = actor->lost || actor->stopped ? NULL : actor->where->study->name;
  record.alarm = actor->alarm;
  record.dirty_bytes_per_s = actor->dirty_bytes_per_s;
  if (!actor->guest->existing)
    count_heartbeats (actor, &record);
  mig_runner_append (actor->runner, MIG_TABLE_GUESTS, &record);
}
