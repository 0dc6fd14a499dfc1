/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/scale.h"
#include "base/stop-rule.h"

/* How often a guest beats: fast only where the time of a single heartbeat matters. */
typedef struct {
  gint64 rest_ns;   /* outside of its migration */
  gint64 moving_ns; /* from its migration's start */
  gint64 switch_ns; /* near its stop */
} MigHeartbeatPeriods;

/* A study: what to run. Read from XML (migcost-study(5), studies/study.rng). Who loads one may
 * change it before use (--repeat, --seed, --source ...); from then on nobody does. */

/* Limits of the format, so that no file can make migcost run out of memory. */
#define MIG_STUDY_MAX_FILE_BYTES MIG_MIB
#define MIG_STUDY_MAX_OBJECTS 256 /* hosts, workloads, guests: of each; moves of a case */
#define MIG_STUDY_MAX_CASES 1000
#define MIG_STUDY_MAX_REPETITIONS 10000
#define MIG_STUDY_MAX_CPU 4095
#define MIG_STUDY_MAX_NODE 1023

/* type of the class that each guest has to itself which is there before the study */
#define MIG_STUDY_EXISTING "existing"

/* cpu_model: what all hosts can give */
#define MIG_CPU_BASELINE "baseline"

/* type of those that update a disk */
#define MIG_STUDY_IO "io"

/* Instead of a CPU's number: not pinned; one that none of the host's guests uses. */
#define MIG_STUDY_CPU_NONE (-1)
#define MIG_STUDY_CPU_SPARE (-2)

typedef struct {
  char *name;        /* "source" */
  char *uri;         /* libvirt URI; NULL: a host of the lab */
  char *migrate_uri; /* where migration data is to be sent when this host is the destination; NULL:
                        the lab's address, or whatever the hypervisor chooses */
  char *peer_uri;    /* libvirt URI of it as the other hosts see it; NULL: the lab's, or uri */
  char *pool; /* storage pool, or directory with its '/', that kernel and initramfs are uploaded to;
                 NULL: none, they are there */
  char *disk_pool;    /* the same, for guests' disks: storage that the hosts share; NULL: none */
  int cpu;            /* physical CPU of its guests; MIG_STUDY_CPU_NONE */
  int management_cpu; /* physical CPU of what sends and receives them: as cpu, unless the study says
                         another; MIG_STUDY_CPU_NONE, MIG_STUDY_CPU_SPARE */
  guint line;
} MigStudyHost;

typedef struct {
  char *name; /* class: "c" */
  char *type; /* "cpu", "memory", "io", "idle"; MIG_STUDY_EXISTING: whatever a guest that is there
                 does */
  guint64 wss_bytes;        /* memory, io: working set, of the disk */
  guint64 rate_pages_per_s; /* memory, io (blocks): 0 = as fast as it can */
  gboolean random;          /* memory, io: order of the updates */
  gint64 off_after_ns;      /* the guest powers off so long after it was ready; 0: never */
  guint line;
} MigStudyWorkload;

typedef struct {
  char *name;        /* "c1" */
  char *domain;      /* what the hypervisor calls it */
  gboolean existing; /* it is there already, and is migrated and nothing else */
  const MigStudyWorkload *workload;
  const MigStudyHost *host; /* where it starts; of one that is there: where it is at the start of
                               each run */
  guint64 memory_bytes;     /* 0: of one that is there, whatever it has */
  guint64 vcpus;            /* 0: as many as its template, or the one that is there, has */
  char *template_name;      /* name in domains/ or path of a domain XML; NULL: chosen by the host */
  guint line;
  gboolean network;   /* it has a network card, and clients on the network notice what becomes of it
                       */
  gboolean streams;   /* with network: a stream each way, besides */
  char *server;       /* name in servers/: what it serves besides, in the lab; NULL: nothing */
  char *address;      /* of one with a network, on hosts of one's own; else NULL */
  guint prefix;       /* of that */
  char *mac;          /* of the network card with that address; else NULL */
  gboolean hugepages; /* its memory is in huge pages */
  gboolean dirty_ring; /* KVM tells which pages it writes, by a ring for each vCPU */
  gint64 numa_node;    /* of the host, that its memory is on; missing: any */
  char *cpu_model; /* MIG_CPU_BASELINE, or libvirt's word for a mode or a model; NULL: by default */
  guint64 disk_bytes; /* a disk of its own, on storage that its hosts share; 0: it has none */
  char *disk_cache;   /* libvirt's name of its cache mode; NULL: chosen by the host */
  gboolean pin;       /* of one that is there: it is pinned meanwhile as the others are */
  char *probe; /* of one that is there: how clients ask it, "icmp:192.0.2.1" (probe-spec.h); NULL:
                  they do not */
} MigStudyGuest;

