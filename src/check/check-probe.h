/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"

/* mig_check_addresses: of the study's own guests on hosts of one's own: whether somebody has one of
 * them already. */
void mig_check_addresses (GPtrArray *checks, const MigStudy *study);

/* mig_check_probes: whether the existing guests that clients are to ask answer now. */
void mig_check_probes (GPtrArray *checks, const MigStudy *study);
