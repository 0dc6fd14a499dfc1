/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/units.h"
#include "watch/migration-tracker.h"

/* The two hosts' last events come over connections of their own, in either order, so far apart. */
#define JOIN_NS (5 * MIG_NS_PER_S)

struct _MigMigrationTracker {
  GPtrArray *all;
  guint numbers; /* given to migrations */
};

static void
migration_free (gpointer data)
{
  MigTrackedMigration *self = data;

  g_free (self->guest);
  g_free (self->uuid);
  g_free (self->failure);
  g_free (self);
}

MigMigrationTracker *
mig_migration_tracker_new (void)
{
  MigMigrationTracker *tracker = g_new0 (MigMigrationTracker, 1);
  tracker->all = g_ptr_array_new_with_free_func (migration_free);
  return tracker;
}

void
mig_migration_tracker_free (MigMigrationTracker *tracker)
{
  if (!tracker)
    return;
  g_ptr_array_unref (tracker->all);
  g_free (tracker);
}

const GPtrArray *
mig_migration_tracker_all (const MigMigrationTracker *tracker)
{
  return tracker->all;
}

void
mig_migration_tracker_forget (MigMigrationTracker *tracker)
{
  for (guint i = tracker->all->len; i > 0; i--)
    if (!MIG_IS_MISSING (((MigTrackedMigration *) tracker->all->pdata[i - 1])->end_ns))
      g_ptr_array_remove_index (tracker->all, i - 1);
}

/* concerns: a copy of the guest on a third host is another guest. */
static gboolean
concerns (const MigTrackedMigration *self, int host)
{
  return host == self->source || host == self->destination || self->source < 0 ||
         self->destination < 0;
}

MigTrackedMigration *
mig_migration_tracker_find (const MigMigrationTracker *tracker, int host, const char *uuid)
{
  for (guint i = 0; i < tracker->all->len; i++)
    {
      MigTrackedMigration *self = tracker->all->pdata[i];
      if (MIG_IS_MISSING (self->end_ns) && strcmp (self->uuid, uuid) == 0 && concerns (self, host))
        return self;
    }
  return NULL;
}

/* last_of: of that guest. */
static MigTrackedMigration *
last_of (const MigMigrationTracker *tracker, const char *uuid)
{
  for (guint i = tracker->all->len; i > 0; i--)
    {
      MigTrackedMigration *self = tracker->all->pdata[i - 1];
      if (strcmp (self->uuid, uuid) == 0)
        return self;
    }
  return NULL;
}

MigTrackedMigration *
mig_migration_tracker_latest (const MigMigrationTracker *tracker, int host, const char *uuid)
{
  for (guint i = tracker->all->len; i > 0; i--)
    {
      MigTrackedMigration *self = tracker->all->pdata[i - 1];
      if (self->source == host && strcmp (self->uuid, uuid) == 0)
        return self;
    }
  return NULL;
}

static MigTrackedMigration *
begin (MigMigrationTracker *tracker, const MigTrackerEvent *event)
{
  MigTrackedMigration *self = g_new0 (MigTrackedMigration, 1);

  self->number = ++tracker->numbers;
  self->guest = g_strdup (event->guest);
  self->uuid = g_strdup (event->uuid);
  self->source = self->destination = -1;
  self->start_ns = event->arrival_ns;
  self->late = event->end_only || event->kind == MIG_EVENT_RESUMED;
  self->suspended_ns = self->resumed_ns = self->end_ns = self->post_copy_ns = MIG_MISSING_INT;
  g_ptr_array_add (tracker->all, self);
  return self;
}

void
mig_migration_tracker_give_up (MigTrackedMigration *self, gint64 now_ns, const char *failure)
{
  self->end_ns = now_ns;
  g_free (self->failure);
  self->failure = g_strdup (failure);
}

void
mig_migration_tracker_lose (MigTrackedMigration *self, gint64 now_ns, const char *why)
{
  mig_migration_tracker_give_up (self, now_ns, why);
  self->unseen = TRUE;
}

void
mig_migration_tracker_arrived (MigTrackedMigration *self, gint64 now_ns)
{
  gboolean whole = !MIG_IS_MISSING (self->resumed_ns) && MIG_IS_MISSING (self->post_copy_ns);

  mig_migration_tracker_give_up (self, whole ? self->resumed_ns : now_ns, NULL);
}

static MigTrackerChange
end (MigTrackedMigration *self, gint64 now_ns, const char *failure)
{
  mig_migration_tracker_give_up (self, now_ns, failure);
  return MIG_TRACKER_ENDED;
}