typedef struct {
  const MigStudyGuest *guest;
  const MigStudyHost *destination;
} MigStudyMove;

typedef struct {
  GArray *moves; /* of MigStudyMove; started at the same time; the step ends when all have ended */
} MigStudyStep;

typedef struct _MigStudy MigStudy;

/* One quantity that a plan predicts of a case, or of one of its moves. */
typedef struct {
  const MigStudyGuest *guest; /* that moves; NULL: of the whole case */
  char *quantity;             /* as in the study: "total-time" */
  gint64 value_ns;
  gint64 low_ns, high_ns; /* 95 % prediction interval; missing: that end is not known */
} MigStudyPredicted;

/* What a plan predicts of a case. */
typedef struct {
  char *order;    /* what the plan calls it; NULL: it has no name */
  char *model;    /* where it comes from; NULL: not said */
  GArray *values; /* of MigStudyPredicted */
} MigStudyPrediction;

typedef struct {
  char *label;           /* "cm": class names of the moves in order, '+' between parallel ones; '-'
                            between the others where a class name is longer than one letter; with
                            the experiment before and the swept values behind it,
                            "order/cm rate=2000"; unique in the study: migcost-study(5) */
  GPtrArray *steps;      /* of MigStudyStep */
  const MigStudy *study; /* whose guests, workloads and settings hold in this case: the study, or
                            one of its variants */
  MigStudyPrediction *prediction; /* NULL: there is none */
  guint line;
} MigStudyCase;

/* A value that makes a variant of a study what it is. */
typedef struct {
  char *parameter;  /* "workload.m.rate" */
  char *value;      /* as in the study: "64 MB" */
  double number;    /* in that unit; NaN: it is no number */
  const char *unit; /* "bytes", "bytes/s", "pages/s", "ns", "1"; NULL: a text; static */
  guint line;       /* of its <sweep> or <experiment> */
} MigStudyParameter;

/* How a guest is migrated. */
typedef enum {
  MIG_TECHNIQUE_PRE_COPY,
  MIG_TECHNIQUE_POST_COPY,
  MIG_TECHNIQUE_AUTO_CONVERGE,
  MIG_TECHNIQUE_MULTIFD,
  MIG_TECHNIQUE_MULTIFD_ZLIB,
  MIG_TECHNIQUE_MULTIFD_ZSTD,
  MIG_TECHNIQUE_MULTIFD_ZERO_COPY,
  MIG_TECHNIQUE_COMPRESS,
  MIG_TECHNIQUE_XBZRLE,
  MIG_TECHNIQUE_DIRTY_LIMIT,
  MIG_TECHNIQUE_MAPPED_RAM,
  MIG_TECHNIQUE_ZERO_PAGES,
  MIG_TECHNIQUE_FREE_PAGES,
  MIG_TECHNIQUE_TRACE_REPLAY,
  MIG_TECHNIQUE_STORAGE_REUSE,
  MIG_N_TECHNIQUES
} MigTechnique;

/* Disks of a guest that its hosts do not share: whether they move along. */
typedef enum { MIG_STORAGE_STAYS, MIG_STORAGE_ALL, MIG_STORAGE_CHANGES } MigStorageCopy;

/* What is done with a migration that takes longer than its timeout. */
typedef enum { MIG_TIMEOUT_ABORT, MIG_TIMEOUT_SUSPEND, MIG_TIMEOUT_POST_COPY } MigTimeoutAction;

/* What is asked of a migration besides its technique, as libvirt's flags say it. */
typedef struct {
  MigStorageCopy storage;
  gboolean tls;    /* data goes by TLS, with the certificates of both hosts' hypervisors */
  gboolean unsafe; /* also where libvirt thinks that it could damage the guest's disks */
  MigTimeoutAction at_timeout;
} MigMigrationFlags;

/* mig_storage_copy_from_name: "no", "all", "inc". mig_timeout_action_from_name: "abort", "suspend",
 * "post-copy". Errors: MIG_ERROR_INVALID, with the names. mig_timeout_action_name: static. */
gboolean mig_storage_copy_from_name (const char *name, MigStorageCopy *storage, GError **error);
gboolean mig_timeout_action_from_name (const char *name, MigTimeoutAction *action, GError **error);
const char *mig_timeout_action_name (MigTimeoutAction action);

