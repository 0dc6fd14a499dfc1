/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/study.h"
#include "virt/host.h"

/* A host as one run uses it. */
typedef struct {
  const MigStudyHost *study;
  MigHost *host;
  char *migrate_uri; /* NULL: the hypervisor's choice */
  char *peer_uri;    /* libvirt URI by which the other hosts' daemons reach it; NULL: none */
  const char *listen_address; /* where a destination listens; NULL: the hypervisor's choice */
  int cpu;                    /* of the guests in the current case; -1: not pinned */
  int management_cpu;         /* the same of what sends and receives them */
  GArray *own_cpus; /* int: the study's CPU 0, 1, ... of a host of the lab; NULL: the host's own
                       numbers */
  int other_cpu;    /* another host's, for one of the lab that owns a single CPU; -1: none */
  guint n_cpus; /* that it owns: a host of the lab has its share of those that may be used here */
  char *kernel; /* paths on that host; NULL: the template's */
  char *initrd;
  char *emulator;             /* NULL: the template's or the driver's choice */
  guint64 hypervisor_version; /* of that emulator; 1000000 * major + 1000 * minor + release; 0:
                                 unknown */
  char *template_file;        /* domain template for guests that name none */
  GPtrArray *servers;         /* MigServer: that its guests may have; NULL: none */
  char *save_directory; /* of this machine, the host's own, for guests that are saved; NULL: none */
  char *save_place;     /* pool or directory of the host's own, for the same; NULL: none */
  char *save_path;      /* that directory, on the host; NULL: the same */
  gboolean save_remote; /* other hosts may have the same storage as that place, by its type */
  char *disk_directory; /* of this machine, for guests' disks: the lab's; NULL: none */
  char *disk_why_not;   /* why the lab has none; NULL: it has, or nobody asked for it */
  char *tls_why_not;    /* why it has no certificates for TLS; NULL: that is for a trial to find */
  char *machine;        /* type of machine that all hosts have, of guests by template_file; NULL: as
                           that says */
  char *baseline_cpu;   /* <cpu> that guests under KVM can have on all hosts; NULL: not known */
  char *baseline_why_not; /* why, where some guest is to have it; NULL: none is */
  gboolean lost;          /* the connection broke; under the lock of the run that uses it */
} MigRunHost;

MigRunHost *mig_run_host_new (const MigStudyHost *study, MigHost *host /* taken */);
void mig_run_host_free (MigRunHost *host);

/* mig_run_host_find: the host of that name among MigRunHosts, or NULL. */
MigRunHost *mig_run_host_find (const GPtrArray *hosts, const char *name);

/* mig_hosts_tls_why_not: why guests cannot migrate by TLS between these MigRunHosts, as far as that
 * is known without a trial; NULL: nothing is. */
const char *mig_hosts_tls_why_not (const GPtrArray *hosts);

/* mig_run_host_cpu: the CPU of the host that a study, or a variant of it, names for its guests; -1:
 * none. mig_run_host_management_cpu: the same for its management: a spare one is the next that it
 * owns, else its other_cpu. */
int mig_run_host_cpu (const MigRunHost *host, const MigStudy *variant);
int mig_run_host_management_cpu (const MigRunHost *host, const MigStudy *variant);

/* mig_run_host_give_cpus: those are the ones that it uses from now on. */
void mig_run_host_give_cpus (MigRunHost *host, const MigStudy *variant);

/* mig_run_host_sampled: the CPUs of its own that its guests and its management use; their number;
 * 0: any. */
guint mig_run_host_sampled (const MigRunHost *host, int cpus[2]);

/* mig_run_host_set_emulator: the QEMU program that runs the guests, by its path on that host, and
 * with it the hypervisor's version: on this machine the program is asked (a warning where it does
 * not answer), on another one it is unknown, since libvirt tells that of its own choice only. NULL:
 * the driver's choice. */
void mig_run_host_set_emulator (MigRunHost *host, const char *emulator);

/* mig_run_host_is_reachable: whether its peer_uri names a server, so that other hosts' daemons may
 * reach it: libvirt takes 'localhost' for the source itself. */
gboolean mig_run_host_is_reachable (const MigRunHost *host);
