/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"

/* mig_check_probes: whether the existing guests that clients are to ask answer now. */
void mig_check_probes (GPtrArray *checks, const MigStudy *study);
