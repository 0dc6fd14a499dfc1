/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/study.h"
#include "virt/guest.h"

typedef struct {
  const char *migrate_uri;     /* NULL: the hypervisor's choice */
  const char *listen_address;  /* on the destination; NULL: the hypervisor's choice */
  const char *destination_xml; /* NULL: as it is */
  const char *peer_uri; /* the destination as the source's daemon sees it, which drives a migration
                           peer-to-peer; NULL: direct, this process talks to both */
  gboolean persist;     /* the definition moves along: made on the destination, then undone on the
                           source */
  guint64 bandwidth_bytes_per_s; /* 0: no limit */
  MigTechnique technique;
  guint64 connections; /* of multifd; 0: the hypervisor's default, as below */
  guint64 cache_bytes; /* of xbzrle */
  guint64 throttle_initial, throttle_increment; /* of auto-converge, percent */
  MigMigrationFlags flags;
} MigMigrateOptions;

/* mig_migrate_options_init: all that a study says of its migrations; the rest is for the caller. */
void mig_migrate_options_init (MigMigrateOptions *options, const MigStudy *study);

/* One migration to be: with connections of its own to both hosts, because its call blocks for long.
 */
typedef struct _MigJob MigJob;

/* mig_job_new: connects where no spare connection is left. guest and destination must outlive it.
 */
MigJob *mig_job_new (MigGuest *guest, MigHost *destination, GError **error);
void mig_job_free (MigJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigJob, mig_job_free)

/* mig_job_run: live migration by virDomainMigrate3, or by virDomainMigrateToURI3 peer-to-peer;
 * blocks until it is over, which is when *end_ns (may be NULL) is stamped. Returns the guest on the
 * destination; NULL and error: it did not move, or is not found there. */
MigGuest *mig_job_run (MigJob *job, const MigMigrateOptions *options, gint64 *end_ns,
                       GError **error);

/* mig_job_is_cut_off: of one that failed: the connection to its source is broken; what the source
 * does with it is not known. */
gboolean mig_job_is_cut_off (const MigJob *job);

/* mig_job_peer_is_unreachable: of one peer-to-peer that failed: the source's daemon could not even
 * connect to the destination's, so that nothing was begun. */
gboolean mig_job_peer_is_unreachable (const MigJob *job);

/* mig_migrate_flags_text: libvirt's names of the flags that these options mean: "VIR_MIGRATE_LIVE |
 * VIR_MIGRATE_PEER2PEER". The caller frees it. */
char *mig_migrate_flags_text (const MigMigrateOptions *options);

/* mig_migrate_parameters_text: what libvirt is given beside the flags, by its own names:
 * "migrate_uri=tcp://10.0.0.2, bandwidth=12 MiB/s"; NULL: nothing. The caller frees it. */
char *mig_migrate_parameters_text (const MigMigrateOptions *options);

/* What a job of the hypervisor does. */
typedef enum {
  MIG_OPERATION_UNKNOWN, /* no job, or the driver does not tell */
  MIG_OPERATION_MIGRATION_OUT,
  MIG_OPERATION_MIGRATION_IN,
  MIG_OPERATION_SAVE, /* to a file, or a managed save */
  MIG_OPERATION_DUMP,
  MIG_OPERATION_SNAPSHOT,
  MIG_OPERATION_OTHER, /* backup, restore ... */
  MIG_N_OPERATIONS
} MigOperation;

const char *mig_operation_name (MigOperation operation); /* "save" */

/* Statistics of a migration; members that the hypervisor does not report are MIG_MISSING_INT. */
typedef struct {
  gint64 elapsed_ns;
  gint64 setup_ns;
  gint64 downtime_ns; /* expected while it runs, measured once it is complete */
  gint64 sent_bytes;  /* of memory, as all up to send_bytes_per_s */
  gint64 remaining_bytes;
  gint64 ram_bytes;
  gint64 normal_pages;
  gint64 constant_pages;
  gint64 rounds;
  gint64 dirty_pages_per_s;
  gint64 send_bytes_per_s;
  gint64 post_copy_requests; /* pages that the guest, run on by post-copy, waited for */
  gint64 disk_total_bytes; /* of disks that are copied; libvirt tells it, and what follows, of a job
                              on its source alone; 0: none is */
  gint64 disk_sent_bytes;
  MigOperation operation;
} MigJobStatistics;