/* is_other_job: a save, a dump, a snapshot. */
static gboolean
is_other_job (MigOperation operation)
{
  return operation != MIG_OPERATION_UNKNOWN && operation != MIG_OPERATION_MIGRATION_OUT &&
         operation != MIG_OPERATION_MIGRATION_IN;
}

/* is_sign: only a migration sends it, or a job that rounds are told of; the first of them is its
 * beginning. libxl sends what is no sign elsewhere, where QEMU's driver sends it for one that is
 * known; and nothing before. */
static gboolean
is_sign (const MigTrackerEvent *event)
{
  if (event->end_only)
    return event->by_migration && event->kind != MIG_EVENT_STARTED;
  return event->kind == MIG_EVENT_ITERATION ||
         (event->by_migration &&
          (event->kind == MIG_EVENT_STARTED || event->kind == MIG_EVENT_SUSPENDED));
}

/* suspended: libxl tells of it only where the guest cannot go on on the source either. */
static MigTrackerChange
suspended (MigTrackedMigration *self, const MigTrackerEvent *event)
{
  if (self->source < 0 && event->host != self->destination)
    self->source = event->host;
  if (event->host == self->source && MIG_IS_MISSING (self->suspended_ns))
    {
      self->suspended_ns = event->arrival_ns;
      self->owner_suspended = !event->by_migration && event->post_copy == MIG_POST_COPY_NONE;
    }
  return event->end_only && event->by_migration
             ? end (self, event->arrival_ns, "failed; the guest stands still on the source")
             : MIG_TRACKER_MORE;
}

/* resumed: at the source by its owner it goes on in the middle of the migration; by libvirt, since
 * the migration is over. */
static MigTrackerChange
resumed (MigTrackedMigration *self, const MigTrackerEvent *event)
{
  if (event->host == self->source && !event->by_migration && !self->destination_ended)
    {
      self->suspended_ns = MIG_MISSING_INT;
      self->owner_suspended = FALSE;
      return MIG_TRACKER_MORE;
    }
  if (MIG_IS_MISSING (self->resumed_ns))
    self->resumed_ns = event->arrival_ns;
  if (event->host == self->source)
    return end (self, event->arrival_ns,
                self->owner_suspended
                    ? "cancelled or failed while suspended by its owner; the guest continues on "
                      "the source"
                    : "cancelled or failed at the switch-over; the guest continues on the source");
  self->destination = event->host;
  return self->source < 0 ? end (self, event->arrival_ns, NULL) : MIG_TRACKER_MORE;
}

/* stopped_there: what had gone on there was the guest, which may have left by now; what had not
 * only waited for it, and the source's word is still to come where it was stopped there. */
static MigTrackerChange
stopped_there (MigTrackedMigration *self, const MigTrackerEvent *event)
{
  self->destination_ended = TRUE;
  if (!MIG_IS_MISSING (self->resumed_ns) && event->by_migration)
    {
      mig_migration_tracker_arrived (self, event->arrival_ns);
      return MIG_TRACKER_ENDED;
    }
  if (!MIG_IS_MISSING (self->resumed_ns))
    return end (self, event->arrival_ns, "the guest ended on the destination");
  if (self->source < 0)
    return end (self, event->arrival_ns,
                "cancelled or failed: it did not continue on the destination");
  return MIG_IS_MISSING (self->suspended_ns)
             ? end (self, event->arrival_ns,
                    "cancelled or failed while copying; the guest continues on the source")
             : MIG_TRACKER_MORE;
}

static MigTrackerChange
stopped (MigMigrationTracker *tracker, MigTrackedMigration *self, const MigTrackerEvent *event)
{
  if (event->host == self->destination && event->host != self->source)
    return stopped_there (self, event);
  if (event->saved && self->destination < 0)
    {
      g_ptr_array_remove (tracker->all, self);
      return MIG_TRACKER_WITHDRAWN;
    }
  if (self->source < 0)
    self->source = event->host;
  return end (self, event->arrival_ns,
              event->by_migration ? NULL : "the guest ended on the source");
}

/* is_next: a guest that goes on at its destination leaves it, or goes on elsewhere by a migration:
 * the one that is known is over, and its end was missed. */
static gboolean
is_next (const MigTrackedMigration *self, const MigTrackerEvent *event)
{
  gboolean there = event->host == self->destination;

  if (self->destination < 0 || MIG_IS_MISSING (self->resumed_ns) || self->broken)
    return FALSE;
  if (event->kind == MIG_EVENT_ITERATION)
    return there && event->operation == MIG_OPERATION_MIGRATION_OUT;
  if (!event->by_migration)
    return FALSE;
  return event->kind == MIG_EVENT_SUSPENDED                                     ? there
         : event->kind == MIG_EVENT_STARTED || event->kind == MIG_EVENT_RESUMED ? !there
                                                                                : FALSE;
}

