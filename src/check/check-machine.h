/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"

/* mig_check_machine: what disturbs measurements on this machine, by the files of /proc and /sys
 * below root (""). hosts_here: guests run on it; else only its clock counts. cpu: the one they
 * share, -1: any. */
void mig_check_machine (GPtrArray *checks, const char *root, gboolean hosts_here, int cpu);
