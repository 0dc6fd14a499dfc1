/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "hosts/guest-disk.h"
#include "measure/migration-state.h"
#include "virt/definition.h"
#include "virt/domain-xml.h"

/* The worker of a migration: blocks in libvirt's call. */

/* What is uploaded may lie elsewhere there. */
static gboolean
boots_from_elsewhere (const MigMigration *migration)
{
  return migration->to->kernel && g_strcmp0 (migration->from->kernel, migration->to->kernel) != 0;
}

static gboolean
pins (const MigRunHost *host)
{
  return host->cpu >= 0 || host->management_cpu >= 0;
}

/* must_pin: what a guest of migcost's own had on the source it does not keep; one that was there
 * has its own pins put back at the end. */
static gboolean
must_pin (const MigMigration *migration, const MigStudyGuest *guest)
{
  if (guest->existing)
    return guest->pin && pins (migration->to);
  return pins (migration->from) || pins (migration->to);
}

/* copies_disk: of a guest of migcost's own, which has another one there. */
static gboolean
copies_disk (const MigMigration *migration)
{
  return mig_run_guest_study (migration->run_guest)->disk_bytes &&
         migration->run->study->flags.storage != MIG_STORAGE_STAYS;
}

/* NULL without error: as it is on the source. */
static char *
destination_xml (const MigMigration *migration, GError **error)
{
  const MigRunHost *to = migration->to;
  const MigStudyGuest *guest = mig_run_guest_study (migration->run_guest);
  gboolean pin = must_pin (migration, guest);
  gboolean boot = !guest->existing && boots_from_elsewhere (migration);
  gboolean copy = copies_disk (migration);
  const char *disk = copy ? mig_run_guest_make_disk (migration->run_guest, to, error) : NULL;

  if ((copy && !disk) || (!pin && !boot && !copy))
    return NULL;
  char *xml = mig_guest_xml (migration->guest, TRUE, error);
  if (xml && boot)
    {
      g_autofree char *before = xml;
      xml = mig_domain_xml_boot (before, to->kernel, to->initrd, error);
    }
  if (xml && copy)
    {
      g_autofree char *before = xml;
      xml = mig_domain_xml_disk (before, disk, error);
    }
  if (xml && pin)
    {
      g_autofree char *before = xml;
      xml = mig_domain_xml_pin (before, to->cpu,
                                mig_host_can (to->host, MIG_CAN_EMULATOR_PIN) ? to->management_cpu
                                                                              : MIG_STUDY_CPU_NONE,
                                error);
    }
  return xml;
}

/* begin_job: FALSE with error: what was interrupted does not begin. From here on the watcher can
 * abort it. A guest that is somebody's is not left alone by the process that drives it. */
static gboolean
begin_job (MigMigration *migration, GError **error)
{
  MigRun *run = migration->run;
  gboolean direct = !migration->peer_uri && mig_run_guest_study (migration->run_guest)->existing;

  g_mutex_lock (&run->lock);
  gboolean ok = direct ? mig_run_begin_direct (run) : !run->cancelled;
  migration->direct = ok && direct;
  if (ok)
    {
      migration->start_ns = mig_clock_now ();
      migration->deadline_ns = migration->start_ns + run->study->timeout_ns;
    }
  g_mutex_unlock (&run->lock);
  if (!ok)
    g_set_error_literal (error, MIG_ERROR, MIG_ERROR_INTERRUPTED, "interrupted before it began");
  return ok;
}

/* is_unreachable: the source's daemon could not even connect, and the study does not insist that it
 * drives. */
static gboolean
is_unreachable (const MigMigration *migration, const MigJob *job)
{
  const MigRun *run = migration->run;

  if (run->study->peer_to_peer || !mig_job_peer_is_unreachable (job))
    return FALSE;
  g_mutex_lock (&migration->run->lock);
  gboolean begun = run->cancelled || run->connection_error || migration->abort_asked ||
                   !MIG_IS_MISSING (migration->suspended_ns) ||
                   !MIG_IS_MISSING (migration->appeared_ns);
  g_mutex_unlock (&migration->run->lock);
  return !begun;
}

/* tell_limit: once, that migrations between these hosts are not as they should be. */
static void
tell_limit (const MigMigration *migration, const GError *failure)
{
  const char *from = migration->from->study->name;
  g_autofree char *reason = g_strdup_printf (
      "migrations to host '%s' are direct, not peer-to-peer: %s", migration->to->study->name,
      failure->message);
  MigLimitRecord record = { (char *) from, (char *) "migrations", (char *) "control", reason };

  mig_run_append (migration->run, MIG_TABLE_LIMITS, &record);
}

static void
go_direct (MigMigration *migration, const GError *failure)
{
  const char *from = migration->from->study->name, *to = migration->to->study->name;

  g_mutex_lock (&migration->run->lock);
  gboolean is_new = mig_run_set_unreachable (migration->run, migration->from, migration->to);
  g_mutex_unlock (&migration->run->lock);
  if (is_new)
    tell_limit (migration, failure);
  mig_info ("'%s' goes from host '%s' to '%s' directly, not peer-to-peer: %s",
            mig_run_guest_name (migration->run_guest), from, to, failure->message);
  mig_run_event (migration->run, from, mig_run_guest_name (migration->run_guest), mig_clock_now (),
                 "direct", failure->message);
  g_mutex_lock (&migration->run->lock);
  migration->peer_uri = NULL;
  g_mutex_unlock (&migration->run->lock);
}