/* find: the one that the event belongs to; *left: the host where the guest was by one that ends
 * with that; -1: none did. */
static MigTrackedMigration *
find (MigMigrationTracker *tracker, const MigTrackerEvent *event, int *left)
{
  MigTrackedMigration *self;

  *left = -1;
  while ((self = mig_migration_tracker_find (tracker, event->host, event->uuid)) &&
         is_next (self, event))
    {
      *left = self->destination;
      mig_migration_tracker_arrived (self, event->arrival_ns);
    }
  return self;
}

/* join: the event is the other host's last word on one that has ended by the first's. */
static MigTrackedMigration *
join (const MigMigrationTracker *tracker, const MigTrackerEvent *event)
{
  MigTrackedMigration *self = event->by_migration ? last_of (tracker, event->uuid) : NULL;

  if (!self || MIG_IS_MISSING (self->end_ns) || self->failure ||
      event->arrival_ns > self->end_ns + JOIN_NS)
    return NULL;
  if (event->kind == MIG_EVENT_STOPPED && self->source < 0 && event->host != self->destination)
    self->source = event->host;
  else if (event->kind == MIG_EVENT_RESUMED && self->destination < 0 &&
           event->host != self->source && MIG_IS_MISSING (self->resumed_ns))
    {
      self->destination = event->host;
      self->resumed_ns = event->arrival_ns;
    }
  else
    return NULL;
  self->end_ns = MAX (self->end_ns, event->arrival_ns);
  return self;
}

/* takes: whether the event is one of a migration that goes on or begins with it. One that begins
 * where its guest goes on elsewhere left the host where it was. */
static gboolean
takes (MigMigrationTracker *tracker, const MigTrackerEvent *event, MigTrackedMigration **migration,
       gboolean *begun)
{
  int left;

  *migration = find (tracker, event, &left);
  gboolean elsewhere = event->kind == MIG_EVENT_RESUMED && left >= 0;
  *begun = !*migration && (is_sign (event) || elsewhere);
  if (event->kind == MIG_EVENT_ITERATION && is_other_job (event->operation))
    *migration = NULL;
  else if (*begun)
    {
      *migration = begin (tracker, event);
      if (elsewhere)
        (*migration)->source = left;
    }
  return *migration != NULL;
}

/* note_post_copy: both hosts send each of its events. */
static MigTrackerChange
note_post_copy (MigTrackedMigration *self, const MigTrackerEvent *event)
{
  gboolean failed = event->post_copy == MIG_POST_COPY_FAILED;

  if (event->post_copy == MIG_POST_COPY_NONE || failed == self->broken)
    {
      if (event->post_copy == MIG_POST_COPY_RUNS && MIG_IS_MISSING (self->post_copy_ns))
        self->post_copy_ns = event->arrival_ns;
      return MIG_TRACKER_MORE;
    }
  self->broken = failed;
  self->recoveries += !failed;
  return failed ? MIG_TRACKER_BROKEN : MIG_TRACKER_RECOVERED;
}

MigTrackerChange
mig_migration_tracker_event (MigMigrationTracker *tracker, const MigTrackerEvent *event,
                             MigTrackedMigration **migration)
{
  gboolean begun;
  MigTrackerChange change = MIG_TRACKER_MORE;

  if (!mig_migration_tracker_find (tracker, event->host, event->uuid) &&
      (*migration = join (tracker, event)))
    return MIG_TRACKER_MORE;
  if (!takes (tracker, event, migration, &begun))
    return MIG_TRACKER_NOTHING;
  MigTrackedMigration *self = *migration;
  switch (event->kind)
    {
    case MIG_EVENT_SUSPENDED:
      change = suspended (self, event);
      break;
    case MIG_EVENT_ITERATION:
      if (self->source < 0 && event->host != self->destination)
        self->source = event->host;
      break;
    case MIG_EVENT_STARTED:
      if (event->host != self->source)
        self->destination = event->host;
      break;
    case MIG_EVENT_RESUMED:
      change = resumed (self, event);
      break;
    case MIG_EVENT_STOPPED:
      change = stopped (tracker, self, event);
      break;
    default:
      break;
    }
  if (change == MIG_TRACKER_WITHDRAWN)
    {
      *migration = NULL;
      return change;
    }
  MigTrackerChange post_copy = note_post_copy (self, event);
  if (change == MIG_TRACKER_MORE)
    change = post_copy;
  return begun ? MIG_TRACKER_BEGUN : change;
}
