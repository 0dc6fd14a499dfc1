/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/run-host.h"

/* Which ways to migrate the study's hosts offer: techniques, direct and peer-to-peer. No call of
 * libvirt's tells, so it is tried: a small guest without work migrates in each way that the study
 * names. */
typedef struct {
  char *why_not[MIG_N_TECHNIQUES][2]; /* [1]: peer-to-peer; NULL: offered, or not asked for */
} MigTechniqueSupport;

/* mig_technique_support_find: tries what the study's variants name, between each two hosts that it
 * moves guests between, in the direction that it first does so. Guests that it starts are in an
 * undo journal and gone when it returns. Errors: a guest does not even start. */
gboolean mig_technique_support_find (const MigStudy *study, const GPtrArray *hosts,
                                     MigTechniqueSupport *support, GError **error);
void mig_technique_support_clear (MigTechniqueSupport *support);

/* mig_technique_support_wanted: whether a variant's way has to be tried; direct pre-copy is what
 * every driver has. */
gboolean mig_technique_support_wanted (const MigStudy *variant);