void mig_job_statistics_init (MigJobStatistics *statistics); /* all missing */

/* mig_guest_job_running: of the migration that this guest (on the source) is in. FALSE without
 * error where there is none or the hypervisor has none. */
gboolean mig_guest_job_running (MigGuest *guest, MigJobStatistics *statistics);

/* What a guest's job is at a moment. */
typedef enum {
  MIG_JOB_UNKNOWN, /* the host does not answer, or does not tell */
  MIG_JOB_NONE,
  MIG_JOB_RUNS,
  MIG_JOB_ARRIVES, /* a migration brings it: only the source has its statistics */
} MigJobState;

/* mig_guest_job_state: the same question, where an answer that did not come is not to be taken for
 * no job. statistics are those of MIG_JOB_RUNS, else all missing. */
MigJobState mig_guest_job_state (MigGuest *guest, MigJobStatistics *statistics);

/* mig_guest_job_completed: of the migration that brought this guest (on the destination) here. */
gboolean mig_guest_job_completed (MigGuest *guest, MigJobStatistics *statistics);

/* mig_guest_set_max_downtime: of the running or the next migration. */
gboolean mig_guest_set_max_downtime (MigGuest *guest, gint64 downtime_ns, GError **error);

/* mig_guest_max_downtime: the limit that the next migration begins with. */
gboolean mig_guest_max_downtime (MigGuest *guest, gint64 *downtime_ns, GError **error);

/* mig_guest_put_max_downtime: back to so many ns, as text; anything else changes nothing. */
gboolean mig_guest_put_max_downtime (MigGuest *guest, const char *ns, GError **error);

/* mig_guest_is_leaving: whether a migration from its host is under way, by the host's word; on Xen,
 * which tells no more, a job that takes longer than a query. */
gboolean mig_guest_is_leaving (MigGuest *guest);

/* mig_host_settled_guest: *guest: the one with that UUID, NULL where it is not on this host; the
 * caller frees it. Errors: the host does not answer; a migration takes the guest away or brings it
 * now, so that a change of it could not last. */
gboolean mig_host_settled_guest (MigHost *host, const char *uuid, MigGuest **guest, GError **error);

/* mig_guest_start_post_copy: a running migration by post-copy lets the guest go on at the
 * destination. */
gboolean mig_guest_start_post_copy (MigGuest *guest, GError **error);

/* mig_guest_suspend_migration: a guest that is migrated stands still from now on, so that the rest
 * of its memory stays as it is; it goes on at the destination or, where the migration fails, where
 * it was. */
gboolean mig_guest_suspend_migration (MigGuest *guest, GError **error);

/* mig_guest_abort_migration: asks; mig_job_run then fails. */
gboolean mig_guest_abort_migration (MigGuest *guest, GError **error);

/* What is said of a migration whose post-copy failed; %s: its source. */
#define MIG_POST_COPY_BROKEN                                                                       \
  "post-copy failed: the guest stands still on both hosts, each with a part of its memory, until " \
  "'virsh migrate --postcopy-resume' recovers it from host '%s'"

/* mig_guest_post_copy_failed: of a guest on the source: libvirt has lost the migration. It may
 * still come to its end where only libvirt's own connection was lost. */
gboolean mig_guest_post_copy_failed (MigGuest *guest);

/* mig_guest_busy: what else is done with a running guest now, so that it cannot be migrated:
 * "somebody is migrating it", "a save is running"; on Xen "a job of libvirt is running", of one
 * that takes longer than a query; NULL: nothing, or the driver does not tell. The caller frees it.
 */
char *mig_guest_busy (MigGuest *guest);
