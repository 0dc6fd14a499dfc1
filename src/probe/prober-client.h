/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe/announcement.h"
#include "probe/probe-spec.h"
#include "probe/probe.h"
#include "probe/request.h"

/* Who asks a prober (prober.h): a session with it. For one thread at a time. */
typedef struct _MigProberClient MigProberClient;

/* mig_prober_client_connect: a lab's, by its socket. mig_prober_client_start: one of this process,
 * in a thread of its own. */
MigProberClient *mig_prober_client_connect (const char *path, GError **error);
MigProberClient *mig_prober_client_start (GError **error);
void mig_prober_client_free (MigProberClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MigProberClient, mig_prober_client_free)

/* mig_prober_may_ask: whether this process may send what the method wants. Errors: what would have
 * to be allowed. */
gboolean mig_prober_may_ask (const MigProbeSpec *spec, GError **error);

/* The lines of prober.h. FALSE: the prober has gone. */
gboolean mig_prober_client_add (MigProberClient *client, const char *spec, gint64 period_ns);
gboolean mig_prober_client_streams (MigProberClient *client, guint guest);
gboolean mig_prober_client_go (MigProberClient *client);
/* program: of the load generator, a full path; clients, and how often each asks a second; spec: by
 * HTTP */
gboolean mig_prober_client_load (MigProberClient *client, guint guest, const char *program,
                                 guint clients, guint rate, const char *spec);
gboolean mig_prober_client_forget (MigProberClient *client, gint64 before_ns);
/* *heard_ns: missing: nothing was ever answered */
gboolean mig_prober_client_heard (MigProberClient *client, gint64 *heard_ns);
/* *unheard: guint, those that have not answered yet; emptied before */
gboolean mig_prober_client_unheard (MigProberClient *client, GArray *unheard);

/* What the prober tells. */
typedef struct {
  GArray *probes;      /* MigProbe; of one guest, kind and connection by their numbers */
  GHashTable *limited; /* guest -> text: "3 of 100": it was asked no more, its network limits rates
                        */
  GArray *announcements; /* MigAnnouncement, of whomever: as they came */
  GArray *requests;      /* MigRequest, in the end */
  gint64 cpu_ns;         /* that it has taken */
} MigProberTold;

void mig_prober_told_init (MigProberTold *told);
void mig_prober_told_clear (MigProberTold *told);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MigProberTold, mig_prober_told_clear)

/* mig_prober_client_tell, mig_prober_client_end: into told, which is emptied before. After the end
 * nothing more can be asked. */
gboolean mig_prober_client_tell (MigProberClient *client, MigProberTold *told);
gboolean mig_prober_client_end (MigProberClient *client, MigProberTold *told);