static MigGuest *
migrate (MigMigration *migration, gboolean persist, gint64 *end_ns, GError **error)
{
  const MigStudy *study = migration->run->study;
  GError *failure = NULL;
  g_autofree char *xml = destination_xml (migration, &failure);

  if (failure)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  MigMigrateOptions options;
  mig_migrate_options_init (&options, study);
  options.migrate_uri = migration->to->migrate_uri;
  options.listen_address = migration->to->listen_address;
  options.destination_xml = xml;
  options.peer_uri = migration->peer_uri;
  options.persist = persist;
  if (mig_run_guest_study (migration->run_guest)->disk_bytes && !copies_disk (migration) &&
      mig_guest_disk_is_coherent (migration->from))
    options.flags.unsafe = TRUE;
  g_autoptr (MigJob) job = mig_job_new (migration->guest, migration->to->host, error);
  if (!job)
    return NULL;
  if (!begin_job (migration, error))
    return NULL;
  MigGuest *moved = mig_job_run (job, &options, end_ns, &failure);
  if (!moved && !mig_job_is_cut_off (job) && is_unreachable (migration, job))
    {
      go_direct (migration, failure);
      g_clear_error (&failure);
      if (!begin_job (migration, error))
        return NULL;
      options.peer_uri = NULL;
      moved = mig_job_run (job, &options, end_ns, &failure);
    }
  if (!moved && mig_job_is_cut_off (job))
    {
      mig_migration_await_end (migration);
      *end_ns = mig_clock_now ();
    }
  if (!moved)
    g_propagate_error (error, failure);
  return moved;
}

/* ran_before: somebody's guest, which is to run afterwards, too. */
static gboolean
ran_before (const MigMigration *migration)
{
  MigGuestState state;

  return mig_run_guest_study (migration->run_guest)->existing &&
         mig_host_guest_state (migration->from->host, mig_run_guest_uuid (migration->run_guest),
                               &state, NULL) &&
         state == MIG_GUEST_RUNNING;
}

/* moves_definition: of a guest that was there: what it is at its source it is at its destination.
 */
static gboolean
moves_definition (const MigMigration *migration, MigDefinition *definition)
{
  *definition = (MigDefinition){ FALSE, FALSE };
  if (!mig_run_guest_study (migration->run_guest)->existing ||
      !migration->run->options.move_definitions)
    return FALSE;
  mig_guest_definition (migration->guest, definition);
  return definition->persistent;
}

/* note_autostart: on the disk before it begins: what is interrupted then goes on without this
 * process, which alone would take it along. */
static void
note_autostart (const MigMigration *migration)
{
  MigRun *run = migration->run;

  g_mutex_lock (&run->lock);
  g_hash_table_add (run->autostarts, g_strdup (mig_run_guest_name (migration->run_guest)));
  g_mutex_unlock (&run->lock);
  mig_run_event (run, migration->from->study->name, mig_run_guest_name (migration->run_guest),
                 mig_clock_now (), MIG_EVENT_AUTOSTART, migration->to->study->name);
  mig_result_writer_commit (run->options.writer, NULL); /* a failure is kept, and found later */
}

static void
carry_autostart (const MigMigration *migration, MigGuest *moved)
{
  g_autoptr (GError) error = NULL;

  if (!mig_guest_carry_autostart (migration->from->host, moved, &error))
    mig_warning ("%s", error->message);
}

gpointer
mig_migration_work (gpointer data)
{
  MigMigration *migration = data;
  MigRunGuest *run_guest = migration->run_guest;
  MigRun *run = migration->run;
  GError *error = NULL;
  gint64 end_ns = 0;
  MigDefinition definition;
  gboolean persist = moves_definition (migration, &definition);
  migration->autostart = persist && definition.autostart;
  if (migration->autostart)
    note_autostart (migration);
  migration->ran = ran_before (migration);
  MigGuest *moved = migrate (migration, persist, &end_ns, &error);

  mig_migration_put_limit (migration, moved != NULL);
  if (moved)
    mig_guest_job_completed (moved, &migration->completed);
  if (moved && migration->autostart)
    carry_autostart (migration, moved);
  g_mutex_lock (&run->lock);
  migration->end_ns = end_ns ? end_ns : mig_clock_now (); /* it may not have begun */
  migration->error = error;
  migration->done = TRUE;
  if (moved)
    {
      mig_run_guest_moved (run_guest, migration->to, moved,
                           MIG_IS_MISSING (migration->suspended_ns) ? migration->start_ns
                                                                    : migration->suspended_ns);
      /* it may have ended there before libvirt's call returned */
      if (migration->ended[1])
        mig_run_guest_end (run_guest, migration->ended[1]);
    }
  run->migrating--;
  if (migration->direct)
    mig_run_end_direct (run);
  g_cond_broadcast (&run->changed);
  g_mutex_unlock (&run->lock);
  return NULL;
}
