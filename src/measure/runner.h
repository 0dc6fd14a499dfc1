/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/result.h"
#include "study/study.h"
#include "virt/host.h"

/* A host as one run uses it. */
typedef struct {
  const MigStudyHost *study;
  MigHost *host;
  char *migrate_uri; /* NULL: the hypervisor's choice */
  char *peer_uri;    /* libvirt URI by which the other hosts' daemons reach it; NULL: none */
  const char *listen_address; /* where a destination listens; NULL: the hypervisor's choice */
  int cpu;                    /* that the current case uses; -1: not pinned */
  GArray *own_cpus; /* int: the study's CPU 0, 1, ... of a host of the lab; NULL: the host's own
                       numbers */
  guint n_cpus; /* that it owns: a host of the lab has its share of those that may be used here */
  char *kernel; /* paths on that host; NULL: the template's */
  char *initrd;
  char *emulator;             /* NULL: the template's or the driver's choice */
  guint64 hypervisor_version; /* of that emulator; 1000000 * major + 1000 * minor + release; 0:
                                 unknown */
  char *template_file;        /* domain template for guests that name none */
  gboolean lost;              /* the connection broke; under the runner's lock */
} MigRunHost;

/* mig_run_host_cpu: the CPU of the host that a study, or a variant of it, names for it; -1: none.
 */
int mig_run_host_cpu (const MigRunHost *host, const MigStudy *variant);

MigRunHost *mig_run_host_new (const MigStudyHost *study, MigHost *host /* taken */);
void mig_run_host_free (MigRunHost *host);

/* mig_run_host_find: the host of that name among MigRunHosts, or NULL. */
MigRunHost *mig_run_host_find (const GPtrArray *hosts, const char *name);

/* mig_run_host_set_emulator: the QEMU program that runs the guests, by its path on that host, and
 * with it the hypervisor's version: on this machine the program is asked (a warning where it does
 * not answer), on another one it is unknown, since libvirt tells that of its own choice only. NULL:
 * the driver's choice. */
void mig_run_host_set_emulator (MigRunHost *host, const char *emulator);

/* mig_emulator_parse_version: from the first line that QEMU prints with --version; 0: there is
 * none. */
guint64 mig_emulator_parse_version (const char *text);

typedef enum {
  MIG_PHASE_STARTING, /* guests boot */
  MIG_PHASE_SETTLING, /* waiting for steady throughput */
  MIG_PHASE_BASELINE,
  MIG_PHASE_MIGRATING,
  MIG_PHASE_AFTER,  /* the rest of the window */
  MIG_PHASE_ENDING, /* guests are destroyed */
} MigPhase;

const char *mig_phase_name (MigPhase phase);

/* One migration under way; sent_bytes and round are MIG_MISSING_INT where the hypervisor does not
 * tell. */
typedef struct {
  const char *guest;
  const char *destination;
  gint64 elapsed_ns;
  gint64 round;
  gint64 sent_bytes;
} MigProgressMigration;

typedef struct {
  guint position, total; /* of the schedule */
  const char *case_label;
  guint repetition, repetitions;
  MigPhase phase;
  gint64 elapsed_ns;   /* since the run began */
  gint64 remaining_ns; /* estimate; missing until the first repetition is over */
  const MigProgressMigration *migrations;
  guint n_migrations;
} MigProgress;

typedef struct {
  /* At each change of phase and about twice a second; in the runner's thread. */
  void (*progress) (const MigProgress *progress, gpointer data);
  /* After each repetition, when it is on the disk. migrations: of MigMigrationRecord pointers. */
  void (*finished) (const MigRunRecord *run, const GPtrArray *migrations, gpointer data);
  gpointer data;
} MigRunObserver;

typedef struct {
  const MigStudy *study; /* in a runner: the variant of the current case */
  GPtrArray *hosts;      /* MigRunHost, in the study's order */
  MigResultWriter *writer;
  GArray *schedule;    /* MigScheduleItem */
  GHashTable *done;    /* mig_run_key() of what need not be run (resume); NULL: nothing */
  GHashTable *skipped; /* label of a case that cannot be run -> why; NULL: none */
  /* Gives the lab's link another rate; NULL: there is no such link. */
  gboolean (*shape_link) (guint64 bytes_per_s, gpointer data, GError **error);
  gpointer shape_data;
  gint64 last_run;     /* number of the last run in the directory; 0: none */
  gint64 heartbeat_ns; /* resolved: never 0 */
  gint64 sampling_ns;  /* 0: no sampling */
  MigRunObserver observer;
  GHashTable *identities; /* guest's name -> UUID of those that were there, as preflight saw them;
                             NULL: whoever has the domain's name at the first repetition */
} MigRunOptions;

/* mig_run_key: "cm#3": a case and repetition, as key of `done`. The caller frees it. */
char *mig_run_key (const char *case_label, gint64 repetition);

typedef struct _MigRunner MigRunner;

/* mig_runner_new: options are copied, what they point to must outlive the runner. */
MigRunner *mig_runner_new (const MigRunOptions *options);

/* mig_runner_run: runs the schedule. Every repetition is on the disk before the next begins.
 * Whatever happens, guests are destroyed and pins put back before it returns. Errors: INTERRUPTED
 * after mig_runner_cancel; FAILED where going on makes no sense (guests do not start, disk full,
 * host lost). A failed migration is no error but a row, and so is a case that is skipped. Sets the
 * numbers of repetitions that were sound and that failed; those that were skipped are neither. */
gboolean mig_runner_run (MigRunner *runner, guint *sound, guint *failed, GError **error);

/* mig_runner_cancel: from any thread (not a signal handler): ends the run soon. */
void mig_runner_cancel (MigRunner *runner);
void mig_runner_free (MigRunner *runner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigRunner, mig_runner_free)
