/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include "results/records.h"

/* Hosts and the VMs on them, as the model sees them: plain numbers in SI units. Pure. */

#define MIG_NO_INDEX G_MAXUINT

typedef struct {
  char *name;
  double memory_bytes;     /* for guests; infinite where nobody said */
  double cpus;             /* shared by its guests and, unless that has others, the work of
                              migrations */
  double link_bytes_per_s; /* each direction */
  guint max_parallel;      /* migrations out of and into it at the same time */
  guint max_out, max_in;   /* of either kind; 0: any number */
  guint group;             /* index + 1 of its group; 0: it is in none */
  double overcommit;       /* its VMs may have so many times its memory; 0: once */
  double management_cpus;  /* for the work of migrations alone; 0: it has none of its own */
  guint borrows_from; /* index + 1 of a host whose cpus the work of migrations uses instead of its
                         own, beside that host's guests; 0: none */
  gboolean cordoned;  /* it takes VMs only where it is named for them */
} MigFleetHost;

typedef struct {
  char *name;
  guint host; /* where it is: index of a host */
  guint to;   /* where it must go: index of a host, or MIG_NO_INDEX: to be chosen */
  double memory_bytes;
  double used_bytes; /* of it: pages that are sent whole; the rest are constant pages */
  double vcpus;
  double cpu;               /* CPUs that it uses where it gets them, at most vcpus */
  double wss_bytes;         /* memory that it updates */
  double dirty_pages_per_s; /* updates, where it gets its CPUs */
  double max_downtime_s;    /* infinite: any */
  char *apart;              /* no two VMs with the same word on one host; NULL: with anybody */
  char *avoid;              /* host that it goes to only where no other has room; NULL: none */
  gboolean stays;           /* it does not leave, whatever is asked for */
  char *obstacle;           /* why it cannot leave, by its host; NULL: nothing is known of that */
  char *id;                 /* what commands call it; NULL: its name */
  double claim_bytes;       /* memory that is kept for it on a host; 0: all that it may have */
  GHashTable *closed;       /* name of a host -> char *: why it cannot go there; NULL: nothing is
                               known of any; copies share it */
  double disk_bytes;        /* of disks that a migration copies where it copies any */
  gboolean disk_scales;     /* that is its working set, which a study's scale makes smaller */
} MigFleetVm;

/* A rack or a switch: what its hosts and others send each other passes its uplink. */
typedef struct {
  char *name;
  double link_bytes_per_s; /* each direction; infinite: no limit */
  guint within;            /* index + 1 of the group that it is part of; 0: none */
} MigFleetGroup;

typedef struct {
  GArray *groups;                    /* of MigFleetGroup */
  GHashTable *borrowers;             /* index + 1 -> index + 1: of a host that lends its CPUs */
  GArray *hosts;                     /* of MigFleetHost */
  GArray *vms;                       /* of MigFleetVm */
  GHashTable *host_named, *vm_named; /* name -> index + 1: of two of one name the first */
} MigFleet;

MigFleet *mig_fleet_new (void);
MigFleet *mig_fleet_copy (const MigFleet *fleet);
void mig_fleet_free (MigFleet *fleet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigFleet, mig_fleet_free)

/* mig_fleet_vm_close: a host that cannot take the VM, and why; of one that has a reason both. */
void mig_fleet_vm_close (MigFleetVm *vm, const char *host, const char *reason);

/* mig_fleet_add_host, mig_fleet_add_vm: a copy of it, with copies of its texts; its index. A host
 * that borrows CPUs has one of its own for that instead, until mig_fleet_lend() says whose. */
guint mig_fleet_add_host (MigFleet *fleet, const MigFleetHost *host);
guint mig_fleet_add_vm (MigFleet *fleet, const MigFleetVm *vm);

guint mig_fleet_add_group (MigFleet *fleet, const MigFleetGroup *group);

/* A path passes at most so many uplinks. An uplink is a group's index times two, plus one where it
 * is passed inwards. */
#define MIG_UPLINKS_MAX 8

/* mig_fleet_path: the uplinks between two hosts; their number. */
guint mig_fleet_path (const MigFleet *fleet, guint from, guint to, guint uplinks[MIG_UPLINKS_MAX]);

/* mig_fleet_find_host, mig_fleet_find_vm: index, or MIG_NO_INDEX. */
guint mig_fleet_find_host (const MigFleet *fleet, const char *name);
guint mig_fleet_find_vm (const MigFleet *fleet, const char *name);

/* mig_fleet_by_host: VMs by their hosts: those of host h stand from (*first)[h] to before
 * (*first)[h + 1] in vms, in the fleet's order. The caller frees both. */
void mig_fleet_by_host (const MigFleet *fleet, guint **first, guint **vms);

/* mig_fleet_vm_same: where either may leave first, it makes no difference which does. */
gboolean mig_fleet_vm_same (const MigFleetVm *a, const MigFleetVm *b);

/* mig_fleet_from_records: of a fleet file's rows. label: the file's name in messages. Errors:
 * INVALID with the VM or host and the column. */
MigFleet *mig_fleet_from_records (const GPtrArray *records, const char *label, GError **error);

static inline const MigFleetGroup *
mig_fleet_group (const MigFleet *fleet, guint index)
{
  return &g_array_index (fleet->groups, MigFleetGroup, index);
}

static inline const MigFleetHost *
mig_fleet_host (const MigFleet *fleet, guint index)
{
  return &g_array_index (fleet->hosts, MigFleetHost, index);
}

/* mig_fleet_lend: a host's CPUs are used by the migrations of another one. */
void mig_fleet_lend (MigFleet *fleet, guint from, guint to);

/* mig_fleet_lend_as: as in a whole fleet that this one is a part of; hosts: of each host of the
 * whole its index here, or MIG_NO_INDEX. */
void mig_fleet_lend_as (MigFleet *part, const MigFleet *whole, const guint *hosts);

/* mig_fleet_host_borrower: the host whose migrations use this one's CPUs; MIG_NO_INDEX: none. One
 * host lends to one other at most. */
guint mig_fleet_host_borrower (const MigFleet *fleet, guint host);

/* mig_fleet_host_thread_cpus: that the work of a migration may use at most. */
static inline double
mig_fleet_host_thread_cpus (const MigFleetHost *host)
{
  return host->borrows_from > 0      ? INFINITY
         : host->management_cpus > 0 ? host->management_cpus
                                     : host->cpus;
}

/* mig_fleet_host_room: memory that its VMs may claim. */
static inline double
mig_fleet_host_room (const MigFleetHost *host)
{
  return host->memory_bytes * (host->overcommit > 0 ? host->overcommit : 1);
}

/* mig_fleet_vm_claim: memory that is kept for it on a host. */
static inline double
mig_fleet_vm_claim (const MigFleetVm *vm)
{
  return vm->claim_bytes > 0 ? vm->claim_bytes : vm->memory_bytes;
}

/* mig_fleet_vm_closed: why it cannot go to that host; NULL: nothing is known of that. */
static inline const char *
mig_fleet_vm_closed (const MigFleetVm *vm, const MigFleetHost *host)
{
  return vm->closed ? g_hash_table_lookup (vm->closed, host->name) : NULL;
}

static inline const MigFleetVm *
mig_fleet_vm (const MigFleet *fleet, guint index)
{
  return &g_array_index (fleet->vms, MigFleetVm, index);
}
