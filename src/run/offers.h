/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/runner.h"

/* Which techniques a pair of hosts offers. No call of libvirt's tells, so it is tried: a small guest without
 * work migrates by each technique that the study names. */
typedef struct {
  char *why_not[MIG_N_TECHNIQUES]; /* NULL: offered, or not asked for */
} MigOffers;

/* mig_offers_find: tries what the study's variants name, from the first host to the second. Guests that it
 * starts are in an undo journal and gone when it returns. Errors: a guest does not even start. */
gboolean mig_offers_find (const MigStudy *study, const GPtrArray *hosts, MigOffers *offers, GError **error);
void mig_offers_clear (MigOffers *offers);