typedef struct {
  const char *name;        /* as in the study */
  const char *meaning;     /* one line for people */
  const char *not_offered; /* why no libvirt driver offers it; NULL: some do */
} MigTechniqueInfo;
/* mig_technique_info: never NULL; static. */
const MigTechniqueInfo *mig_technique_info (MigTechnique technique);
/* mig_technique_from_name: Errors: MIG_ERROR_INVALID, with the names. */
gboolean mig_technique_from_name (const char *name, MigTechnique *technique, GError **error);

/* The guests' network on hosts of one's own, where the lab has its own: one of the two, or neither.
 */
typedef struct {
  char *bridge; /* of that name on each host */
  char *name;   /* of a network of libvirt's on each host */
} MigStudyNetwork;
gboolean mig_study_network_is_given (const MigStudyNetwork *network);

struct _MigStudy {
  char *name, *title, *description;
  char *claims; /* MIG_CLAIMS_PAPER; NULL: nobody's */
  char *scale; /* as in the study, "1/4"; NULL: full size. Memory, working sets, baseline and window
                  are scaled already */
  double scale_ratio; /* 0.25; 1: full size */
  char *path;         /* the file it came from */
  char *xml;          /* the file as given; with another scale where one was asked for */
  gsize xml_size;
  GPtrArray *hosts;      /* MigStudyHost, at least 2 */
  GPtrArray *workloads;  /* MigStudyWorkload */
  GPtrArray *guests;     /* MigStudyGuest */
  GPtrArray *cases;      /* MigStudyCase, at least 1; labels unique */
  GPtrArray *variants;   /* MigStudy: what experiments and sweeps make of it, without cases of their
                            own; empty where there are none */
  GPtrArray *parameters; /* MigStudyParameter: of a variant, what makes it one */
  guint64 concurrency;   /* of its cases: moves that start at the same time */
  MigStopRule stop_rule;
  guint64 bandwidth_bytes_per_s; /* limit of one migration; 0: none */
  guint bandwidth_line;
  gint64 max_downtime_ns; /* the hypervisor's own limit; 0: its default */
  guint max_downtime_line;
  gint64 timeout_ns; /* of one migration */
  MigTechnique technique;
  guint technique_line;
  gboolean peer_to_peer; /* the source's daemon drives the migration, not migcost */
  gboolean direct;       /* it must not: the study says so */
  guint peer_to_peer_line;
  MigMigrationFlags flags;
  guint tls_line;
  guint at_timeout_line;
  guint64 connections;                          /* of multifd */
  guint64 cache_bytes;                          /* of xbzrle; 0: the hypervisor's default */
  guint64 throttle_initial, throttle_increment; /* of auto-converge, in percent; 0: the defaults */
  guint connections_line, cache_line;           /* 0: not given, as with the other lines here */
  guint throttle_initial_line, throttle_increment_line;
  guint64 link_bytes_per_s; /* the lab's link */
  MigStudyNetwork network;
  gint64 forward_delay_ns; /* of the bridges that the lab's guests with a network are on; 0: they
                            * have no spanning tree, and forward at once */
  gint64 ready_timeout_ns; /* boot until READY */
  gint64 settle_ns;        /* longest wait for steady throughput */
  gint64 baseline_ns;      /* from the window's start to the first migration */
  gint64 window_ns;        /* whole window; longer where the migrations are not over by then */
  guint repetitions;       /* with time or until: at most so many */
  gint64 time_ns;      /* of all repetitions: none begins that would not end in it; 0: no limit */
  char *until;         /* "decided", or a share as "5%": mig_study_until_check; NULL: neither */
  guint64 seed;        /* 0: chosen at run time and recorded */
  gboolean boots;      /* guests boot for each repetition, also where they could be restored */
  gint64 heartbeat_ns; /* period; 0: the hypervisor's default */
  gint64 sampling_ns;  /* period; 0: the hypervisor's default */
};

/* mig_study_load: reads a file (what has a '/', ends in ".xml" or is there), or the study of that
 * name that ships. Everything is checked here that can be checked without a hypervisor. Errors:
 * MIG_ERROR_INVALID, "FILE:LINE: what; expected what"; MIG_ERROR_USAGE where no study has that
 * name, with the names that ship; MIG_ERROR_FAILED where the file cannot be read. */
MigStudy *mig_study_load (const char *file_or_name, GError **error);

