/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "hosts/migration-row.h"
#include "measure/migration-state.h"

/* The row of a migration: whether its guest arrived as it left, and why not. */

static const MigHeartbeatStream *
stream_of (const MigConsoleReader *reader)
{
  return reader ? mig_console_reader_stream (reader) : NULL;
}

/* existing_damage: the same of one that was there: what it should hold is not known. Where it is
 * nowhere, with what its host said when it ended. */
static char *
existing_damage (const MigMigration *migration, const char *alarm)
{
  if (!alarm || !migration->ended[1])
    return g_strdup (alarm);
  return g_strdup_printf ("%s; host '%s', where it had gone on, said: %s", alarm,
                          migration->to->study->name, migration->ended[1]);
}

/* Why the guest that arrived is not the one that left; NULL: it is. */
static char *
damage (const MigMigration *migration)
{
  const MigRunGuest *run_guest = migration->run_guest;
  const MigConsoleReader *broken = mig_run_guest_broken_console (run_guest);
  const MigHeartbeatStream *there = stream_of (migration->destination_console);
  const MigGuestSigns *signs = mig_guest_console_signs (mig_run_guest_console (run_guest));
  const char *ended = mig_run_guest_ended (run_guest);
  gint64 lost, backwards;

  if (mig_run_guest_study (run_guest)->existing)
    return existing_damage (migration, signs->alarm);
  if (signs->alarm)
    return g_strdup (signs->alarm);
  if (ended && (!there || there->heartbeats == 0))
    return g_strdup_printf ("it ended on the destination (%s), and no heartbeat came from there",
                            ended);
  if (broken && broken == migration->destination_console)
    return g_strdup ("its console on the destination broke");
  if (!there)
    return g_strdup ("its console on the destination could not be opened");
  if (there->heartbeats == 0)
    return g_strdup ("no heartbeat came from the destination");
  mig_heartbeat_stream_switch (stream_of (migration->source_console), there, &lost, &backwards);
  if (!MIG_IS_MISSING (backwards) && backwards > 0)
    return g_strdup_printf ("its heartbeat sequence went back by %" G_GINT64_FORMAT, backwards);
  if (there->backwards)
    return g_strdup ("its heartbeat sequence went back on the destination");
  return g_strdup (signs->fatal);
}

/* reason: of its own; the caller frees it. */
static void
judge (const MigMigration *migration, MigMigrationOutcome *outcome, char **reason)
{
  if (!migration->error)
    {
      outcome->reason = *reason = damage (migration);
      outcome->status = *reason ? "damaged" : "ok";
      return;
    }
  const GError *lost = migration->from->lost || migration->to->lost
                           ? migration->run->connection_error
                           : NULL;
  gboolean stopped = migration->abort_asked ||
                     g_error_matches (migration->error, MIG_ERROR, MIG_ERROR_INTERRUPTED);
  outcome->status = migration->timed_out ? "timed-out" : stopped && !lost ? "aborted" : "failed";
  g_autofree char *limit = mig_units_format_duration (migration->run->study->timeout_ns);
  g_autofree char *why = migration->timed_out ? g_strdup_printf ("not finished after %s", limit)
                                              : g_strdup (migration->error->message);
  outcome->reason = *reason = g_strconcat (lost ? lost->message : "", lost ? "; " : "", why,
                                           migration->whereabouts ? "; " : NULL,
                                           migration->whereabouts, NULL);
}

static const char *
stopped_by (const MigMigration *migration)
{
  const MigStopLimits *stop = migration->stop;
  /* the last round may be over before a switch to post-copy that QEMU has agreed to */
  gboolean late = migration->stop_cause == MIG_STOP_POST_COPY && !migration->post_copy;

  if (migration->stop_cause != MIG_STOP_NOT_YET && !late)
    return mig_stop_cause_name (migration->stop_cause);
  if (migration->error || !mig_host_can (migration->from->host, MIG_CAN_MAX_DOWNTIME))
    return NULL;
  return stop->min_pages && !migration->run->study->max_downtime_ns ? "pages" : "hypervisor";
}

static MigStopRule
stop_rule_in_force (const MigMigration *migration)
{
  const MigHost *source = migration->from->host;

  return mig_stop_rule_in_force (migration->run->study->stop_rule,
                                 mig_host_can (source, MIG_CAN_MAX_DOWNTIME),
                                 mig_host_info (source));
}

/* disk_time: from when the destination waits for the guest until its memory is sent. */
static gint64
disk_time (const MigMigration *migration)
{
  return MIG_IS_MISSING (migration->appeared_ns) || MIG_IS_MISSING (migration->memory_ns)
             ? MIG_MISSING_INT
             : MAX (0, migration->memory_ns - migration->appeared_ns);
}

MigMigrationRecord *
mig_migration_record (const MigMigration *migration)
{
  const MigHeartbeatStream *source = stream_of (migration->source_console);
  const MigHeartbeatStream *destination = stream_of (migration->destination_console);
  MigMigrationOutcome outcome = { .run = migration->run->number,
                                  .step = migration->step,
                                  .guest = mig_run_guest_name (migration->run_guest),
                                  .source = migration->from->study->name,
                                  .destination = migration->to->study->name,
                                  .start_ns = migration->start_ns,
                                  .end_ns = migration->end_ns,
                                  .suspended_ns = migration->suspended_ns,
                                  .resumed_ns = migration->resumed_ns,
                                  .disk_ns = disk_time (migration),
                                  .sent = &migration->job,
                                  .completed = MIG_IS_MISSING (migration->completed.sent_bytes)
                                                   ? &migration->told
                                                   : &migration->completed };
  g_autofree char *reason = NULL;
  MigMigrationRecord row;
  gint64 backwards;

  judge (migration, &outcome, &reason);
  mig_migration_row_fill (&row, &outcome);
  if (source && !migration->error)
    {
      row.last_source_heartbeat_ns = source->last_arrival_ns;
      row.heartbeat_period_ns = source->last_period_ns;
    }
  if (destination && !migration->error)
    row.first_destination_heartbeat_ns = destination->first_arrival_ns;
  /* only an answer has another period than what came before it */
  if (source && destination && !migration->error && destination->heartbeats > 0)
    row.answered = destination->first_period_ns != source->last_period_ns;
  if (source && destination)
    mig_heartbeat_stream_switch (source, destination, &row.lost_at_switch, &backwards);
  row.stop_rule = (char *) mig_stop_rule_limits (stop_rule_in_force (migration))->name;
  row.stopped_by = (char *) stopped_by (migration);
  row.stop_ns = migration->stop_ns;
  row.technique = (char *) mig_technique_info (migration->run->study->technique)->name;
  row.control = (char *) (migration->peer_uri ? "peer-to-peer" : "direct");
  return mig_record_copy (MIG_TABLE_MIGRATIONS, &row);
}
