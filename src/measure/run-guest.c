/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "lab/lab.h"
#include "measure/run-guest-state.h"
#include "virt/pin.h"
#include "workloads/protocol.h"

MigRunGuest *
mig_run_guest_new (MigRun *run, const MigStudyGuest *guest, gboolean migrates)
{
  MigRunGuest *run_guest = g_new0 (MigRunGuest, 1);
  const char *known = g_hash_table_lookup (run->identities, guest->name);

  run_guest->run = run;
  run_guest->guest = guest;
  run_guest->migrates = migrates;
  run_guest->memory_bytes = guest->memory_bytes;
  run_guest->vcpus = guest->vcpus;
  run_guest->dirty_bytes_per_s = MIG_MISSING_INT;
  run_guest->uuid = known ? g_strdup (known) : g_uuid_string_random ();
  run_guest->home = run_guest->where = mig_run_host (run, guest->host);
  run_guest->handles = g_ptr_array_new_with_free_func ((GDestroyNotify) mig_guest_free);
  run_guest->console = mig_guest_console_new (run, guest);
  run_guest->departures = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  run_guest->undo = g_array_new (FALSE, FALSE, sizeof (guint));
  run_guest->disks = g_ptr_array_new ();
  return run_guest;
}

void
mig_run_guest_free (MigRunGuest *run_guest)
{
  if (!run_guest)
    return;
  for (guint i = 0; i < run_guest->disks->len; i++)
    mig_guest_disk_free (run_guest->disks->pdata[i], run_guest->run->undo);
  g_ptr_array_unref (run_guest->disks);
  mig_guest_console_free (run_guest->console);
  g_ptr_array_unref (run_guest->handles);
  g_hash_table_unref (run_guest->departures);
  g_array_unref (run_guest->undo);
  g_clear_error (&run_guest->failure);
  g_free (run_guest->definition);
  g_free (run_guest->uuid);
  g_free (run_guest);
}

/* ---- on its hosts ---- */

gboolean
mig_run_guest_note_domain (MigRunGuest *run_guest, const MigRunHost *host, GError **error)
{
  guint id = 0;

  /* one that was there before is never to be destroyed */
  if (run_guest->guest->existing)
    return TRUE;
  if (!mig_undo_push_domain (run_guest->run->undo, host->host, run_guest->guest->domain,
                             run_guest->uuid, &id, error))
    return FALSE;
  g_array_append_val (run_guest->undo, id);
  return TRUE;
}

gboolean
mig_run_guest_pin (MigRunGuest *run_guest, GError **error)
{
  MigGuest *guest = mig_run_guest_handle (run_guest, run_guest->where);
  int cpu = run_guest->where->cpu, management_cpu = run_guest->where->management_cpu;

  if (run_guest->guest->existing && !run_guest->guest->pin)
    return TRUE;
  if (run_guest->guest->existing && (cpu < 0 || management_cpu < 0) &&
      !mig_guest_put_pins (
          guest, g_hash_table_lookup (run_guest->run->guest_pins, run_guest->guest->name), error))
    return FALSE;
  return mig_guest_pin (guest, cpu, management_cpu, error);
}

gboolean
mig_run_guest_runs_pinned (const MigRunGuest *run_guest)
{
  return run_guest->restored;
}

static gpointer
destroyer (gpointer data)
{
  MigRunGuest *run_guest = data;
  gboolean ok = TRUE;

  for (guint i = 0; !run_guest->guest->existing && i < run_guest->handles->len; i++)
    {
      MigGuest *guest = g_ptr_array_index (run_guest->handles, i);
      ok = mig_guest_destroy (guest, ok ? &run_guest->failure : NULL) && ok;
    }
  /* where it is not known to be, it may be left: the undo stack asks again, and the journal keeps
   * what stays unknown */
  for (guint i = 0; ok && !run_guest->lost && i < run_guest->undo->len; i++)
    mig_undo_forget (run_guest->run->undo, g_array_index (run_guest->undo, guint, i));
  return NULL;
}