/* What is asked for in place of what the file says; it is in the kept text, too. */
typedef struct {
  const char *scale;            /* "1/4"; NULL: as it is */
  const char *const *migration; /* attributes of <migration>, each with its value behind it, up to a
                                   NULL; NULL: as they are */
} MigStudyChanges;

/* mig_study_load_changed: changes: NULL: as it is. Errors: MIG_ERROR_INVALID too where the study
 * cannot have them. */
MigStudy *mig_study_load_changed (const char *file_or_name, const MigStudyChanges *changes,
                                  GError **error);

/* mig_study_parse: the same from memory; any bytes. path: named in errors, kept in the study. */
MigStudy *mig_study_parse (const char *xml, gsize size, const char *path, GError **error);
MigStudy *mig_study_parse_changed (const char *xml, gsize size, const char *path,
                                   const MigStudyChanges *changes, GError **error);
void mig_study_free (MigStudy *study);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigStudy, mig_study_free)

/* mig_study_set_start: how guests come to be: "restore", where they can be, or "boot". Errors:
 * INVALID. */
gboolean mig_study_set_start (MigStudy *study, const char *text, GError **error);

/* mig_study_check_period: whether heartbeats or samples may come so often, or not at all (0).
 * Errors: INVALID. */
gboolean mig_study_check_period (gint64 ns, GError **error);

/* mig_study_until_check: whether a text is what a study may have for until. Errors: INVALID. */
gboolean mig_study_until_check (const char *text, GError **error);

MigStudyHost *mig_study_find_host (const MigStudy *study, const char *name);

/* mig_study_has_network: whether any of its guests has a network card. */
gboolean mig_study_has_network (const MigStudy *study);

/* mig_study_disks: which kinds of disks of their own guests of its variants have; 0: none. */
typedef enum {
  MIG_DISKS_SHARED = 1 << 0, /* their hosts share them */
  MIG_DISKS_COPIED = 1 << 1  /* migrations copy them */
} MigStudyDisks;
guint mig_study_disks (const MigStudy *study);

/* mig_study_starts_guests: whether any of its guests is migcost's own. */
gboolean mig_study_starts_guests (const MigStudy *study);
const MigStudyCase *mig_study_find_case (const MigStudy *study, const char *label);

/* mig_case_moves: whether the guest of that name moves in it. */
gboolean mig_case_moves (const MigStudyCase *study_case, const char *guest);

/* mig_cases_move: whether any of these (MigStudyCase) moves it. */
gboolean mig_cases_move (const GPtrArray *cases, const char *guest);

/* mig_case_matches: whether the label is that text or, with '*' and '?' in it, that pattern. */
gboolean mig_case_matches (const MigStudyCase *study_case, const char *pattern);

/* mig_study_n_variants, mig_study_variant: its variants; a study without any is its only one. */
guint mig_study_n_variants (const MigStudy *study);
MigStudy *mig_study_variant (const MigStudy *study, guint index);

/* mig_study_find: the object of that name in a list of hosts, workloads, guests or cases, or NULL.
 */
gpointer mig_study_find (const GPtrArray *objects, const char *name);

/* mig_study_parameter: what a variant has for a parameter; NULL: the parameter is not swept.
 * mig_study_parameter_line: of what gives it to the variant: a sweep, or else the element itself,
 * whose line that is. */
const MigStudyParameter *mig_study_parameter (const MigStudy *variant, const char *name);
guint mig_study_parameter_line (const MigStudy *variant, const char *name, guint line);

/* A study that ships. */
typedef struct {
  char *name;
  char *title;
  char *path;
} MigStudyEntry;

/* mig_study_list: GPtrArray of MigStudyEntry, sorted by name, from the folder that
 * mig_files_find_data ("studies") finds. The name is the file's, without ".xml". A file that is no
 * study is left out with a warning. Never NULL; the caller frees it with g_ptr_array_unref(). */
GPtrArray *mig_study_list (void);

/* The schedule: every repetition is a block that holds each case once, in an order drawn from the
 * seed (Fisher-Yates on GRand, which is the same everywhere). Pure. */
typedef struct {
  guint position; /* from 1 */
  const MigStudyCase *study_case;
  guint repetition; /* from 1 */
} MigScheduleItem;

/* mig_schedule_new: GArray of MigScheduleItem; it points into the study. only: label of the
 * case wanted, or a pattern, or NULL; empty where there is no such case. The caller frees it with
 * g_array_unref(). */
GArray *mig_schedule_new (const MigStudy *study, guint repetitions, guint64 seed, const char *only);
