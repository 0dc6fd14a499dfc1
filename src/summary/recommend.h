/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "summary/summary.h"

/* mig_recommend: for every set of guests that the study moves in more than one order: the order
 * with the smallest mean total time and the next one, with their paired differences. */
void mig_recommend (MigSummary *summary);