void
mig_run_guest_destroy (MigRunGuest *run_guest)
{
  run_guest->worker = g_thread_new ("destroy", destroyer, run_guest);
}

/* ---- questions ---- */

const MigStudyGuest *
mig_run_guest_study (const MigRunGuest *run_guest)
{
  return run_guest->guest;
}

const char *
mig_run_guest_name (const MigRunGuest *run_guest)
{
  return run_guest->guest->name;
}

const char *
mig_run_guest_uuid (const MigRunGuest *run_guest)
{
  return run_guest->uuid;
}

gboolean
mig_run_guest_in_lab (const MigRunGuest *run_guest)
{
  return run_guest->run->options.prober != NULL;
}

gboolean
mig_run_guest_has_network (const MigRunGuest *run_guest)
{
  return run_guest->guest->network &&
         (mig_run_guest_in_lab (run_guest) ? mig_run_guest_index (run_guest) < MIG_LAB_MAX_TAPS
                                           : run_guest->guest->address != NULL);
}

guint
mig_run_guest_index (const MigRunGuest *run_guest)
{
  const GPtrArray *guests = run_guest->run->study->guests;
  guint index = 0;

  while (index < guests->len &&
         strcmp (((const MigStudyGuest *) guests->pdata[index])->name, run_guest->guest->name) != 0)
    index++;
  return index;
}

char *
mig_run_guest_address (const MigRunGuest *run_guest)
{
  return mig_run_guest_in_lab (run_guest)
             ? g_strdup_printf (MIG_LAB_GUEST_ADDRESS, mig_run_guest_index (run_guest) + 1)
             : g_strdup (run_guest->guest->address);
}

const MigServer *
mig_run_guest_server (const MigRunGuest *run_guest)
{
  return mig_run_guest_has_network (run_guest)
             ? mig_server_find (run_guest->home->servers, run_guest->guest->server)
             : NULL;
}

char *
mig_run_guest_probe (const MigRunGuest *run_guest)
{
  if (!mig_run_guest_has_network (run_guest))
    return g_strdup (run_guest->guest->probe);
  g_autofree char *address = mig_run_guest_address (run_guest);
  return g_strdup_printf ("echo:%s:%d", address, MIG_PROTOCOL_ECHO_PORT);
}

char **
mig_run_guest_macs (MigRunGuest *run_guest)
{
  MigRun *run = run_guest->run;

  g_mutex_lock (&run->lock);
  MigGuest *guest = mig_run_guest_handle (run_guest, mig_run_guest_where (run_guest));
  g_mutex_unlock (&run->lock);
  return guest ? mig_guest_macs (guest) : g_new0 (char *, 1);
}

const MigRunHost *
mig_run_guest_home (const MigRunGuest *run_guest)
{
  return run_guest->home;
}

gboolean
mig_run_guest_is_ready (const MigRunGuest *run_guest)
{
  return mig_guest_console_signs (run_guest->console)->ready;
}

MigGuestConsole *
mig_run_guest_console (const MigRunGuest *run_guest)
{
  return run_guest->console;
}

const MigRunHost *
mig_run_guest_where (const MigRunGuest *run_guest)
{
  return run_guest->where;
}

gboolean
mig_run_guest_is_lost (const MigRunGuest *run_guest)
{
  return run_guest->lost;
}

void
mig_run_guest_set_where (MigRunGuest *run_guest, const MigRunHost *host)
{
  run_guest->lost = !host;
  if (!host)
    return;
  if (host != run_guest->where)
    mig_run_note_left (run_guest->run, run_guest->where, run_guest->guest->name);
  run_guest->where = host;
}

void
mig_run_guest_moved (MigRunGuest *run_guest, const MigRunHost *to, MigGuest *moved, gint64 left_ns)
{
  if (!g_hash_table_contains (run_guest->departures, run_guest->where))
    g_hash_table_insert (run_guest->departures, (gpointer) run_guest->where,
                         g_memdup2 (&left_ns, sizeof left_ns));
  mig_run_note_left (run_guest->run, run_guest->where, run_guest->guest->name);
  run_guest->where = to;
  g_ptr_array_add (run_guest->handles, moved);
}

