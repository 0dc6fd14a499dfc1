/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"

/* Which ways to migrate the study's hosts offer: techniques with their parameters, direct and
 * peer-to-peer, by TLS, and prepared for post-copy at the timeout. No call of libvirt's tells, so
 * it is tried: a small guest without work migrates in each way that the study names. */
typedef struct {
  GPtrArray *ways; /* what was tried, see below */
  char *no_way;    /* why not even plain pre-copy brings a guest from one host to another; NULL: it
                      does, or nothing failed that made it worth a try */
  char *untried;   /* why plain pre-copy could not be tried; NULL: it was, or need not be */
} MigTechniqueSupport;

/* mig_technique_support_find: tries what the study's variants name, between each two hosts that it
 * moves guests between, in the direction that it first does so. Direct pre-copy is what every
 * driver has: it is tried where the way between the hosts is not the lab's own and the study starts
 * guests, and where something else failed, to tell whose fault that was. Guests that it starts are
 * in an undo journal and gone when it returns. Errors: a guest does not even start. */
gboolean mig_technique_support_find (const MigStudy *study, const GPtrArray *hosts,
                                     MigTechniqueSupport *support, GError **error);
void mig_technique_support_clear (MigTechniqueSupport *support);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MigTechniqueSupport, mig_technique_support_clear)

/* mig_technique_support_knows: whether a variant's way was tried; *why_not: NULL where it is
 * offered. */
gboolean mig_technique_support_knows (const MigTechniqueSupport *support, const MigStudy *variant,
                                      const char **why_not);
