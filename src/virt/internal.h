/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by the files of this room only. */

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <libxml/tree.h>

#include "virt/events.h"
#include "virt/guest.h"
#include "virt/host.h"
#include "virt/migrate.h"

/* libvirt's own frees reject NULL. They lose the error of whatever has failed before. */
static inline void
mig_domain_unref (virDomainPtr domain)
{
  if (domain)
    virDomainFree (domain);
}

static inline void
mig_stream_unref (virStreamPtr stream)
{
  if (stream)
    virStreamFree (stream);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (virDomain, mig_domain_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStream, mig_stream_unref)

typedef struct {
  virTypedParameterPtr values;
  int n;
} MigParams;

static inline void
mig_params_clear (MigParams *params)
{
  virTypedParamsFree (params->values, params->n);
  params->values = NULL;
  params->n = 0;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MigParams, mig_params_clear)

struct _MigHost {
  char *name;
  char *uri;
  gboolean read_only;
  virConnectPtr connection; /* of events, streams and short calls */
  GPtrArray *spares;        /* connections that nobody uses now; see spare.c */
  virConnectPtr observer;   /* of samples; NULL: none yet */
  GHashTable *observed;     /* UUID as text to virDomain of the observer */
  MigHostInfo info;
  char *driver, *hostname, *cpu_model;
  char *online; /* its CPUs, as cpu-map.h tells */
  gboolean can[MIG_N_CAPABILITIES];
  xmlDocPtr capabilities; /* libvirt's; NULL: not asked yet */
  MigEventFunc watch;
  gpointer watch_user;
  int callbacks[3]; /* lifecycle, iteration, job completed; -1: none */
  GMutex lock;      /* watch, spares, capabilities */
};

struct _MigGuest {
  MigHost *host;
  virDomainPtr domain;
  char *name;
  char uuid[VIR_UUID_STRING_BUFLEN];
};

/* guest.c: what the hypervisor says of it at once. */
gboolean mig_guest_ask (MigGuest *guest, virDomainInfo *info, GError **error);

/* guest.c: whether that may be a domain that a migration brings, or one that is being started; most
 * questions to such a one are answered when that is over, or with an error after half a minute. */
gboolean mig_domain_may_arrive (int state, int reason);

/* guest.c: whether libvirt's last error says that the statistics of a guest's job are the source's
 * to tell. */
gboolean mig_job_is_elsewhere (void);

/* guest.c: whether it only waits for a migration that goes on; state and reason are libvirt's. */
gboolean mig_domain_is_arriving (virDomainPtr domain, int state, int reason);

MigGuest *mig_guest_new (MigHost *host, virDomainPtr domain /* taken */);

/* host.c: the texts of all nodes of an XPath in the host's capabilities; NULL-ended, never NULL.
 * The caller frees it with g_strfreev(). */
char **mig_host_capability_texts (MigHost *host, const char *xpath);

/* connect.c: a new connection to the host; NULL, also where its daemon does not answer in time
 * (MIG_ERROR_TIMEOUT). Its loss is noticed by whoever uses it. */
virConnectPtr mig_host_connect (const MigHost *host, GError **error);

/* spare.c: mig_host_borrow: a connection that is the caller's alone until it gives it back.
 * mig_domain_on: the same domain by another connection; NULL with libvirt's error. */
virConnectPtr mig_host_borrow (MigHost *host, GError **error);
void mig_host_give_back (MigHost *host, virConnectPtr connection);
void mig_host_close_spares (MigHost *host);
virDomainPtr mig_domain_on (virConnectPtr connection, virDomainPtr domain);

/* stats.c: what the vCPUs that are online have of it ("time", "delay"), added up; missing where one
 * of them does not tell. */
gint64 mig_vcpus_sum (virTypedParameterPtr params, int n, const char *counter);

/* job.c: what libvirt says of a job. */
void mig_job_statistics_read (MigJobStatistics *statistics, virTypedParameterPtr params, int n);

/* mig_virt_error: libvirt's last error of this thread as a GError, behind the formatted text. To be
 * called before any other libvirt call. */
void mig_virt_error (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* mig_virt_unsupported: whether that last error says that the driver has no such thing. */
gboolean mig_virt_unsupported (void);

/* A driver that is newer than these headers knows it, and an older one says that it does not. */
#if LIBVIR_CHECK_VERSION(8, 5, 0)
#define MIG_FLAG_ZERO_COPY VIR_MIGRATE_ZEROCOPY
#else
#define MIG_FLAG_ZERO_COPY (1 << 20)
#endif

/* technique.c: libvirt's flags for a technique; its parameters, FALSE with libvirt's error. */
unsigned int mig_technique_flags (MigTechnique technique);
gboolean mig_technique_add (MigParams *params, int *allocated, const MigMigrateOptions *options);

/* migrate-options.c: all flags and parameters of a migration; FALSE with libvirt's error. */
unsigned int mig_migrate_flags (const MigMigrateOptions *options);
gboolean mig_migrate_add_parameters (MigParams *params, const MigMigrateOptions *options);

/* mig_capabilities_probe: fills host->can. */
void mig_capabilities_probe (MigHost *host);