void
mig_run_guest_note_start (MigRunGuest *run_guest, const MigHost *host)
{
  if (host == run_guest->home->host)
    run_guest->awaits_start = FALSE;
}

gboolean
mig_run_guest_is_expected (const MigRunGuest *run_guest)
{
  return run_guest->awaits_start;
}

void
mig_run_guest_end (MigRunGuest *run_guest, const char *detail)
{
  run_guest->ended = detail;
}

const char *
mig_run_guest_ended (const MigRunGuest *run_guest)
{
  return run_guest->ended;
}

void
mig_run_guest_add_handle (MigRunGuest *run_guest, MigGuest *guest)
{
  g_ptr_array_add (run_guest->handles, guest);
}

MigGuest *
mig_run_guest_handle (const MigRunGuest *run_guest, const MigRunHost *host)
{
  for (guint i = run_guest->handles->len; i > 0; i--)
    {
      MigGuest *guest = g_ptr_array_index (run_guest->handles, i - 1);
      if (mig_guest_host (guest) == host->host)
        return guest;
    }
  return NULL;
}

gboolean
mig_run_guest_failed (const MigRunGuest *run_guest, GError **error)
{
  const MigGuestSigns *signs = mig_guest_console_signs (run_guest->console);
  const char *why = signs->fatal ? signs->fatal : signs->alarm;

  if (!why && !run_guest->ended)
    return FALSE;
  g_set_error (error, MIG_ERROR, MIG_ERROR_FAILED, "guest '%s' on host '%s' %s%s",
               run_guest->guest->name, run_guest->where->study->name,
               why ? "says: " : "ended by itself: ", why ? why : run_guest->ended);
  return TRUE;
}

const MigConsoleReader *
mig_run_guest_broken_console (const MigRunGuest *run_guest)
{
  const GPtrArray *readers = mig_guest_console_readers (run_guest->console);

  for (guint i = 0; i < readers->len && !run_guest->ended && !run_guest->lost; i++)
    {
      const MigConsoleReader *reader = readers->pdata[i];
      const MigRunHost *host = mig_console_reader_host (reader);
      const gint64 *left_ns = g_hash_table_lookup (run_guest->departures, host);
      gint64 ended_ns = mig_console_reader_ended (reader);
      if (!MIG_IS_MISSING (ended_ns) && !host->lost &&
          (left_ns ? ended_ns < *left_ns : host == run_guest->where))
        return reader;
    }
  return NULL;
}

void
mig_run_guest_write (const MigRunGuest *run_guest)
{
  const MigStudyWorkload *workload = run_guest->guest->workload;
  gboolean memory = strcmp (workload->type, "memory") == 0;
  MigGuestRecord record;

  mig_record_init (MIG_TABLE_GUESTS, &record);
  record.run = run_guest->run->number;
  record.guest = run_guest->guest->name;
  record.class_name = workload->name;
  record.workload = workload->type;
  if (run_guest->memory_bytes)
    record.memory_bytes = (gint64) run_guest->memory_bytes;
  if (run_guest->vcpus)
    record.vcpus = (gint64) run_guest->vcpus;
  if (memory)
    record.wss_bytes = (gint64) workload->wss_bytes;
  if (memory && workload->rate_pages_per_s)
    record.rate_pages_per_s = (gint64) workload->rate_pages_per_s;
  record.migrates = run_guest->migrates;
  record.host_before = run_guest->home->study->name;
  record.host_after = run_guest->lost || run_guest->ended ? NULL : run_guest->where->study->name;
  record.alarm = mig_guest_console_signs (run_guest->console)->alarm;
  record.dirty_bytes_per_s = run_guest->dirty_bytes_per_s;
  record.dirty_method = (char *) run_guest->dirty_method;
  if (!run_guest->guest->existing)
    record.start = (char *) (run_guest->restored ? MIG_START_RESTORED : MIG_START_BOOTED);
  mig_guest_console_count (run_guest->console, &record);
  mig_run_append (run_guest->run, MIG_TABLE_GUESTS, &record);
}
