/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/study.h"

/* Where guests are while a case runs, and between which hosts they move. Pure. Hosts go by their
 * names, since every variant of a study has hosts of its own. */

typedef struct {
  const char *from, *to; /* the study's */
} MigRoutePair;

/* mig_route_pairs: all pairs of hosts that guests move between, in the order in which the cases do
 * so: GArray of MigRoutePair, each once; a guest that moves twice leaves from where the first move
 * has brought it. only: of that variant's cases; NULL: of all. The caller frees it with
 * g_array_unref(). */
GArray *mig_route_pairs (const MigStudy *study, const MigStudy *only);

/* mig_route_brings: whether a case moves the guest of that name to that host. only: as above. */
gboolean mig_route_brings (const MigStudy *study, const MigStudy *only, const char *guest,
                           const char *host);

/* mig_route_visits: whether the guest begins there, or a case moves it there. only: as above. */
gboolean mig_route_visits (const MigStudy *study, const MigStudy *only, const MigStudyGuest *guest,
                           const char *host);

/* What the study does not say of an existing guest. */
typedef struct {
  guint64 memory_bytes;
  const char *host;    /* on which it runs now */
  gboolean huge_pages; /* its memory is in such */
} MigRouteGuest;

/* Which memory is asked for: a host has its huge pages apart from its ordinary memory. */
typedef struct {
  gboolean huge_pages;
  gint64 node; /* bound to that NUMA node of the host; MIG_MISSING_INT: whichever */
} MigRouteMemory;

/* mig_route_memory: that memory of the guests that are on a host at the same time, at most, in that
 * variant's cases, beyond what existing guests hold there now; while a guest moves both hosts hold
 * it. existing: name -> MigRouteGuest; NULL: none, or they do not count. In bytes. */
guint64 mig_route_memory (const MigStudy *study, const MigStudy *variant, const char *host,
                          const MigRouteMemory *which, GHashTable *existing);
